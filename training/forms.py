"""Forms, tables, logs and sentences made of labelled fields: numbers whose kind only their label tells.

Fields that look the same but are nobody's number (orders, invoices, batches) stand among them, unmarked.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from training import names, places, things
from training.corpus import Piece

Maker = Callable[[Random], str]


def _number(*sizes: int, heads: tuple[str, ...] = ("",)) -> Maker:
    return lambda rng: rng.choice(heads) + things.digits(rng, rng.choice(sizes))


def _grouped(make: Maker) -> Maker:
    def grouped(rng: Random) -> str:
        value = make(rng)
        if value.isdigit() and len(value) >= 8 and rng.random() < 0.2:
            return rng.choice(" -").join(value[k : k + 4] for k in range(0, len(value), 4))
        return value

    return grouped


FIELDS: tuple[tuple[str, str, Maker], ...] = (
    (
        "PERSON",
        "姓名 联系人 申请人 当事人 患者 来电人 诉求人 户主 法定代表人 经办人 负责人 监护人 收件人 业主 承租人 房东 投诉人 举报人 医师 签字 学生 家长 name xm 姓　名 本人 称呼 客户姓名 记录人 审核 护士 司机 店主 班主任",
        names.person,
    ),
    ("PERSON", "姓名 英文名 旅客 name Name full_name applicant guest tenant 联系人", names.latin),
    (
        "ADDRESS",
        "地址 住址 家庭住址 现住址 详细地址 诉求地址 户籍地址 联系地址 事发地点 居住地 经营地址 收货地址 addr address 门牌 房屋坐落 工作地点 送达地址",
        places.address,
    ),
    (
        "ORGANIZATION",
        "单位 工作单位 公司名称 企业名称 商户 被投诉单位 学校 就诊医院 供应商 甲方 乙方 开户行 发票抬头 投保公司 店名 承包单位 org company 雇主 所在单位",
        things.organization,
    ),
    (
        "DIAGNOSIS",
        "诊断 初步诊断 入院诊断 临床诊断 病名 疾病 既往史 现患 出院诊断 主要诊断 印象 病情 diagnosis 伤情 死因 结论",
        things.disease,
    ),
    (
        "PHONE_NUMBER",
        "电话 联系电话 手机 手机号 来电 联系方式 tel phone mobile 座机 紧急联系电话 回拨 lxdh 办公电话",
        things.phone,
    ),
    (
        "CN_RESIDENT_ID",
        "身份证 身份证号 身份证号码 公民身份号码 证件号码 证件号 sfzh id_card 户口本身份证号",
        things.resident_id,
    ),
    ("BIRTH_DATE", "出生日期 生日 出生 出生年月 birthday DOB 生于 出生时间", things.birth_date),
    (
        "MEDICAL_RECORD_NO",
        "门诊号 住院号 病案号 病历号 就诊卡号 登记号 急诊号 病历本号 健康档案号 体检号 就诊号 MRN 患者编号 住院编号",
        _grouped(_number(6, 8, 10, 12, heads=("", "", "ZY", "MZ", "E", "B-", "JZ"))),
    ),
    (
        "EMPLOYEE_NO",
        "工号 员工号 坐席 接话员 话务员 警号 员工编号 胸牌号 职工号 emp_no 受理员 客服工号 护士工号",
        _number(3, 4, 5, 6, heads=("", "", "A", "SH-", "L", "GH", "YG", "E")),
    ),
    (
        "STUDENT_NO",
        "学号 学籍号 全国学籍号 考号 student_id 学生编号 学生证号 准考证号",
        _number(6, 8, 10, heads=("20", "20", "S20", "IS", "G3101", "L")),
    ),
    (
        "UTILITY_ACCOUNT_NO",
        "户号 水表户号 电费户号 燃气户号 水费户号 缴费户号 用户号 客户编号 煤气账号 电 供电户号 燃气账号 宽带账号",
        _grouped(_number(7, 8, 10, 12, 13)),
    ),
    (
        "BANK_ACCOUNT",
        "账号 对公账号 开户账号 银行账号 基本户账号 收款账号 公户 维修资金账号 企业账户",
        _grouped(_number(12, 15, 17, 19, heads=("1", "3", "4", "5"))),
    ),
    (
        "BANK_CARD",
        "卡号 银行卡号 银行卡 收款卡号 工资卡 借记卡 建行卡号 信用卡 card",
        _grouped(_number(14, 17, heads=("62",))),
    ),
    ("WECHAT_ID", "微信 微信号 vx VX 加微 wx wechat V信 微 WeChat 客服微信", things.handle),
    ("QQ_NUMBER", "QQ qq QQ号 扣扣 企鹅号 群主qq QQ群主", _number(6, 8, 9, heads=("1", "2", "3", "5", "8"))),
    (
        "USERNAME",
        "用户名 登录名 账号 用户 user username 抖音号 快手号 小红书号 微博 login 操作员账号 uid 网名ID",
        things.handle,
    ),
    (
        "CREDENTIAL",
        "密码 口令 初始密码 登录密码 pwd password passwd token 密钥 secret api_key 门禁密码 查询密码 wifi密码",
        things.secret,
    ),
    (
        "CN_PASSPORT",
        "护照 护照号 护照号码 passport Passport passport_no 护照编号",
        _number(7, 8, heads=("E", "EJ", "G", "PE", "M", "CB", "Z", "A", "SE", "K")),
    ),
    (
        "CN_TRAVEL_PERMIT",
        "港澳通行证 台胞证 回乡证 往来港澳通行证 台湾居民来往大陆通行证 通行证号 来往内地通行证",
        _number(8, heads=("C", "H", "M", "T", "", "CA")),
    ),
    (
        "CN_FOREIGNER_ID",
        "永居证 永久居留身份证 外国人永居证号 永居证号 五星卡号",
        lambda rng: rng.choice(("USA", "JPN", "FRA", "KOR", "DEU", "RUS")) + "3101" + things.digits(rng, 8),
    ),
    (
        "CN_SOCIAL_SECURITY_NO",
        "社保卡号 社保卡 社会保障卡号 社保号 社保编号",
        _number(8, heads=("A", "B", "C")),
    ),
    (
        "CN_MEDICAL_INSURANCE_NO",
        "医保卡号 医保号 医保编号 医保卡 医疗保险号",
        _number(8, 9, 10, heads=("", "A", "M", "Y")),
    ),
    ("CN_RESIDENCE_PERMIT", "居住证号 居住证 居住证编号", things.resident_id),
    (
        "CN_MILITARY_ID",
        "军官证 军官证号 士兵证 文职证",
        lambda rng: rng.choice("军南空海政参武") + "字第" + things.digits(rng, rng.choice((6, 7, 8))) + "号",
    ),
    (
        "CN_USCC",
        "统一社会信用代码 信用代码 税号 uscc 纳税人识别号",
        lambda rng: (
            f"9131{things.digits(rng, 4)}MA1{things.reshaped('K9LX2', rng)}{rng.choice('0123456789XJ')}"
        ),
    ),
    (
        "CN_ORG_CODE",
        "组织机构代码 机构代码",
        lambda rng: f"{things.digits(rng, 8)}-{rng.choice('0123456789X')}",
    ),
    (
        "CN_BUSINESS_REG_NO",
        "注册号 营业执照注册号 工商注册号 执照号",
        lambda rng: "310" + things.digits(rng, 12),
    ),
    (
        "VIN",
        "车架号 VIN 车辆识别代号 车架",
        lambda rng: (
            "L" + "".join(rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=10)) + things.digits(rng, 6)
        ),
    ),
    ("IMEI", "IMEI 手机串号 串号 设备IMEI imei", _number(14, heads=("8",))),
    (
        "MAC_ADDRESS",
        "MAC mac地址 MAC地址 网卡地址",
        lambda rng: ":".join(f"{rng.randrange(256):02X}" for _ in range(6)),
    ),
    (
        "IP_ADDRESS",
        "IP ip IP地址 登录IP 来源IP client",
        lambda rng: (
            f"{rng.choice((10, 172, 192, 58, 101))}.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"
        ),
    ),
    ("EMAIL_ADDRESS", "邮箱 电子邮箱 email E-mail mail 邮件 Email", things.email),
    ("LICENSE_PLATE", "车牌 车牌号 号牌 车号 plate 涉事车辆", things.plate),
    ("POSTAL_CODE", "邮编 邮政编码 zip postcode", _number(4, heads=("20", "10", "51"))),
    (
        "GEO_COORDINATE",
        "坐标 经纬度 定位 location",
        lambda rng: f"121.{things.digits(rng, 6)},31.{things.digits(rng, 6)}",
    ),
    (
        "REAL_ESTATE_NO",
        "房产证号 不动产权证号 产权证号 不动产权证书",
        lambda rng: rng.choice(
            (
                f"沪（20{rng.randint(16, 24)}）{rng.choice('徐浦杨闵宝静')}字不动产权第{things.digits(rng, 6)}号",
                f"沪房地{rng.choice('徐浦杨闵宝静')}字(20{rng.randint(10, 16):02d})第{things.digits(rng, 6)}号",
            )
        ),
    ),
    (
        "COURT_CASE_NO",
        "案号 裁判文书号 执行案号 判决书",
        lambda rng: (
            rng.choice(("（{}）", "({})", "〔{}〕")).format(rng.randint(2010, 2024))
            + f"{rng.choice('沪苏京浙')}{rng.choice(('0', '01', ''))}{rng.randint(100, 120)}{rng.choice(('民初', '执', '刑初', '行初', '民终', '执恢'))}{rng.randint(1, 19999)}号"
        ),
    ),
)
QUASI: tuple[tuple[str, str, Maker], ...] = (
    ("GENDER", "性别 sex", lambda rng: rng.choice("男女")),
    ("AGE", "年龄 age", lambda rng: f"{rng.randint(1, 96)}岁"),
    ("ETHNICITY", "民族", lambda rng: rng.choice(["汉族", "汉", "藏族", "回族", "维吾尔族", "彝族", "苗族", "壮族"])),
    ("OCCUPATION", "职业 职务 岗位 工种", lambda rng: rng.choice(things.JOB)),
    ("EDUCATION", "学历 文化程度", lambda rng: rng.choice(["本科", "大专", "初中", "高中", "硕士", "博士", "小学", "中专"])),
    ("MARITAL_STATUS", "婚姻状况 婚姻", lambda rng: rng.choice(["已婚", "未婚", "离异", "丧偶"])),
    (
        "NATIONALITY",
        "国籍 nationality",
        lambda rng: rng.choice(["日本", "韩国", "美国", "德国", "法国", "俄罗斯", "印度", "英国"]),
    ),
    ("NATIVE_PLACE", "籍贯 原籍", places.region),
    ("BLOOD_TYPE", "血型", lambda rng: rng.choice(["A型", "B型", "O型", "AB型", "O型Rh阴性"])),
    ("POLITICAL_STATUS", "政治面貌", lambda rng: rng.choice(["中共党员", "共青团员", "群众", "民盟盟员"])),
    (
        "MEDICATION",
        "用药 处方 目前用药",
        lambda rng: rng.choice(
            ["阿司匹林100mg qd", "二甲双胍0.5g tid", "氨氯地平", "胰岛素", "奥司他韦", "阿托伐他汀20mg"]
        ),
    ),
    ("INCOME", "月收入 工资 月薪", lambda rng: f"{rng.randint(20, 400) * 50}元"),
)
NOBODYS: tuple[tuple[str, Maker], ...] = (
    (
        "工单编号 订单号 受理编号 流水号 运单号 报修单号 交易单号 单号 编号 办件编号 业务流水 合同编号 发票号码 order_no ticket traceId",
        _number(8, 12, 16, 18, heads=("", "", "GD", "WX", "HB-", "SQ20", "20")),
    ),
    (
        "设备编号 批号 条码 型号 资产编号 版本号 项目编号 文号 标段 房源编号 档案盒号 SN serial 产品批次",
        _number(4, 6, 9, heads=("", "A-", "FT-02-", "TH-", "v2.", "20")),
    ),
    (
        "金额 费用 押金 数量 面积 单价 余额 投资额 价格 罚款",
        lambda rng: f"{rng.randint(1, 99999)}{rng.choice(('元', '万元', '', '.50', '平方米', '件'))}",
    ),
    (
        "日期 受理时间 预约时间 办理日期 登记日期 签订日期 时间 截止日期 date 接诊时间",
        lambda rng: f"20{rng.randint(18, 25)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
    ),
    (
        "类别 类型 标题 事项 状态 渠道 诉求 备注 内容 科室 等级 来源 status",
        lambda rng: rng.choice(
            ["咨询", "投诉", "求助", "噪音扰民", "已办结", "处理中", "电话", "心内科", "一般", "无", "否", "油烟", "漏水", "网站", "消费纠纷", "已退回", "待核实", "正常", "停车难", "内科", "急诊"]
        ),
    ),
    (
        "客服 热线 监督电话 服务热线",
        lambda rng: rng.choice(
            (
                "12345",
                "110",
                "95588",
                "400-820-" + things.digits(rng, 4),
                "12315",
                "962" + things.digits(rng, 3),
            )
        ),
    ),
)


def _drawn(rng: Random) -> tuple[str, Piece]:
    """Return a label and the field's value, marked or not."""
    chance = rng.random()
    if chance < 0.26:
        labels, plain = rng.choice(NOBODYS)
        return rng.choice(labels.split()), Piece(plain(rng))
    if chance < 0.36:
        kind, labels, make = rng.choice(QUASI)
        return rng.choice(labels.split()), Piece(make(rng), (kind,), optional=True)
    weights = [6 if field[0] in ("PERSON", "ADDRESS", "ORGANIZATION", "DIAGNOSIS") else 2 for field in FIELDS]
    kind, labels, make = rng.choices(FIELDS, weights)[0]
    return rng.choice(labels.split()), Piece(make(rng), (kind,))


def form(rng: Random) -> tuple[Piece, ...]:
    """Return a form of two to nine fields in one of the usual layouts."""
    between, after = rng.choice(
        (
            ("：", "\n"),
            ("：", "；"),
            (":", "\n"),
            ("：", "，"),
            ("", "，"),
            ("", " "),
            ("=", "&"),
            (": ", ", "),
            (" | ", "\n"),
            ("：", "　"),
            ("\t", "\n"),
            ('":"', '","'),
            ("=", " "),
            ("】", "\n"),
            (" ", "\n"),
            ("是", "，"),
            ("为", "，"),
            ("(", ")、"),
            (" ", "  "),
        )
    )
    pieces: list[Piece] = []
    for row in range(rng.randint(2, 9)):
        label, value = _drawn(rng)
        lead = f"{row + 1}." if between == "：" and after == "\n" and rng.random() < 0.2 else ""
        pieces += [Piece(lead + ("【" if between == "】" else "") + label + between), value, Piece(after)]
    return tuple(pieces[:-1] if rng.random() < 0.8 else pieces)


def table(rng: Random) -> tuple[Piece, ...]:
    """Return a small table: a line of labels, then rows."""
    gap = rng.choice((",", "\t", "|", "，", " | ", "  ", "、"))
    fields = rng.sample(FIELDS, rng.randint(2, 4)) + [FIELDS[0]]
    rng.shuffle(fields)
    pieces = [Piece(gap.join(rng.choice(labels.split()) for _, labels, _ in fields) + "\n")]
    for _ in range(rng.randint(1, 4)):
        for place, (kind, _, make) in enumerate(fields):
            pieces += [Piece(make(rng), (kind,)), Piece(gap if place < len(fields) - 1 else "\n")]
    return tuple(pieces)


LINKS = (
    "他的{}是",
    "{}为",
    "报的{}",
    "我的{}：",
    "登记的{}是",
    "{}",
    "{}：",
    "{}写的是",
    "附{}",
    "她说{}是",
    "（{}",
    "核对{}",
    "请记一下{}",
    "现{}",
    "原{}",
    "对方{}",
)
TAILS = (
    "。",
    "，请核实。",
    "，麻烦查一下。",
    "，已登记。",
    "，有误请联系。",
    "）已核对。",
    "，谢谢！",
    "，别外传。",
    "",
    "，和系统里的不一致。",
    "，打不通。",
    "对不上。",
    "，没有反应。",
)


def sentence(rng: Random) -> tuple[Piece, ...]:
    """Return a sentence with one or two labelled fields."""
    pieces: list[Piece] = []
    if rng.random() < 0.6:
        pieces += [
            Piece(names.person(rng), ("PERSON",)),
            Piece(rng.choice(("，", "来电，", "说", "反映", "（", "，", "的", ""))),
        ]
    for _ in range(rng.choice((1, 1, 2))):
        label, value = _drawn(rng)
        pieces += [Piece(rng.choice(LINKS).format(label)), value, Piece(rng.choice(("，", "，", "；")))]
    pieces[-1] = Piece(rng.choice(TAILS))
    return tuple(piece for piece in pieces if piece.surface)
