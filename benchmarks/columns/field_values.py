"""Values of the field sets: written apart from hushu's rules and from the other generator, by hand."""

from __future__ import annotations

import datetime
import random
import string
import uuid
from pathlib import Path


def _words() -> dict[str, list[str]]:
    lines = (Path(__file__).parent / "sources" / "field_words.txt").read_text("utf-8").splitlines()
    return {name: words.split("|") for name, words in (x.split("\t") for x in lines if x[0] != "#")}


WORDS = _words()
SURNAMES, GIVEN = WORDS["SURNAMES"][0], WORDS["GIVEN"][0]
BRAND = WORDS["BRAND"]
DISEASES = WORDS["DISEASES"]
DISHES = WORDS["DISHES"]
DOUBLE = WORDS["DOUBLE"]
DRUGS = WORDS["DRUGS"]
ETHNIC = WORDS["ETHNIC"]
FOREIGN = WORDS["FOREIGN"]
ICD = WORDS["ICD"]
JOBS = WORDS["JOBS"]
MINORITY = WORDS["MINORITY"]
POSTS = WORDS["POSTS"]
PRODUCTS = WORDS["PRODUCTS"]
PROJECTS = WORDS["PROJECTS"]
PUBLIC = WORDS["PUBLIC"]
SENTENCES = WORDS["SENTENCES"]
TITLES = WORDS["TITLES"]
TOWNS = WORDS["TOWNS"]
TRADE = WORDS["TRADE"]
VILLAGES = WORDS["VILLAGES"]
WARDS = WORDS["WARDS"]
PLACES = [tuple(place.split(" ")) for place in WORDS["PLACES"]]


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
        head = self.pick(["E", "G", "EA", "EB", "EJ"])
        return head + "".join(self.pick(string.digits) for _ in range(9 - len(head)))

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
                f"{self.pick(WORDS['ROADS'])}{self.rng.randrange(1, 900)}号",
                f"{self.pick(WORDS['ROADS'])}{self.rng.randrange(1, 900)}号{self.pick(WORDS['ESTATES'])}{self.rng.randrange(1, 30)}幢{self.rng.randrange(1, 4)}单元{self.rng.randrange(101, 2505)}室",
                f"{self.pick(WORDS['VILLAGES'])[:2]}村{self.rng.randrange(1, 12)}组{self.rng.randrange(1, 200)}号",
                f"{self.pick(WORDS['ESTATES'])}{self.rng.randrange(1, 30)}-{self.rng.randrange(1, 4)}-{self.rng.randrange(101, 2505)}",
            ]
        )

    def v_saddr(self) -> str:
        return f"{self.pick(WORDS['ESTATES'])}{self.rng.randrange(1, 30)}栋{self.rng.randrange(101, 2505)}"

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
        _, _, c, _ = self.rng.choice(PLACES)
        return f"浙({self.rng.randrange(2016, 2024)}){c}不动产权第{self.rng.randrange(1, 99999):07d}号"

    def v_unit(self) -> str:
        return (
            self.rng.choice(PLACES)[3]
            + f"{self.rng.randrange(1000000):06d}GB{self.rng.randrange(100000):05d}F{self.rng.randrange(100000000):08d}"
        )

    def v_case(self) -> str:
        return f"（{self.rng.randrange(2015, 2025)}）{self.pick(WORDS['COURTS'])}{self.pick(['民初', '刑初', '执', '行初', '民终', '执恢'])}{self.rng.randrange(1, 9999)}号"

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
