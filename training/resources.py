"""Prepare the small word lists that ship beside the model, from the gazetteers.

Surnames: wainshine/Chinese-Names-Corpus (Apache-2.0). Divisions: modood/Administrative-divisions-of-China
(WTFPL). Character vocabulary: the single characters known to LAC (Apache-2.0) and those of our own texts.

    python -m training.resources GAZETTEERS_FOLDER
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from training import MODELS, TEXTS, lac

SHORT = re.compile("(特别行政区|自治区|自治州|自治县|新区|地区|街道|省|市|区|县|镇|乡)$")


def surnames(folder: Path) -> list[str]:
    """Read the surnames, most frequent first."""
    import openpyxl

    rows = openpyxl.load_workbook(folder / "family_name_1k.xlsx").active.iter_rows(values_only=True)
    pairs = [(str(name), int(count)) for name, count in rows if count != "TF"]
    return [name for name, count in sorted(pairs, key=lambda pair: (-pair[1], pair[0]))]


def divisions(folder: Path) -> list[str]:
    """Read provinces, cities, counties (full and short) and streets and towns (full only)."""
    out: set[str] = set()
    for level in ("provinces", "cities", "areas", "streets"):
        with (folder / f"{level}.csv").open(encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                name = row["name"]
                if name in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"):
                    continue
                out.add(name)
                short = SHORT.sub("", name)
                if level != "streets" and len(short) >= 2:
                    out.add(short)
    return sorted(name for name in out if 2 <= len(name) <= 6)


def vocabulary(words: list[str]) -> list[str]:
    """Collect the characters that get an embedding row of their own."""
    chars = {word for word in lac.vocabulary() if len(word) == 1}
    for path in sorted(TEXTS.glob("*.txt")):
        chars.update(path.read_text(encoding="utf-8"))
    for word in words:
        chars.update(word)
    return sorted(char for char in chars if char not in "\n\r" and ord(char) < 0x20000 and char.isprintable())


def vocabulary_rows() -> list[str]:
    """Return the characters of embedding rows 2, 3, …, as the package has them."""
    return list((MODELS / "tagger_chars.txt").read_text(encoding="utf-8").replace("\n", ""))


def main() -> None:
    """Write ``surnames.txt``, ``divisions.txt`` and ``tagger_chars.txt`` into the package."""
    folder = Path(sys.argv[1])
    names, places = surnames(folder), divisions(folder)
    (MODELS / "surnames.txt").write_text(" ".join(names) + "\n", encoding="utf-8")
    (MODELS / "divisions.txt").write_text("\n".join(places) + "\n", encoding="utf-8")
    (MODELS / "tagger_chars.txt").write_text("".join(vocabulary(names + places)) + "\n", encoding="utf-8")
    print(len(names), "surnames,", len(places), "divisions")


if __name__ == "__main__":
    main()
