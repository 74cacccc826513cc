"""Values of columns, valid and near-valid, all synthetic. ``pool`` 0 builds, 1 measures: they share no pool."""

from __future__ import annotations

import json
import random
import string
from datetime import date, datetime, timedelta

from hushu.rules.checksums import luhn, mod_11_2, mod_11_10, org_code_check, uscc_check, vin_check

POOLS: dict[str, tuple[list[str], list[str]]] = {
    "surname": (["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗"], ["沈", "韩", "曹", "许", "邓", "萧", "冯", "曾", "程", "蔡", "彭", "潘", "袁", "于", "董", "余", "苏", "叶", "吕", "魏", "蒋", "田", "杜", "丁", "顾", "陆", "戴", "夏", "钟", "汪", "欧阳", "上官", "诸葛", "褚", "贺", "施", "倪"]),
    "given": (["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀英", "桂兰", "建国", "志强", "子涵", "梓轩"], ["晨曦", "若溪", "俊熙", "雨桐", "一鸣", "红梅", "玉珍", "国庆", "海燕", "立新", "鸿飞", "诗涵", "佩琪", "婉清", "德华", "凤英", "宝珠", "长江", "春生", "冬梅", "家豪", "可欣", "乐", "淼", "琛", "彦", "翀", "雯", "恺", "颖", "健", "波", "昊", "薇", "兵", "云", "霞", "佳怡", "文博", "思远"]),
    "road": (["中山路", "人民路", "建设路", "解放大道", "延安西路"], ["江宁路", "凯旋路", "临平北路", "成山路", "莲花南路", "学府街", "滨河东路", "天目山路", "珞喻路", "友谊大街"]),
    "place": (["南京路步行街", "人民广场", "火车站南广场"], ["徐家汇地铁站", "虹桥火车站", "陆家嘴环路丰和路口", "龙阳路站", "万达广场(五角场店)", "第六人民医院门诊", "中环路内圈杨高南路入口", "世博源商场", "莘庄地铁站北广场", "外高桥保税区一号门"]),
    "town": (["花木街道", "陆家嘴街道", "川沙新镇"], ["江桥镇", "莘庄镇", "南翔镇", "彭浦新村街道", "真如镇街道", "泗泾镇", "浦锦街道", "四平路街道", "曲阳路街道"]),
    "region": (["黄浦区", "徐汇区", "长宁区", "静安区"], ["普陀区", "虹口区", "杨浦区", "宝山区", "嘉定区", "金山区", "松江区", "青浦区", "奉贤区", "崇明区", "闵行区", "浦东新区"]),
    "native": (["上海市", "江苏南京", "浙江杭州"], ["安徽合肥", "山东省济南市", "河南郑州", "湖北武汉", "四川成都", "福建省泉州市", "江西南昌", "湖南长沙", "广东梅州", "辽宁大连"]),
    "org": (["上海某某科技有限公司", "市第一人民医院", "教育局"], ["沪东重型机械股份有限公司", "浦江物业管理有限公司", "静安区卫生健康委员会", "申通地铁集团", "松江区城市管理行政执法局", "长三角研究院", "南汇建材经营部", "同济大学", "海派文化传播工作室", "新泾镇人民政府", "华山医院", "崇明绿港专业合作社", "上海银行股份有限公司徐汇支行"]),
    "school": (["市第一中学", "实验小学"], ["格致中学", "向明初级中学", "世外小学", "曹杨二中", "七宝中学", "明珠幼儿园", "建平中学"]),
    "court": (["市中级人民法院"], ["上海市浦东新区人民法院", "上海市第一中级人民法院", "杭州市西湖区人民法院", "苏州市姑苏区人民法院"]),
    "disease": (["高血压", "2型糖尿病", "冠心病", "脑梗死", "无"], ["慢性支气管炎", "腰椎间盘突出症", "原发性高血压3级", "急性阑尾炎", "肺部感染", "甲状腺结节", "类风湿关节炎", "右股骨颈骨折", "抑郁发作", "胆囊结石伴慢性胆囊炎", "慢性肾脏病3期", "房颤", "乳腺恶性肿瘤", "糖尿病"]),
    "drug": (["阿司匹林肠溶片", "二甲双胍片", "硝苯地平控释片"], ["头孢呋辛酯片0.25g", "注射用头孢曲松钠", "瑞舒伐他汀钙片10mg", "阿卡波糖片", "布洛芬缓释胶囊", "甘精胰岛素注射液", "蓝芩口服液", "厄贝沙坦氢氯噻嗪片", "盐酸氨溴索口服溶液", "泮托拉唑钠肠溶胶囊"]),
    "job": (["教师", "医生", "工人", "农民", "个体户"], ["程序员", "快递员", "会计", "公务员", "出租车司机", "厨师", "离退休人员", "销售经理", "护士", "自由职业者", "保洁员", "电焊工", "律师", "学生", "机关干部"]),
    "crime": (["盗窃罪", "诈骗罪", "闯红灯", "超速行驶"], ["故意伤害罪", "危险驾驶罪", "有期徒刑二年，缓刑三年", "开设赌场罪", "行政拘留十日", "帮助信息网络犯罪活动罪", "寻衅滋事罪", "交通肇事罪", "非法吸收公众存款罪"]),
    "credit": (["近两年逾期2次", "无不良记录", "信用良好"], ["被列入失信被执行人名单", "有逾期未还贷款", "限制高消费", "征信正常无逾期", "累计逾期5次", "未列入失信名单"]),
    "dish": (["宫保鸡丁", "番茄炒蛋", "红烧肉"], ["糖醋排骨", "清蒸鲈鱼", "麻婆豆腐", "白灼菜心", "黄焖鸡", "酸辣土豆丝", "鱼香肉丝", "江南小炒", "方糕", "马蹄糕", "高汤娃娃菜", "石锅拌饭", "紫菜蛋花汤"]),
    "project": (["智慧城市一期项目"], ["轨道交通18号线监理服务", "中心小学教学楼修缮工程", "政务云扩容采购", "河道整治二期", "高清监控设备更新", "马桥公园绿化提升", "林荫大道路灯改造"]),
    "device": (["激光打印机", "台式电脑"], ["高速扫描仪", "网络交换机", "视频会议终端", "空调柜机", "投影仪", "防火墙", "金属探测门", "文件柜", "马达"]),
    "venue": (["人民公园", "世纪广场"], ["静安寺商圈", "宜川购物中心", "闵行体育公园", "南站汽车客运站", "东方绿舟", "前滩太古里", "市民服务中心"]),
    "station": (["人民路站"], ["江苏路站", "漕河泾站", "南浦大桥站", "曹杨新村站", "高科中路站", "方浜站", "金沙江路站"]),
    "dept": (["内科", "外科"], ["心内科", "骨科二病区", "呼吸与危重症医学科", "神经外科", "儿科", "急诊科", "妇产科"]),
    "scope": (["技术开发；技术咨询"], ["食品销售；餐饮服务", "建筑材料、五金交电的批发零售", "物业管理，停车场管理", "软件开发；信息系统集成服务"]),
    "class": (["一班", "二班"], ["三(2)班", "初一(5)班", "高二(11)班", "四(1)班", "预备(3)班"]),
    "line": (["1路", "2路"], ["隧道三线", "49路", "沪松线", "轨道交通9号线", "浦江1路"]),
    "industry": (["C39", "I65"], ["F5211", "K7010", "G5431", "A0111", "M7320", "O8029"]),
    "model": (["HP-1020", "DL380"], ["S5720-28X", "KFR-72LW", "BC-2000G", "ThinkCentre-M930", "DS-2CD3T46"]),
}  # fmt: skip
SENTENCES = (
    ["市民来电反映{p}附近夜间施工噪音扰民，多次投诉未解决，希望尽快处理。", "走访了解该户老人独居，身体状况一般，已安排志愿者每周上门探望。", "经核查情况属实，已责令整改，待复查。"],
    ["{n}反映{p}垃圾房异味严重，联系电话{t}，请相关部门核实后回复。", "当事人称其于上月办理的业务至今未收到短信通知，要求说明原因并致歉；已转承办单位。", "今日入户，家中无人，留条待联系。邻居告知其外出务工，预计年底返沪。", "该路段路灯连续三晚不亮，存在安全隐患，请养护单位抓紧修复。", "申请人材料不齐，缺少收入证明与房屋租赁合同，已一次性告知补正。", "孩子上学问题希望得到帮助,本人无固定收入,妻子患病在家休养。"],
)  # fmt: skip
_ID_AREAS = (
    ["310101", "310104", "320102"],
    ["310115", "310112", "341225", "411528", "362331", "110105", "510104", "320982"],
)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class Values:
    """Draws values of one kind; ``pool`` picks the parameters, ``rng`` the values."""

    def __init__(self, pool: int, rng: random.Random) -> None:
        self.pool, self.rng = pool, rng

    def of(self, kind: str) -> str:
        """Return one value."""
        name, _, parameter = kind.partition(":")
        if name == "enum":
            return self.rng.choice(parameter.split(","))
        if name == "serial":
            return self._serial(parameter)
        if name in POOLS:
            return self.pick(name)
        return str(getattr(self, "_" + name)())

    def pick(self, name: str) -> str:
        return self.rng.choice(POOLS[name][self.pool])

    def digits(self, n: int, first: str = string.digits) -> str:
        return self.rng.choice(first) + "".join(self.rng.choices(string.digits, k=n - 1))

    def day(self, low: int, high: int) -> date:
        start = date(low, 1, 1)
        return start + timedelta(days=self.rng.randrange((date(high, 12, 31) - start).days))

    def _name(self) -> str:
        return self.pick("surname") + self.pick("given")

    def _latinname(self) -> str:
        return self.rng.choice(
            [
                "ZHANG WEI",
                "Li Na",
                "SMITH JOHN",
                "Wang Xiaoming",
                "CHEN JIE",
                "Kim Minsu",
                "TANAKA YUKI",
                "Zhou Min",
                "LIU YANG",
                "Garcia Maria",
            ]
        )

    def _rid(self) -> str:
        body = (
            self.rng.choice(_ID_AREAS[self.pool]) + self.day(1940, 2015).strftime("%Y%m%d") + self.digits(3)
        )
        return body + mod_11_2(body)

    def _respermit(self) -> str:
        body = (
            self.rng.choice(["810000", "820000", "830000"])
            + self.day(1950, 2005).strftime("%Y%m%d")
            + self.digits(3)
        )
        return body + mod_11_2(body)

    def _foreigner(self) -> str:
        if self.rng.random() < 0.4:
            return self.rng.choice(["USA", "JPN", "GBR", "KOR"]) + self.digits(12)
        body = (
            "9"
            + self.rng.choice(["31", "11", "44"])
            + self.rng.choice(["840", "392", "410"])
            + self.day(1950, 2000).strftime("%Y%m%d")
            + self.digits(3)
        )
        return body[:17] + mod_11_2(body[:17])

    def _phone(self) -> str:
        number = self.rng.choice(
            [["138", "139", "186"], ["133", "151", "177", "199", "158", "166", "180"]][self.pool]
        ) + self.digits(8)
        if self.pool and self.rng.random() < 0.15:
            return self.rng.choice(
                [
                    f"{number[:3]}-{number[3:7]}-{number[7:]}",
                    f"+86 {number}",
                    f"021-{self.digits(8, '56')}",
                    f"{number[:3]} {number[3:7]} {number[7:]}",
                ]
            )
        return number

    def _landline(self) -> str:
        return (
            self.rng.choice(["021-", "0571-", "025-"])
            + self.digits(8, "568")
            + self.rng.choice(["", "", "-8012"])
        )

    def _email(self) -> str:
        return self._login() + self.rng.choice(["@example.com", "@mail.example.cn", "@qq.example.com"])

    def _login(self) -> str:
        word = "".join(self.rng.choices(string.ascii_lowercase, k=self.rng.randint(4, 9)))
        return word + self.rng.choice(
            ["", "", str(self.rng.randint(1, 2024)), "_" + str(self.rng.randint(1, 99))]
        )

    def _nick(self) -> str:
        return self.rng.choice(
            ["追风少年", "小太阳", "云淡风轻", "Lucky", "阿宝妈妈", "夜空中最亮的星"]
        ) + str(self.rng.randint(1, 999))

    def _wechat(self) -> str:
        return self.rng.choice(
            [
                self._login() + "_wx",
                "wxid_" + "".join(self.rng.choices(string.ascii_lowercase + string.digits, k=14)),
            ]
        )

    def _qq(self) -> str:
        return self.digits(self.rng.randint(6, 10), "123456789")

    def _pwd(self) -> str:
        if self.pool:
            return self.rng.choice(
                ["$2b$12$" + "".join(self.rng.choices(string.ascii_letters + string.digits + "./", k=53))]
            )
        return "".join(self.rng.choices("0123456789abcdef", k=32))

    def _gender_zh(self) -> str:
        return self.rng.choice(["男", "女"])

    def _gender12(self) -> str:
        return self.rng.choice(["1", "2"])

    def _ethnic_zh(self) -> str:
        return self.rng.choice(
            ["汉族"] * 6 + [["回族", "满族"], ["苗族", "维吾尔族", "土家族", "壮族", "朝鲜族"]][self.pool]
        )

    def _ethnic_code(self) -> str:
        return self.rng.choice(["01"] * 6 + ["02", "03", "11", "15"])

    def _marital_zh(self) -> str:
        return self.rng.choice(["未婚", "已婚", "离异" if self.pool else "离婚", "丧偶"])

    def _marital_code(self) -> str:
        return self.rng.choice(["10", "20", "21", "30", "40", "90"])

    def _edu(self) -> str:
        return self.rng.choice(
            [
                ["本科", "大专", "高中"],
                ["大学本科", "硕士研究生", "大学专科", "高中", "初中", "中专", "小学"],
            ][self.pool]
        )

    def _edu_code(self) -> str:
        return self.rng.choice(["10", "20", "30", "61", "71", "81"])

    def _political(self) -> str:
        return self.rng.choice(
            [["党员", "群众"], ["中共党员", "共青团员", "群众", "民盟盟员", "中共预备党员"]][self.pool]
        )

    def _political_code(self) -> str:
        return self.rng.choice(["01", "02", "03", "13"])

    def _religion(self) -> str:
        return self.rng.choice(
            [["佛教", "无"], ["无宗教信仰", "佛教", "基督教", "伊斯兰教", "天主教", "道教"]][self.pool]
        )

    def _family(self) -> str:
        return self.rng.choice(
            [["户主", "配偶", "子"], ["户主", "妻", "长子", "次女", "父亲", "母亲", "儿媳", "孙子"]][
                self.pool
            ]
        )

    def _country(self) -> str:
        return self.rng.choice(
            [["中国", "美国"], ["日本", "韩国", "英国", "德国", "中国", "加拿大", "法国", "越南"]][self.pool]
        )

    def _region_code(self) -> str:
        return self.rng.choice(["310101", "310104", "310115", "310112", "320102"])

    def _zip(self) -> str:
        return self.rng.choice(["2000", "2012", "2016", "1000", "3100"]) + self.digits(2)

    def _birth(self) -> str:
        form = self.rng.choice(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"]) if self.pool else "%Y-%m-%d"
        return self.day(1935, 2016).strftime(form)

    def _age(self) -> str:
        return str(self.rng.randint(1, 95))

    def _address(self) -> str:
        r = self.rng
        road, n = self.pick("road"), r.randint(1, 1999)
        if self.pool:
            return r.choice(
                [
                    f"{self.pick('region')}{road}{n}弄{r.randint(1, 60)}号{r.randint(101, 2404)}室",
                    f"上海市{self.pick('region')}{self.pick('town')}{road}{n}号",
                    f"{road}{n}弄{r.randint(1, 60)}号",
                    f"{self.pick('town')}{r.choice(['前进', '新华', '东风'])}村{r.randint(1, 12)}组{r.randint(1, 99)}号",
                ]
            )
        return f"上海市{self.pick('region')}{road}{n}号{r.randint(1, 20)}幢{r.randint(101, 904)}室"

    def _crossing(self) -> str:
        return f"{self.pick('road')}{self.rng.choice(['与', '/', '近'])}{self.pick('road')}{self.rng.choice(['路口', '交叉口东北角', '东侧30米', ''])}"

    def _lng(self) -> str:
        return f"{self.rng.uniform(120.9, 121.9):.{6 if self.pool else 4}f}"

    def _lat(self) -> str:
        return f"{self.rng.uniform(30.7, 31.6):.{6 if self.pool else 4}f}"

    def _lnglat(self) -> str:
        return f"{self._lng()},{self._lat()}"

    def _card(self) -> str:
        body = self.rng.choice(
            [["622202", "621700"], ["622848", "621661", "623058", "622588"]][self.pool]
        ) + self.digits(self.rng.choice([9, 12]))
        return body + luhn_digit(body)

    def _account(self) -> str:
        return self.rng.choice(["31001", "1001", "0300", "4410"]) + self.digits(self.rng.choice([10, 13, 14]))

    def _uscc(self) -> str:
        body = (
            self.rng.choice(["91", "11", "52", "92"])
            + self.rng.choice(["310115", "310000", "330106"])
            + "".join(self.rng.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=8))
        )
        body += org_code_check(body[8:16])
        return body + uscc_check(body)

    def _orgcode(self) -> str:
        body = "".join(self.rng.choices(string.digits + LETTERS, k=8))
        return body + self.rng.choice(["", "-"]) + org_code_check(body)

    def _bizreg(self) -> str:
        body = self.rng.choice(["310115", "310000", "330106"]) + self.digits(8)
        return body + mod_11_10(body)

    def _plate(self) -> str:
        city = self.rng.choice([["沪A", "沪B"], ["沪C", "苏E", "浙A", "皖S", "粤B", "鲁Q"]][self.pool])
        if self.rng.random() < 0.3:
            return city + "D" + self.digits(5)
        return city + self.rng.choice(LETTERS.replace("O", "")) + self.digits(4)

    def _vin(self) -> str:
        body = (
            "L"
            + "".join(self.rng.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=7))
            + "0"
            + "".join(self.rng.choices("ABCDEFGHJKLMNPRSTVWXY", k=2))
            + self.digits(6)
        )
        return body[:8] + vin_check(body) + body[9:]

    def _imei(self) -> str:
        body = self.rng.choice(["86", "35"]) + self.digits(12)
        return body + luhn_digit(body)

    def _mac(self) -> str:
        sep = self.rng.choice([":", "-"]) if self.pool else ":"
        return sep.join(f"{self.rng.randrange(256):02X}" for _ in range(6))

    def _ip(self) -> str:
        return ".".join(str(self.rng.randrange(1, 255)) for _ in range(4))

    def _passport(self) -> str:
        forms = [
            "E" + self.digits(8),
            "E" + self.rng.choice("ABCDFGHJ") + self.digits(7),
            "G" + self.digits(8),
        ]
        return self.rng.choice(forms if self.pool else forms[:1])

    def _permit(self) -> str:
        return self.rng.choice(
            [
                "C" + self.digits(8),
                "H" + self.digits(8),
                "M" + self.digits(8),
                "C" + self.rng.choice("ABCDEF") + self.digits(7),
            ]
        )

    def _military(self) -> str:
        return (
            self.rng.choice(["军字第", "士字第", "参字第", "沪字第", "空字第"])
            + self.digits(self.rng.choice([7, 8]))
            + "号"
        )

    def _sscard(self) -> str:
        return self.rng.choice([self.digits(9), LETTERS[self.rng.randrange(20)] + self.digits(8)])

    def _ybno(self) -> str:
        return "310" + self.digits(11)

    def _mrn(self) -> str:
        return self.rng.choice(["", "ZY", "M"]) + self.digits(8)

    def _studentg(self) -> str:
        return "G" + self._rid()

    def _empno(self) -> str:
        return self.rng.choice(["", "SH", "W"]) + self.digits(self.rng.choice([4, 5, 6]))

    def _utilno(self) -> str:
        return self.digits(10, "13")

    def _usage(self) -> str:
        return self.rng.choice([str(self.rng.randint(3, 480)), f"{self.rng.uniform(2, 300):.1f}"])

    def _income(self) -> str:
        return str(self.rng.randint(1500, 40000)) if self.pool == 0 else f"{self.rng.randint(900, 26000)}.00"

    def _finance(self) -> str:
        return f"{self.rng.uniform(10000, 90000000):.2f}"

    def _amount(self) -> str:
        return f"{self.rng.uniform(10, 900000):.2f}"

    def _price(self) -> str:
        return f"{self.rng.uniform(0.5, 90):.2f}"

    def _area(self) -> str:
        return f"{self.rng.uniform(20, 300):.2f}"

    def _ratio(self) -> str:
        return f"{self.rng.uniform(0, 40):.1f}%"

    def _count3(self) -> str:
        return str(self.rng.randint(350, 850))

    def _count(self) -> str:
        return str(self.rng.randint(1000, 900000))

    def _score(self) -> str:
        return f"{self.rng.uniform(30, 100):.1f}"

    def _small(self) -> str:
        return str(self.rng.randint(0, 120))

    def _digit(self) -> str:
        return str(self.rng.randint(1, 9))

    def _digit6(self) -> str:
        return self.digits(6)

    def _digit8(self) -> str:
        return self.digits(8)

    def _digit16(self) -> str:
        return self.digits(16, "123456789")

    def _year(self) -> str:
        return str(self.rng.randint(1990, 2025))

    def _yearmonth(self) -> str:
        return f"{self.rng.randint(2018, 2025)}{self.rng.randint(1, 12):02d}"

    def _date(self) -> str:
        return self.day(2012, 2025).strftime("%Y-%m-%d")

    def _datetime(self) -> str:
        at = datetime(2019, 1, 1) + timedelta(seconds=self.rng.randrange(200_000_000))
        return at.strftime("%Y-%m-%d %H:%M:%S")

    def _ts13(self) -> str:
        return str(1_500_000_000_000 + self.rng.randrange(250_000_000_000))

    def _amt11(self) -> str:
        return self.digits(11, "123456789")

    def _orderno(self) -> str:
        return self.day(2019, 2025).strftime("%Y%m%d") + self.digits(self.rng.choice([8, 10, 10]))

    def _orderno17(self) -> str:
        return self.day(2019, 2025).strftime("%Y%m%d") + self.digits(10)

    def _ean(self) -> str:
        return "69" + self.digits(11)

    def _container(self) -> str:
        return "".join(self.rng.choices(LETTERS, k=3)) + "U" + self.digits(7)

    def _version(self) -> str:
        return f"{self.rng.randint(1, 9)}.{self.rng.randint(0, 20)}.{self.rng.randint(0, 99)}"

    def _hms(self) -> str:
        return f"{self.rng.randint(0, 23):02d}:{self.rng.randint(0, 59):02d}:{self.rng.randint(0, 59):02d}"

    def _uuid(self) -> str:
        return "-".join("".join(self.rng.choices("0123456789abcdef", k=n)) for n in (8, 4, 4, 4, 12))

    def _url(self) -> str:
        return f"http://img.example.cn/{self.digits(8)}/{self.digits(6)}.jpg"

    def _sn(self) -> str:
        return "".join(self.rng.choices(LETTERS + string.digits, k=12))

    def _bed(self) -> str:
        return f"{self.rng.randint(1, 60)}床"

    def _room(self) -> str:
        return (
            f"{self.rng.randint(1, 9)}号楼{self.rng.randint(101, 908)}"
            if self.pool == 0
            else f"{self.rng.choice('ABC')}座{self.rng.randint(3, 20)}层"
        )

    def _temp(self) -> str:
        return f"{self.rng.uniform(35.9, 38.9):.1f}"

    def _temp2(self) -> str:
        return f"{self.rng.uniform(-5, 39):.1f}"

    def _pcr(self) -> str:
        return self.rng.choice(["阴性"] * 9 + ["阳性"])

    def _bp(self) -> str:
        return f"{self.rng.randint(95, 180)}/{self.rng.randint(55, 110)}"

    def _glucose(self) -> str:
        return f"{self.rng.uniform(3.9, 12):.1f}"

    def _testres(self) -> str:
        return self.rng.choice(
            [
                "阴性",
                "阳性",
                "弱阳性",
                f"{self.rng.uniform(3, 9):.1f}mmol/L",
                f"{self.rng.randint(3, 12)}.{self.rng.randint(0, 9)} 10^9/L",
            ]
        )

    def _blood(self) -> str:
        return self.rng.choice(["A", "B", "O", "AB"]) + ("型" if self.pool else "")

    def _disability(self) -> str:
        return self.rng.choice(["肢体", "视力", "听力", "智力", "精神"]) + self.rng.choice(
            ["一级", "二级", "三级", "四级"]
        )

    def _hcode(self) -> str:
        return (
            self.rng.choice(["绿码"] * 6 + ["黄码", "红码"])
            if self.pool == 0
            else self.rng.choice(["绿色"] * 6 + ["黄色", "红色"])
        )

    def _bio(self) -> str:
        return "".join(self.rng.choices(string.ascii_letters + string.digits + "+/", k=88)) + "=="

    def _estate(self) -> str:
        r = self.rng
        if r.random() < 0.5:
            return f"沪（{r.randint(2016, 2025)}）{r.choice('浦静闵宝')}字不动产权第{self.digits(6)}号"
        return f"310115{self.digits(6)}GB{self.digits(5)}F{self.digits(8)}"

    def _caseno(self) -> str:
        return f"（{self.rng.randint(2016, 2025)}）沪{self.rng.choice(['0101', '0115', '01'])}{self.rng.choice(['民初', '刑初', '执', '民终'])}{self.rng.randint(1, 9999)}号"

    def _serial(self, prefix: str) -> str:
        return prefix + self.digits(7)

    def _prose(self) -> str:
        text = self.rng.choice(SENTENCES[self.pool])
        return text.format(p=self.pick("place"), n=self._name(), t=self._phone()) + (
            self.rng.choice(["", "请核实。", f"编号{self.digits(4)}。"])
        )


def luhn_digit(body: str) -> str:
    """Return the Luhn digit of a body."""
    return next(d for d in string.digits if luhn(body + d))


def near_miss(kind: str, value: str, rng: random.Random) -> str:
    """Return a value that only looks like one of the kind: a wrong check character, an impossible part."""
    if kind in ("rid", "uscc", "bizreg", "card", "imei"):
        wrong = rng.choice([c for c in string.digits if c != value[-1]])
        return value[:-1] + wrong
    return value


def full_width(text: str) -> str:
    """Return text in full-width characters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def as_json(values: list[str]) -> str:
    """Return values as a JSON array."""
    return json.dumps(values, ensure_ascii=False)
