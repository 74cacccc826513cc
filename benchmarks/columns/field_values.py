"""Values of the field sets: written apart from hushu's rules and from the other generator, by hand."""

from __future__ import annotations

import datetime
import random
import string
import uuid

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂子涵梓轩浩然雨欣怡诗琪宇航俊熙嘉思远晓东建国志华文博玉兰春梅海燕国庆红卫凤英金花永福德胜家豪佳慧美玲婷婷鹏飞振宇瑞雪晨曦若曦一诺沐宸奕辰"
DOUBLE = ["欧阳", "上官", "司马", "诸葛", "皇甫", "尉迟", "夏侯"]
MINORITY = [
    "阿依古丽·买买提",
    "艾力·吾斯曼",
    "古丽娜尔·托合提",
    "扎西顿珠",
    "次仁卓玛",
    "巴特尔",
    "乌云其木格",
    "洛桑旺堆",
    "买买提江·阿不都",
    "热依汗·玉素甫",
]
FOREIGN = [
    "John Smith",
    "Maria Garcia",
    "TANAKA YUKI",
    "Kim Min-jun",
    "Oleg Petrov",
    "Nguyen Van An",
    "Sarah O'Connor",
    "MULLER HANS",
]
PLACES = [
    ("浙江省", "杭州市", "西湖区", "330106"), ("浙江省", "宁波市", "鄞州区", "330212"), ("江苏省", "苏州市", "昆山市", "320583"),
    ("江苏省", "南京市", "鼓楼区", "320106"), ("广东省", "深圳市", "南山区", "440305"), ("广东省", "佛山市", "顺德区", "440606"),
    ("四川省", "成都市", "武侯区", "510107"), ("四川省", "绵阳市", "涪城区", "510703"), ("湖北省", "武汉市", "洪山区", "420111"),
    ("湖南省", "长沙市", "岳麓区", "430104"), ("河南省", "郑州市", "金水区", "410105"), ("河南省", "洛阳市", "洛龙区", "410311"),
    ("山东省", "青岛市", "市南区", "370202"), ("山东省", "济南市", "历下区", "370102"), ("陕西省", "西安市", "雁塔区", "610113"),
    ("辽宁省", "沈阳市", "和平区", "210102"), ("福建省", "厦门市", "思明区", "350203"), ("安徽省", "合肥市", "蜀山区", "340104"),
    ("河北省", "石家庄市", "裕华区", "130108"), ("贵州省", "贵阳市", "云岩区", "520103"), ("云南省", "昆明市", "五华区", "530102"),
    ("江西省", "南昌市", "东湖区", "360102"), ("甘肃省", "兰州市", "城关区", "620102"), ("黑龙江省", "哈尔滨市", "南岗区", "230103"),
    ("吉林省", "长春市", "朝阳区", "220104"), ("山西省", "太原市", "小店区", "140105"), ("广西壮族自治区", "南宁市", "青秀区", "450103"),
    ("新疆维吾尔自治区", "乌鲁木齐市", "天山区", "650102"), ("内蒙古自治区", "呼和浩特市", "赛罕区", "150105"), ("海南省", "海口市", "龙华区", "460106"),
]  # fmt: skip
TOWNS = [
    "文新街道",
    "三里亭街道",
    "玉山镇",
    "桃源街道",
    "大良街道",
    "浆洗街街道",
    "关山街道",
    "望岳街道",
    "经八路街道",
    "青龙镇",
    "临江乡",
    "白马镇",
    "长安街道",
    "永和镇",
]
VILLAGES = [
    "翠苑社区",
    "东风村",
    "前进社区",
    "红旗村",
    "石桥村",
    "梅园社区",
    "朝阳社区居委会",
    "双河村村委会",
    "大李庄村",
    "滨河社区",
]
ROADS = [
    "文三路",
    "中山北路",
    "人民路",
    "解放大道",
    "建设南街",
    "天府大道",
    "学院路",
    "滨江东路",
    "幸福巷",
    "长安街",
    "科技园路",
    "和平西路",
    "珠江路",
    "迎宾大道",
]
ESTATES = [
    "金色家园",
    "翡翠城",
    "阳光花园",
    "万科城市花园",
    "绿地国际花都",
    "保利香槟",
    "锦绣华庭",
    "学府名苑",
]
TRADE = [
    "信息技术",
    "建筑工程",
    "生物医药",
    "物流",
    "餐饮管理",
    "机械制造",
    "新能源",
    "文化传媒",
    "电子商务",
    "农业开发",
    "环保科技",
    "纺织",
    "食品",
    "汽车销售服务",
]
BRAND = [
    "恒信",
    "华泰",
    "中达",
    "鑫源",
    "博雅",
    "天成",
    "瑞丰",
    "盛世",
    "远航",
    "联创",
    "金桥",
    "宏图",
    "四海",
    "嘉禾",
    "众合",
    "蓝海",
]
PUBLIC = [
    "人民医院",
    "中医院",
    "教育局",
    "民政局",
    "公安局",
    "市场监督管理局",
    "税务局",
    "第一中学",
    "实验小学",
    "疾病预防控制中心",
    "人力资源和社会保障局",
    "图书馆",
    "妇幼保健院",
    "住房和城乡建设局",
]
DISEASES = [
    "高血压病2级",
    "2型糖尿病",
    "急性上呼吸道感染",
    "冠状动脉粥样硬化性心脏病",
    "慢性胃炎",
    "腰椎间盘突出症",
    "脑梗死",
    "肺部感染",
    "支气管哮喘",
    "急性阑尾炎",
    "抑郁症",
    "慢性肾功能不全",
    "乙型病毒性肝炎",
    "甲状腺结节",
    "右侧桡骨远端骨折",
    "子宫肌瘤",
    "肺结核",
    "胆囊结石伴胆囊炎",
    "缺铁性贫血",
    "带状疱疹",
]
ICD = [
    "I10.x00",
    "E11.900",
    "J06.900",
    "I25.103",
    "K29.500",
    "M51.202",
    "I63.900",
    "J18.900",
    "J45.900",
    "K35.800",
    "F32.900",
    "N18.900",
    "B18.100",
    "E04.101",
    "S52.501",
    "D25.900",
]
DRUGS = [
    "阿莫西林胶囊",
    "硝苯地平控释片",
    "盐酸二甲双胍片",
    "阿托伐他汀钙片",
    "布洛芬缓释胶囊",
    "奥美拉唑肠溶胶囊",
    "头孢克肟分散片",
    "阿司匹林肠溶片",
    "氯雷他定片",
    "胰岛素注射液",
    "蒲地蓝消炎口服液",
    "连花清瘟胶囊",
    "左氧氟沙星片",
    "缬沙坦胶囊",
]
JOBS = [
    "教师",
    "工程师",
    "会计",
    "司机",
    "个体工商户",
    "公务员",
    "护士",
    "程序员",
    "保安",
    "销售经理",
    "农民",
    "退休",
    "医生",
    "厨师",
    "电工",
    "律师",
    "学生",
    "自由职业",
    "车间主任",
    "行政助理",
]
TITLES = [
    "高级工程师",
    "讲师",
    "副教授",
    "主治医师",
    "主管护师",
    "一级教师",
    "助理研究员",
    "正高级",
    "中级会计师",
]
POSTS = [
    "局长",
    "科员",
    "副主任",
    "处长",
    "一级主任科员",
    "办公室主任",
    "党委书记",
    "四级调研员",
    "部门经理",
    "副科长",
]
ETHNIC = ["汉族", "回族", "壮族", "维吾尔族", "藏族", "苗族", "满族", "蒙古族", "土家族", "彝族"]
DISHES = [
    "宫保鸡丁",
    "麻婆豆腐",
    "东坡肉",
    "西湖醋鱼",
    "鱼香肉丝",
    "白切鸡",
    "水煮牛肉",
    "清蒸鲈鱼",
    "扬州炒饭",
    "番茄炒蛋",
    "小笼包",
    "兰州拉面",
]
PRODUCTS = [
    "华为Mate60 12+512G 雅丹黑",
    "晨光中性笔0.5mm",
    "海尔BCD-520冰箱",
    "得力A4复印纸70g",
    "联想ThinkPad E14",
    "金龙鱼调和油5L",
    "蒙牛纯牛奶250ml*16",
    "M6内六角螺栓",
    "304不锈钢管DN50",
    "公牛插座GN-403",
]
PROJECTS = [
    "滨江路道路提升改造工程",
    "智慧社区二期建设项目",
    "老旧小区加装电梯项目",
    "第三污水处理厂扩建",
    "张家港湾生态修复工程",
    "王府井地下管廊",
    "李家沟水库除险加固",
    "高标准农田建设2023年度",
]
WARDS = [
    "心血管内科",
    "骨科",
    "儿科",
    "急诊科",
    "妇产科",
    "神经外科",
    "呼吸与危重症医学科",
    "检验科",
    "康复医学科",
]
SENTENCES = [
    "{n}于{d}到窗口办理业务，联系电话{p}，材料齐全已受理。", "来电人反映{a}附近夜间施工噪音扰民，要求尽快处理。", "经核查，情况属实，已责令整改，当事人{n}无异议。",
    "家属陈述患者3天前无明显诱因出现发热，最高39.1℃，伴咳嗽咳痰。", "该户因病致贫，家中有两名老人需要照顾，建议纳入低保。", "已电话回访，群众对处理结果表示满意。",
    "设备运行正常，巡检时发现3号泵有异响，已报修。", "请于本周五前补齐身份证复印件及收入证明，逾期不予受理。", "学生{n}在校表现良好，学习刻苦，但数学成绩有待提高。", "车辆停放在小区东门消防通道，影响通行，已通知车主{p}挪车。",
]  # fmt: skip
COURTS = ["浙0106", "苏0583", "粤0305", "川0107", "京0105", "沪0115", "鄂0111", "鲁0202"]


def check17(body: str) -> str:
    """Return an 18-digit number from 17 digits (GB 11643)."""
    total = sum(int(c) * (2 ** (17 - i) % 11) for i, c in enumerate(body))
    return body + "10X98765432"[total % 11]


def luhn(body: str) -> str:
    """Return the digits with a Luhn check digit."""
    total = 0
    for i, c in enumerate(reversed(body)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return body + str(-total % 10)


def uscc(rng: random.Random) -> str:
    """Return a unified social credit code (GB 32100)."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    kind = rng.choice(["91", "91", "91", "92", "11", "12", "52"])
    body = kind + rng.choice(PLACES)[3] + org_code(rng).replace("-", "")
    total = sum(signs.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + signs[-total % 31]


def org_code(rng: random.Random) -> str:
    """Return an organisation code (GB 11714)."""
    body = ("M" if rng.random() < 0.6 else "") + ("A" if rng.random() < 0.6 else "")
    body += "".join(rng.choice(string.digits) for _ in range(8 - len(body)))
    signs = string.digits + string.ascii_uppercase
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    c = 11 - sum(signs.index(ch) * w for ch, w in zip(body, weights, strict=True)) % 11
    return f"{body}-{'X' if c == 10 else '0' if c == 11 else c}"


def vin(rng: random.Random) -> str:
    """Return a vehicle identification number with its check digit (GB 16735)."""
    signs = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    head = rng.choice(["LSV", "LFV", "LGX", "LHG", "LBV", "LVS", "LJD"])
    body = head + "".join(rng.choice(signs) for _ in range(5)) + "0"
    body += rng.choice("HJKLMNPR") + rng.choice(signs) + "".join(rng.choice(string.digits) for _ in range(6))
    worth = dict(
        zip(
            "ABCDEFGHJKLMNPRSTUVWXYZ",
            (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
            strict=True,
        )
    )
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    total = sum((worth[c] if c in worth else int(c)) * w for c, w in zip(body, weights, strict=True))
    return body[:8] + "0123456789X"[total % 11] + body[9:]


class FieldValues:
    """Values by the words of a specification; see ``sources/field1.txt``."""

    def __init__(self, rng: random.Random) -> None:
        """Draw from ``rng``."""
        self.rng, self.row = rng, 0

    def of(self, spec: str) -> str:
        """Return one value of a specification such as ``name``, ``e:甲,乙`` or ``p:GD####``."""
        word, _, rest = spec.partition(":")
        return str(getattr(self, f"v_{word}")(*([rest] if rest else [])))

    def pick(self, items: list[str] | str) -> str:
        """Return one of the items."""
        return self.rng.choice(items)

    # generic
    def v_e(self, rest: str) -> str:
        return self.pick(rest.split(","))

    def v_i(self, rest: str) -> int:
        low, high = rest.rsplit("-", 1)
        return self.rng.randint(int(low), int(high))

    def v_f(self, rest: str) -> str:
        span, _, digits = rest.partition(":")
        low, high = span.rsplit("-", 1)
        return f"{self.rng.uniform(float(low), float(high)):.{int(digits or 2)}f}"

    def v_p(self, rest: str) -> str:
        kinds = {
            "#": string.digits,
            "@": "ABCDEFGHJKLMNPQRSTUVWXYZ",
            "%": "0123456789abcdef",
            "&": string.ascii_lowercase,
            "?": string.digits + string.ascii_uppercase,
        }
        return "".join(self.pick(kinds[c]) if c in kinds else c for c in rest)

    def v_t(self, rest: str) -> str:
        out, tail = "", rest
        while "{" in tail:
            head, _, tail = tail.partition("{")
            word, _, tail = tail.partition("}")
            out += head + self.of(word)
        return (out + tail).replace("«", "{").replace("»", "}")

    def v_seq(self, rest: str = "1") -> str:
        head = rest.rstrip(string.digits)
        return (
            f"{head}{int(rest[len(head) :]) + self.row}".rjust(len(rest), "0")
            if not head
            else f"{head}{int(rest[len(head) :]) + self.row:0{len(rest) - len(head)}d}"
        )

    def v_uuid(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def v_ts13(self) -> int:
        return self.rng.randint(1600000000000, 1760000000000)

    def v_ts10(self) -> int:
        return self.rng.randint(1600000000, 1760000000)

    def v_hash(self, rest: str = "32") -> str:
        return "".join(self.pick("0123456789abcdef") for _ in range(int(rest)))

    def v_date(self, rest: str = "2018-2024:%Y-%m-%d") -> str:
        years, _, form = rest.partition(":")
        low, high = years.split("-")
        day = datetime.datetime(int(low), 1, 1) + datetime.timedelta(
            seconds=self.rng.randrange((int(high) - int(low) + 1) * 365 * 86400)
        )
        return day.strftime(form or "%Y-%m-%d")

    def v_birth(self, rest: str = "%Y-%m-%d") -> str:
        return self.v_date(f"1940-2015:{rest}")

    def v_dt(self) -> str:
        return self.v_date("2019-2024:%Y-%m-%d %H:%M:%S")

    # people
    def v_name(self) -> str:
        dice = self.rng.random()
        if dice < 0.02:
            return self.pick(MINORITY)
        head = self.pick(DOUBLE) if dice < 0.03 else self.pick(SURNAMES)
        return head + "".join(self.pick(GIVEN) for _ in range(1 if self.rng.random() < 0.25 else 2))

    def v_namef(self) -> str:
        return self.pick(FOREIGN) if self.rng.random() < 0.7 else self.v_name()

    def v_surname(self) -> str:
        return self.pick(SURNAMES) + self.pick(["先生", "女士", "某", "某某", "**"])

    def v_pyname(self) -> str:
        return (
            self.pick(["Wang", "Li", "Zhang", "Liu", "Chen", "Zhao", "Zhou", "Xu"])
            + " "
            + self.pick(["Wei", "Jing", "Xiaoming", "Lihua", "Yang", "Guoqiang", "Meiling"])
        )

    def v_rid(self) -> str:
        return check17(self.pick(PLACES)[3] + self.v_birth("%Y%m%d") + f"{self.rng.randrange(1, 1000):03d}")

    def v_rid15(self) -> str:
        return self.pick(PLACES)[3] + self.v_date("1940-1985:%y%m%d") + f"{self.rng.randrange(1, 1000):03d}"

    def v_ridx(self) -> str:
        return self.v_rid().lower()

    def v_passport(self) -> str:
        return (
            self.pick(["E", "G", "EA", "EB", "EJ", "D"]).ljust(1)
            + "".join(self.pick(string.digits) for _ in range(8))[:8]
        )

    def v_permit(self) -> str:
        return self.pick(["C", "H", "M", "CA"]) + "".join(self.pick(string.digits) for _ in range(8))

    def v_twpermit(self) -> str:
        return "".join(self.pick(string.digits) for _ in range(8))

    def v_foreigner(self) -> str:
        return check17(
            "9"
            + self.pick(["1", "2"])[0]
            + self.pick(PLACES)[3][:2]
            + self.pick(["56", "84", "39"])[:2]
            + self.v_birth("%Y%m%d")
            + f"{self.rng.randrange(1000):03d}"
        )

    def v_officer(self) -> str:
        return (
            self.pick(["军字第", "海字第", "空字第", "士字第", "武字第"])
            + "".join(self.pick(string.digits) for _ in range(7))
            + "号"
        )

    def v_resperm(self) -> str:
        head = self.pick(["810000", "820000", "830000"])
        return check17(head + self.v_birth("%Y%m%d") + f"{self.rng.randrange(1000):03d}")

    def v_phone(self) -> str:
        return (
            "1"
            + self.pick(["38", "39", "58", "77", "86", "35", "59", "33", "89", "99", "50", "73", "98"])
            + "".join(self.pick(string.digits) for _ in range(8))
        )

    def v_tel(self) -> str:
        return (
            self.pick(["0571", "010", "021", "0755", "0512", "028", "0371"])
            + "-"
            + self.pick("2345678")
            + "".join(self.pick(string.digits) for _ in range(7))
        )

    def v_anytel(self) -> str:
        return self.v_phone() if self.rng.random() < 0.6 else self.v_tel()

    def v_email(self) -> str:
        return (
            self.v_user()
            + "@"
            + self.pick(
                ["qq.com", "163.com", "gmail.com", "sina.com.cn", "hz.gov.cn", "126.com", "outlook.com"]
            )
        )

    def v_qq(self) -> int:
        return self.rng.randint(100000, 3999999999)

    def v_wx(self) -> str:
        return self.pick(["wxid_", "zhang", "lili", "sunny_", "hello-", "a", "xiaoyu"]) + "".join(
            self.pick(string.ascii_lowercase + string.digits) for _ in range(8)
        )

    def v_user(self) -> str:
        return self.pick(
            [
                "wangwei",
                "lijing",
                "zhangsan",
                "liuyang",
                "chenjie",
                "admin",
                "zhaolei",
                "huangmin",
                "xuqiang",
                "sunny",
                "tiger",
                "moon",
            ]
        ) + self.pick(["", "01", "88", "_hr", "2019", ".li", str(self.rng.randrange(1000))])

    def v_pw(self) -> str:
        return self.pick(["$2a$10$", ""]) + "".join(
            self.pick(string.ascii_letters + string.digits) for _ in range(22)
        )

    def v_simplepw(self) -> str:
        return self.pick(
            ["abc123456", "P@ssw0rd", "qwerty!1", "Zx12345678", "hello2020", "Admin@123"]
        ) + self.pick(["", "!", "x", "9"])

    def v_region(self) -> str:
        a, b, c, _ = self.rng.choice(PLACES)
        return self.pick([a + b + c, b + c, c])

    def v_prov(self) -> str:
        return self.rng.choice(PLACES)[0]

    def v_city(self) -> str:
        return self.rng.choice(PLACES)[1]

    def v_county(self) -> str:
        return self.rng.choice(PLACES)[2]

    def v_town(self) -> str:
        return self.pick(TOWNS)

    def v_village(self) -> str:
        return self.pick(VILLAGES)

    def v_rcode(self, rest: str = "6") -> str:
        code = self.rng.choice(PLACES)[3]
        return (
            code[: int(rest)]
            if int(rest) <= 6
            else code + f"{self.rng.randrange(1, 30):03d}{self.rng.randrange(1, 40):03d}"[: int(rest) - 6]
        )

    def v_native(self) -> str:
        a, b, _, _ = self.rng.choice(PLACES)
        return a.removesuffix("省")[:3] + b.removesuffix("市")

    def v_addr(self) -> str:
        a, b, c, _ = self.rng.choice(PLACES)
        head = self.pick([a + b + c, b + c, c, a + b + c + self.pick(TOWNS)])
        return head + self.pick(
            [
                f"{self.pick(ROADS)}{self.rng.randrange(1, 900)}号",
                f"{self.pick(ROADS)}{self.rng.randrange(1, 900)}号{self.pick(ESTATES)}{self.rng.randrange(1, 30)}幢{self.rng.randrange(1, 4)}单元{self.rng.randrange(101, 2505)}室",
                f"{self.pick(VILLAGES)[:2]}村{self.rng.randrange(1, 12)}组{self.rng.randrange(1, 200)}号",
                f"{self.pick(ESTATES)}{self.rng.randrange(1, 30)}-{self.rng.randrange(1, 4)}-{self.rng.randrange(101, 2505)}",
            ]
        )

    def v_saddr(self) -> str:
        return f"{self.pick(ESTATES)}{self.rng.randrange(1, 30)}栋{self.rng.randrange(101, 2505)}"

    def v_zip(self) -> str:
        return (
            self.pick(
                ["3100", "3150", "2153", "2100", "5180", "5283", "6100", "4300", "4100", "4500", "2660"]
            )
            + f"{self.rng.randrange(100):02d}"
        )

    def v_lon(self, rest: str = "6") -> str:
        return f"{self.rng.uniform(103, 122):.{rest}f}"

    def v_lat(self, rest: str = "6") -> str:
        return f"{self.rng.uniform(22, 42):.{rest}f}"

    def v_lonlat(self) -> str:
        return f"{self.v_lon()},{self.v_lat()}"

    def v_age(self) -> int:
        return self.rng.randint(1, 92)

    def v_eth(self) -> str:
        return "汉族" if self.rng.random() < 0.7 else self.pick(ETHNIC)

    def v_ethc(self) -> str:
        return "01" if self.rng.random() < 0.7 else f"{self.rng.randrange(1, 57):02d}"

    def v_nat(self) -> str:
        return (
            "中国"
            if self.rng.random() < 0.8
            else self.pick(["美国", "日本", "韩国", "法国", "俄罗斯", "越南"])
        )

    def v_job(self) -> str:
        return self.pick(JOBS)

    def v_title(self) -> str:
        return self.pick(TITLES)

    def v_post(self) -> str:
        return self.pick(POSTS)

    def v_org(self) -> str:
        _, b, c, _ = self.rng.choice(PLACES)
        return self.pick(
            [
                b[:-1] + self.pick(BRAND) + self.pick(TRADE) + "有限公司",
                b
                + self.pick(BRAND)
                + self.pick(TRADE)
                + self.pick(["有限责任公司", "股份有限公司", "厂", "合作社"]),
                c + self.pick(PUBLIC),
                b + self.pick(PUBLIC),
            ]
        )

    def v_firm(self) -> str:
        return (
            self.rng.choice(PLACES)[1]
            + self.pick(BRAND)
            + self.pick(TRADE)
            + self.pick(["有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "分公司"])
        )

    def v_shop(self) -> str:
        return self.pick(["老王", "阿强", "李记", "好又多", "福来", "张姐", "小刘"]) + self.pick(
            ["便利店", "五金店", "面馆", "理发店", "烟酒店", "汽修部"]
        )

    def v_school(self) -> str:
        return self.rng.choice(PLACES)[1] + self.pick(
            ["第一中学", "实验小学", "第二职业技术学校", "大学", "外国语学校", "幼儿园"]
        )

    def v_gov(self) -> str:
        _, b, c, _ = self.rng.choice(PLACES)
        return self.pick([b, c]) + self.pick(
            ["公安局", "民政局", "教育局", "税务局", "市场监督管理局", "卫生健康委员会", "人民法院"]
        )

    def v_ssn(self) -> str:
        return self.pick(["A", "B", "C", "K", "3301"]) + "".join(self.pick(string.digits) for _ in range(8))

    def v_card(self) -> str:
        return luhn(
            self.pick(["622202", "621700", "622848", "621661", "622588", "621483", "622700"])
            + "".join(self.pick(string.digits) for _ in range(12))
        )

    def v_ccard(self) -> str:
        return luhn(
            self.pick(["436742", "625955", "520152", "622235"])
            + "".join(self.pick(string.digits) for _ in range(9))
        )

    def v_acct(self) -> str:
        return self.pick(["3310", "1202", "7510", "4301", "2000"]) + "".join(
            self.pick(string.digits) for _ in range(self.rng.choice([11, 13, 15]))
        )

    def v_disease(self) -> str:
        return self.pick(DISEASES)

    def v_icd(self) -> str:
        return self.pick(ICD)

    def v_drug(self) -> str:
        return self.pick(DRUGS)

    def v_plate(self) -> str:
        head = self.pick("京沪浙苏粤川鄂湘豫鲁陕辽闽皖冀贵云赣甘黑吉晋桂蒙琼新津渝") + self.pick("ABCDEFGHJK")
        if self.rng.random() < 0.2:
            return head + self.pick("DF") + "".join(self.pick(string.digits) for _ in range(5))
        return head + "".join(self.pick("ABCDEFGHJKLMNPQRSTUVWXYZ" + string.digits * 3) for _ in range(5))

    def v_vin(self) -> str:
        return vin(self.rng)

    def v_imei(self) -> str:
        return luhn(self.pick(["86", "35"]) + "".join(self.pick(string.digits) for _ in range(12)))

    def v_mac(self, rest: str = ":") -> str:
        sep = {"_": ""}.get(rest, rest)
        return sep.join(f"{self.rng.randrange(256):02X}" for _ in range(6))

    def v_mac2(self) -> str:
        return self.v_mac(":")

    def v_ip(self) -> str:
        head = self.pick(["10.", "192.168.", "172.16.", "60.12.", "183.129."])
        return head + ".".join(str(self.rng.randrange(1, 255)) for _ in range(4 - head.count(".")))

    def v_ip4(self) -> str:
        return ".".join(str(self.rng.randrange(1, 254)) for _ in range(4))

    def v_ip6(self) -> str:
        return "240e:" + ":".join(f"{self.rng.randrange(65536):x}" for _ in range(7))

    def v_estate(self) -> str:
        a, b, c, _ = self.rng.choice(PLACES)
        return f"浙({self.rng.randrange(2016, 2024)}){c}不动产权第{self.rng.randrange(1, 99999):07d}号"

    def v_unit(self) -> str:
        return (
            self.rng.choice(PLACES)[3]
            + f"{self.rng.randrange(1000000):06d}GB{self.rng.randrange(100000):05d}F{self.rng.randrange(100000000):08d}"
        )

    def v_case(self) -> str:
        return f"（{self.rng.randrange(2015, 2025)}）{self.pick(COURTS)}{self.pick(['民初', '刑初', '执', '行初', '民终', '执恢'])}{self.rng.randrange(1, 9999)}号"

    def v_uscc(self) -> str:
        return uscc(self.rng)

    def v_orgcode(self) -> str:
        return org_code(self.rng)

    def v_biz(self) -> str:
        body = self.rng.choice(PLACES)[3] + "".join(self.pick(string.digits) for _ in range(8))
        p = 10
        for c in body:
            p = ((p + int(c)) % 10 or 10) * 2 % 11
        return body + str((1 - p) % 10)

    def v_text(self) -> str:
        return self.pick(SENTENCES).format(
            n=self.v_name(), d=self.v_date("2020-2024:%m月%d日"), p=self.v_phone(), a=self.v_addr()
        )

    def v_dish(self) -> str:
        return self.pick(DISHES)

    def v_product(self) -> str:
        return self.pick(PRODUCTS)

    def v_project(self) -> str:
        return self.pick(PROJECTS)

    def v_ward(self) -> str:
        return self.pick(WARDS)

    def v_b64(self, rest: str = "120") -> str:
        return (
            "".join(self.pick(string.ascii_letters + string.digits + "+/") for _ in range(int(rest))) + "=="
        )
