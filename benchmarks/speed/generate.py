"""Write the table on which speed is measured: 1,000,000 rows × 20 columns of synthetic public-sector data.

    python benchmarks/speed/generate.py OUT_DIR [ROWS]

writes ``people.csv`` and ``people.parquet`` (all columns text). Values are synthetic: birth dates are real
dates, but the numbers' bodies are random and belong to nobody.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

BATCH = 100_000
SURNAMES = list("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘")
GIVEN = list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红娥玲芬燕彬雷浩宇欣怡梓涵子轩")
ROADS = [
    "羽山路",
    "番禺路",
    "崮山路",
    "曹杨路",
    "共和新路",
    "延安西路",
    "莘松路",
    "川沙路",
    "南京东路",
    "锦绣路",
]
DISTRICTS = [
    "浦东新区",
    "徐汇区",
    "长宁区",
    "静安区",
    "普陀区",
    "虹口区",
    "杨浦区",
    "闵行区",
    "宝山区",
    "嘉定区",
]
REMARKS = [
    "来电人反映小区{n}号楼电梯多次故障，物业一直没有处理，希望相关部门尽快核实并回复。",
    "经核实，该户{n}人符合条件，已于上月完成登记，材料齐全，暂无其他诉求。",
    "申请人补交材料{n}份，窗口已受理，预计{n}个工作日办结，请留意短信通知。",
    "走访发现楼道堆物，已责令整改，复查时间另行通知，网格员将持续跟进，整改率{n}%。",
    "居民反映夜间施工噪声扰民，城管到场后已停工，后续加强巡查，请物业配合张贴告示。",
]


def main() -> None:
    folder, rows = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(20261121)
    first = batch(random, min(BATCH, rows))
    with (
        pacsv.CSVWriter(folder / "people.csv", first.schema) as text,
        pq.ParquetWriter(folder / "people.parquet", first.schema) as parquet,
    ):
        for start in range(0, rows, BATCH):
            table = batch(random, min(BATCH, rows - start)) if start else first
            text.write_table(table)
            parquet.write_table(table)


def batch(random: np.random.Generator, n: int) -> pa.Table:
    """Return a table of n rows; shares of nulls and of odd forms are those of real exports."""
    pick = lambda words: np.asarray(words, dtype=object)[random.integers(0, len(words), n)]  # noqa: E731
    digits = lambda size: digit_strings(random, n, size)  # noqa: E731
    number = lambda low, high: random.integers(low, high, n)  # noqa: E731
    mobiles = join(pick(["138", "139", "150", "186", "177", "199", "135"]), digits(8))
    dates = np.datetime64("1940-01-01") + number(0, 28_000).astype("timedelta64[D]")
    births = np.datetime_as_string(dates, unit="D").astype(object)
    times = np.datetime_as_string(
        np.datetime64("2023-01-01") + number(0, 80_000_000).astype("timedelta64[s]")
    )
    word = lambda text: np.full(n, text, dtype=object)  # noqa: E731
    count = lambda low, high: number(low, high).astype(str)  # noqa: E731
    house = join(count(1, 2000), word("弄"), count(1, 99), word("号"), count(101, 2404), word("室"))
    columns = {
        "id": count(1, 10**9),
        "xm": join(pick(SURNAMES), pick(GIVEN), pick([*GIVEN, ""])),
        "sfzh": resident_ids(random, births, n),
        "lxdh": np.where(random.random(n) < 0.1, join(word("021-"), digits(8)), mobiles),
        "xb": pick(["男", "女"]),
        "mz": pick(["汉族"] * 20 + ["回族", "满族", "维吾尔族", "壮族"]),
        "csrq": births,
        "dz": join(pick(DISTRICTS), pick(ROADS), house),
        "email": join(pick(["zhang", "li.wei", "wang_"]), digits(4), pick(["@example.com", "@example.org"])),
        "card": join(pick(["622202", "621799", "622848"]), digits(13)),
        "plate": join(pick(list("沪苏浙皖")), pick(list("ABCDEFG")), digits(5)),
        "usccode": join(word("91310000MA"), digits(8)),
        "amount": np.char.mod("%.2f", random.gamma(2, 3000, n)).astype(object),
        "created": times.astype(object),
        "ip": join(count(1, 255), word("."), count(0, 255), word(".12."), count(1, 255)),
        "order_no": join(word("2024"), digits(14)),
        "status": pick(["已办结", "办理中", "退回", "待受理"]),
        "code": join(pick(list("ABCD")), digits(2), word("-"), digits(6)),
        "remark": remarks(random, mobiles, n),
        "vin": join(word("LSVAA4187"), digits(8)),
    }
    nulls = {"email": 0.5, "card": 0.3, "vin": 0.8, "plate": 0.4, "usccode": 0.7}
    return pa.table(
        {
            name: pa.array(
                values, pa.string(), mask=random.random(n) < nulls.get(name, 0.01), from_pandas=False
            )
            for name, values in columns.items()
        }
    )


def join(*parts: np.ndarray) -> np.ndarray:
    total = parts[0].astype(object)
    for part in parts[1:]:
        total = total + part.astype(object)
    return total


def digit_strings(random: np.random.Generator, n: int, size: int) -> np.ndarray:
    codes = random.integers(48, 58, (n, size), dtype=np.uint8)
    return np.frombuffer(codes.tobytes(), dtype=f"S{size}").astype(str).astype(object)


def resident_ids(random: np.random.Generator, births: np.ndarray, n: int) -> np.ndarray:
    weights = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
    areas = np.asarray(["310101", "310104", "320102", "330106", "340104"], dtype=object)
    plain = np.frompyfunc(lambda day: day.replace("-", ""), 1, 1)(births)
    bodies = join(areas[random.integers(0, len(areas), n)], plain, digit_strings(random, n, 3))
    matrix = np.frombuffer("".join(bodies).encode(), dtype=np.uint8).reshape(n, 17).astype(np.int64) - 48
    checks = np.asarray(list("10X98765432"), dtype=object)[(matrix * weights).sum(axis=1) % 11]
    return join(bodies, checks)


def remarks(random: np.random.Generator, mobiles: np.ndarray, n: int) -> np.ndarray:
    templates = np.asarray(REMARKS, dtype=object)[random.integers(0, len(REMARKS), n)]
    counts = random.integers(1, 99, n).astype(str)
    texts = np.frompyfunc(lambda template, count: template.replace("{n}", count), 2, 1)(templates, counts)
    mentioned = join(np.full(n, "联系电话", dtype=object), mobiles, np.full(n, "。", dtype=object))
    return join(texts, np.where(random.random(n) < 0.05, mentioned, ""))


if __name__ == "__main__":
    main()
