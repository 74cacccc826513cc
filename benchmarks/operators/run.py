"""Values per second of the operators, Presidio's beside them, and what masking adds to a streaming copy.

    python -m benchmarks.operators.run [rows]

All values are invented here. Times are the best of three; one process, whatever cores pyarrow takes.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet
from presidio_anonymizer.operators import Hash
from presidio_anonymizer.operators import Mask as PresidioMask

from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.operators import Context, make
from hushu.anonymize.values.ff1 import FF1

KEYS = Keyring(Key(bytes(range(32))))
REPEATS = 3


def context(type_id: str) -> Context:
    return Context(dataset="bench", recipient="bench", type=type_id, column=type_id, keys=KEYS)


def table(rows: int) -> pa.Table:
    """Nine identifying columns and two others."""
    rng = np.random.default_rng(7)

    def number(low: int, high: int) -> list[str]:
        return rng.integers(low, high, rows).astype(str).tolist()

    def pick(words: str) -> np.ndarray:
        return np.array(list(words))[rng.integers(0, len(words), rows)]

    surnames, given = (
        pick("王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林"),
        "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚",
    )
    born = (np.datetime64("1940-01-01") + rng.integers(0, 28000, rows)).astype(str)
    roads = pick("东南西北中")
    return pa.table(
        {
            "PERSON": [a + b + c for a, b, c in zip(surnames, pick(given), pick(given), strict=True)],
            "CN_RESIDENT_ID": [
                f"310101{b.replace('-', '')}{s}{x}"
                for b, s, x in zip(born, number(100, 1000), pick("0123456789X"), strict=True)
            ],
            "PHONE_NUMBER": [f"13{n}" for n in number(100_000_000, 1_000_000_000)],
            "EMAIL_ADDRESS": [f"u{n}@example.com" for n in number(0, 10**8)],
            "BANK_CARD": [f"622202{n}" for n in number(10**12, 10**13)],
            "LICENSE_PLATE": [f"沪A{n}" for n in number(10_000, 100_000)],
            "ADDRESS": [
                f"上海市浦东新区{r}山路{a}号{b}室"
                for r, a, b in zip(roads, number(1, 2000), number(101, 2500), strict=True)
            ],
            "BIRTH_DATE": born.tolist(),
            "CN_PASSPORT": [f"E{n}" for n in number(10**7, 10**8)],
            "amount": rng.integers(0, 10**6, rows),
            "note": pick("甲乙丙丁"),
        }
    )


IDENTIFYING = (
    "PERSON", "CN_RESIDENT_ID", "PHONE_NUMBER", "EMAIL_ADDRESS", "BANK_CARD", "LICENSE_PLATE", "ADDRESS",
    "BIRTH_DATE", "CN_PASSPORT",
)  # fmt: skip


def best(run: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def say(name: str, values: int, seconds: float) -> None:
    print(f"{name:<42}{values / seconds / 1e6:>9.3f} M values/s")


def operators(data: pa.Table) -> None:
    rows = len(data)
    for name in IDENTIFYING:
        column = data[name].combine_chunks()
        for mask in ("mask", "mask_screen"):
            operator = make(mask)
            say(f"{mask} {name}", rows, best(lambda c=column, o=operator, n=name: o(c, context(n))))
    distinct = pa.array(np.arange(13_000_000_000, 13_000_000_000 + rows)).cast(pa.string())
    few = pa.array(13_000_000_000 + np.random.default_rng(1).integers(0, rows // 50, rows)).cast(pa.string())
    for hash_name in ("sha256", "sm3"):
        operator = make("pseudonym", {"hash": hash_name})
        for label, column in (("all distinct", distinct), ("2 % distinct", few)):
            seconds = best(lambda c=column, o=operator: o(c, context("PHONE_NUMBER")))
            say(f"pseudonym {hash_name}, {label}", rows, seconds)
    numbers = np.random.default_rng(2).integers(0, 10**11, rows).astype(np.uint64)
    for cipher in ("aes", "sm4"):
        ff1 = FF1(key=bytes(range(16)), radix=10, length=11, cipher=cipher)
        say(f"FF1 {cipher}, 11 digits", rows, best(lambda f=ff1: f.encrypt_numbers(numbers)))
        operator = make("format_preserving", {"cipher": cipher})
        seconds = best(lambda o=operator: o(data["PHONE_NUMBER"], context("PHONE_NUMBER")))
        say(f"format_preserving {cipher}, telephones", rows, seconds)


def presidio(data: pa.Table) -> None:
    values = data["PHONE_NUMBER"].slice(0, len(data) // 10).to_pylist()
    how = {"masking_char": "*", "chars_to_mask": 4, "from_end": True}
    mask, digest = PresidioMask(), Hash()
    say("presidio Mask.operate", len(values), best(lambda: [mask.operate(v, how) for v in values]))
    salted = {"hash_type": "sha256", "salt": b"0123456789abcdef"}
    say("presidio Hash.operate", len(values), best(lambda: [digest.operate(v, salted) for v in values]))


def masked(batch: pa.RecordBatch, masks: dict[str, object]) -> pa.RecordBatch:
    columns = [
        masks[name](batch.column(name), context(name)) if name in masks else batch.column(name)
        for name in batch.schema.names
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def copies(data: pa.Table, folder: Path) -> None:
    masks = {name: make("mask") for name in IDENTIFYING}
    csv.write_csv(data, folder / "in.csv")
    parquet.write_table(data, folder / "in.parquet")
    types = csv.ConvertOptions(column_types={name: pa.string() for name in IDENTIFYING})
    block = csv.ReadOptions(block_size=8 << 20)

    def copy_csv(change: Callable[[pa.RecordBatch], pa.RecordBatch]) -> None:
        reader = csv.open_csv(folder / "in.csv", read_options=block, convert_options=types)
        with csv.CSVWriter(folder / "out.csv", reader.schema) as writer:
            for batch in reader:
                writer.write(change(batch))

    def copy_parquet(change: Callable[[pa.RecordBatch], pa.RecordBatch]) -> None:
        source = parquet.ParquetFile(folder / "in.parquet")
        with parquet.ParquetWriter(folder / "out.parquet", source.schema_arrow) as writer:
            for batch in source.iter_batches(131_072):
                writer.write_batch(change(batch))

    for kind, copy in (("CSV", copy_csv), ("Parquet", copy_parquet)):
        bare = best(lambda c=copy: c(lambda batch: batch))
        hidden = best(lambda c=copy: c(lambda batch: masked(batch, masks)))
        print(
            f"{kind}: bare copy {bare:.2f} s, nine columns masked {hidden:.2f} s, ratio {hidden / bare:.2f}"
        )


def main() -> None:
    data = table(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    operators(data)
    presidio(data)
    with tempfile.TemporaryDirectory() as folder:
        copies(data, Path(folder))


if __name__ == "__main__":
    main()
