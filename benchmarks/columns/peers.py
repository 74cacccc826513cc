"""Peers on the same tables. Run by a Python that has them: tables as JSON on stdin, verdicts as JSON on stdout.

None of them knows tables without help: a value-only peer names a column by the majority of its first
:data:`ROWS` non-null values, presidio-structured by its own rule. Entity names are mapped to hushu's where
they mean the same.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

ROWS = 10
MAPPED = {
    "CREDIT_CARD": "BANK_CARD", "LOCATION": "ADDRESS", "ORGANIZATION": "ORGANIZATION", "DATE_TIME": "BIRTH_DATE", "NRP": "NATIONALITY",
    "PERSON": "PERSON", "PHONE_NUMBER": "PHONE_NUMBER", "EMAIL_ADDRESS": "EMAIL_ADDRESS", "IP_ADDRESS": "IP_ADDRESS", "MAC_ADDRESS": "MAC_ADDRESS",
}  # fmt: skip
PLAIN = {
    "CN_RESIDENT_ID": r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]",
    "PHONE_NUMBER": r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}",
    "EMAIL_ADDRESS": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "IP_ADDRESS": r"(?:\d{1,3}\.){3}\d{1,3}",
    "MAC_ADDRESS": r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}",
    "LICENSE_PLATE": r"[\u4e00-\u9fa5][A-Z][A-Z0-9]{5,6}",
    "CN_USCC": r"[0-9A-HJ-NPQRTUWXY]{18}",
    "BANK_CARD": r"\d{16,19}",
    "VIN": r"[A-HJ-NPR-Z0-9]{17}",
    "CN_PASSPORT": r"[EG][A-Z]?\d{7,8}",
    "GENDER": r"[男女]",
    "ETHNICITY": r"[\u4e00-\u9fa5]{1,4}族",
    "PERSON": r"[\u4e00-\u9fa5]{2,3}",
    "BIRTH_DATE": r"(?:19|20)\d{2}[-/]?\d{2}[-/]?\d{2}",
    "ADDRESS": r".*[路街弄村].*\d+号.*",
    "ORGANIZATION": r".*(?:公司|局|医院|学校|委员会)",
}
WORDS = {
    "身份证": "CN_RESIDENT_ID", "姓名": "PERSON", "电话": "PHONE_NUMBER", "手机": "PHONE_NUMBER", "邮箱": "EMAIL_ADDRESS", "地址": "ADDRESS",
    "住址": "ADDRESS", "性别": "GENDER", "民族": "ETHNICITY", "出生": "BIRTH_DATE", "年龄": "AGE", "name": "PERSON", "phone": "PHONE_NUMBER",
    "mobile": "PHONE_NUMBER", "email": "EMAIL_ADDRESS", "address": "ADDRESS", "idcard": "CN_RESIDENT_ID", "id_card": "CN_RESIDENT_ID",
    "gender": "GENDER", "sex": "GENDER", "birth": "BIRTH_DATE", "age": "AGE", "password": "CREDENTIAL", "bank": "BANK_CARD", "车牌": "LICENSE_PLATE",
    "护照": "CN_PASSPORT", "银行卡": "BANK_CARD", "信用代码": "CN_USCC", "企业名称": "ORGANIZATION", "诊断": "DIAGNOSIS", "婚姻": "MARITAL_STATUS",
    "学历": "EDUCATION", "职业": "OCCUPATION", "密码": "CREDENTIAL", "收入": "INCOME", "备注": "FREE_TEXT",
}  # fmt: skip
Table = dict[str, Any]


def majority(table: Table, typed: Callable[[str], str | None]) -> list[str | None]:
    """Return for each column the type of most of its first values, when it is more than half of them."""
    verdicts: list[str | None] = []
    for values in table["values"]:
        seen = [v for v in values if v][:ROWS]
        counts = Counter(t for t in map(typed, seen) if t)
        best = counts.most_common(1)
        verdicts.append(best[0][0] if best and best[0][1] > len(seen) / 2 else None)
    return verdicts


def plain_regex(tables: Sequence[Table]) -> list[list[str | None]]:
    """A regular expression for each type, and substrings of headers."""
    forms = {t: re.compile(p) for t, p in PLAIN.items()}

    def verdict(table: Table) -> list[str | None]:
        by_value = majority(
            table, lambda v: next((t for t, form in forms.items() if form.fullmatch(v)), None)
        )
        by_header = [
            next((t for word, t in WORDS.items() if word in h.lower()), None) for h in table["headers"]
        ]
        return [h or v for h, v in zip(by_header, by_value, strict=True)]

    return [verdict(t) for t in tables]


def _presidio() -> Any:
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):  # no model can be downloaded: pattern recognisers only
        def __init__(self) -> None:
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}

    return AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])


def presidio_analyzer(tables: Sequence[Table]) -> list[list[str | None]]:
    """presidio-analyzer with its stock recognisers, its best entity of each value."""
    engine = _presidio()

    def typed(value: str) -> str | None:
        found = engine.analyze(value, language="en")
        return MAPPED.get(max(found, key=lambda r: r.score).entity_type) if found else None

    return [majority(t, typed) for t in tables]


def presidio_structured(tables: Sequence[Table]) -> list[list[str | None]]:
    """presidio-structured's own column analysis."""
    import pandas
    from presidio_structured import PandasAnalysisBuilder

    builder, out = PandasAnalysisBuilder(analyzer=_presidio()), []
    for table in tables:
        rows = [[v or "" for v in values[:ROWS]] for values in table["values"]]
        frame = pandas.DataFrame({str(i): values for i, values in enumerate(rows)})
        found = builder.generate_analysis(frame, language="en").entity_mapping if len(frame) else {}
        out.append([MAPPED.get(found.get(str(i), "")) for i in range(len(rows))])
    return out


def jionlp(tables: Sequence[Table]) -> list[list[str | None]]:
    """jionlp's extractors on each value."""
    import jionlp as jio

    tests = {
        "CN_RESIDENT_ID": jio.extract_id_card, "EMAIL_ADDRESS": jio.extract_email, "IP_ADDRESS": jio.extract_ip_address,
        "LICENSE_PLATE": jio.extract_motor_vehicle_licence_plate, "PHONE_NUMBER": jio.extract_phone_number,
    }  # fmt: skip
    return [
        majority(t, lambda v: next((name for name, test in tests.items() if test(v)), None)) for t in tables
    ]


PEERS = {f.__name__: f for f in (plain_regex, presidio_analyzer, presidio_structured, jionlp)}

if __name__ == "__main__":
    wanted = PEERS[sys.argv[1]]
    answer = sys.stdout
    sys.stdout = sys.stderr  # libraries greet on import
    print(json.dumps(wanted(json.load(sys.stdin))), file=answer)
