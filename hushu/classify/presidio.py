"""hushu inside Presidio and spaCy: an engine, its recognisers, and a pipeline that needs no download."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any

import spacy
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from spacy.language import Language
from spacy.tokens import Doc

from hushu.classify.text import find
from hushu.model import Span
from hushu.rules import vocabulary
from hushu.rules.validators import VALIDATORS

_WORDS = re.compile(r"[A-Za-z]+|[0-9]+|[\u3400-\u9fff]{1,2}|\s+|.", re.S)


class HushuRecognizer(EntityRecognizer):
    """All of hushu's text recognition as one Presidio recogniser.

    Example:
        >>> HushuRecognizer().analyze("电话13800138000", ["PHONE_NUMBER"])[0].start
        2
    """

    def __init__(self, supported_language: str = "zh") -> None:
        super().__init__(
            supported_entities=[name for name in vocabulary.load() if name != "FREE_TEXT"],
            name="HushuRecognizer",
            supported_language=supported_language,
        )

    def load(self) -> None:
        """Nothing to load: the model comes with the package and is read at first use."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return the spans of :func:`hushu.find` as Presidio results."""
        wanted = entities or None
        return [
            RecognizerResult(entity_type=s.type, start=s.start, end=s.end, score=s.score)
            for s in find([text], types=wanted)[0]
        ]


class _ValidatedRecognizer(PatternRecognizer):
    """A pattern recogniser of one type entry, with the entry's own validator."""

    def __init__(self, entry: vocabulary.TypeEntry, language: str) -> None:
        self._validators = {p.name: VALIDATORS.get(p.validator) for p in entry.patterns}
        super().__init__(
            supported_entity=entry.id,
            patterns=[Pattern(p.name, p.regex, p.score) for p in entry.patterns],
            context=list(entry.context or entry.header.words),
            supported_language=language,
            name=f"Hushu{entry.id.title().replace('_', '')}Recognizer",
        )

    def validate_result(self, pattern_text: str) -> bool | None:
        checks = [check for check in self._validators.values() if check is not None]
        return any(check(pattern_text) for check in checks) if checks else None


def recognizers(language: str = "zh") -> list[EntityRecognizer]:
    """Return hushu's recognisers for any ``AnalyzerEngine``.

    The first is the whole of hushu's text recognition; the others are pattern recognisers
    generated from the same type entries that the column scanner uses.

    Args:
        language: the Presidio language code to register them under.

    Example:
        >>> recognizers()[0].name
        'HushuRecognizer'
    """
    generated = [
        _ValidatedRecognizer(entry, language)
        for entry in vocabulary.load().values()
        if any(p.validator for p in entry.patterns)
    ]
    return [HushuRecognizer(language), *generated]


@Language.factory("hushu_entities")
class HushuEntities:
    """spaCy component: sets ``doc.ents`` from :func:`hushu.find`."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one document."""
        spans = (doc.char_span(s.start, s.end, label=s.type, alignment_mode="expand") for s in _found(doc))
        doc.ents = spacy.util.filter_spans([span for span in spans if span is not None])
        return doc


def _found(doc: Doc) -> list[Span]:
    spans: list[Span] | None = doc.user_data.get("hushu_spans")
    return find([doc.text])[0] if spans is None else spans


def pipeline() -> Language:
    """Return a Chinese spaCy pipeline whose tokens are words and whose ``doc.ents`` are hushu's.

    Example:
        >>> [e.label_ for e in pipeline()("电话13800138000").ents]
        ['PHONE_NUMBER']
    """
    nlp = spacy.blank("zh")
    nlp.tokenizer = _entity_tokens(nlp)
    nlp.add_pipe("hushu_entities")
    nlp.max_length = 20_000_000
    return nlp


def _tokens(nlp: Language) -> Any:
    """Cut at words, so that Presidio's context enhancer compares words rather than characters."""

    def cut(text: str) -> Doc:
        words = _words(text)
        return Doc(nlp.vocab, words=words, spaces=[False] * len(words))

    return cut


def _entity_tokens(nlp: Language) -> Any:
    """Cut at words and at the borders of what was found, so that every span is made of whole tokens."""

    def cut(text: str) -> Doc:
        spans = find([text])[0]
        borders = sorted({0, len(text), *(edge for s in spans for edge in (s.start, s.end))})
        words = [word for start, end in pairwise(borders) for word in _words(text[start:end])]
        return Doc(nlp.vocab, words=words, spaces=[False] * len(words), user_data={"hushu_spans": spans})

    return cut


def _words(text: str) -> list[str]:
    known = _context_words()
    return [
        word
        for piece in known.split(text)
        if piece
        for word in ([piece] if known.fullmatch(piece) else _WORDS.findall(piece))
    ]


@lru_cache(maxsize=1)
def _context_words() -> re.Pattern[str]:
    words = {
        word
        for entry in vocabulary.load().values()
        for word in (*entry.context, *entry.header.words)
        if len(word) > 1 and re.fullmatch(r"[\u3400-\u9fff]+", word)
    }
    ordered = sorted(words or {"姓名"}, key=len, reverse=True)
    return re.compile("(" + "|".join(map(re.escape, ordered)) + ")")


class _OfflineNlpEngine(SpacyNlpEngine):
    """Presidio's spaCy engine over pipelines that are built here; nothing is ever downloaded."""

    def __init__(self) -> None:
        super().__init__(
            models=[{"lang_code": "zh", "model_name": "hushu"}, {"lang_code": "en", "model_name": "hushu"}],
            ner_model_configuration=NerModelConfiguration(labels_to_ignore=[]),
        )

    def load(self) -> None:
        nlp = spacy.blank("zh")
        nlp.tokenizer = _tokens(nlp)
        nlp.max_length = 20_000_000
        self.nlp: Any = {"zh": nlp, "en": _english() or spacy.blank("en")}


def _english() -> Language | None:
    """Any installed ``en_core_web_*`` model, else None: English names then rest on hushu's tagger."""
    for size in ("sm", "md", "lg", "trf"):
        name = f"en_core_web_{size}"
        if spacy.util.is_package(name):
            return spacy.load(name)
    return None


def engine() -> AnalyzerEngine:
    """Return a Presidio analyzer with hushu's recognisers for Chinese and English, offline.

    English has Presidio's own pattern recognisers beside hushu's; names in English come from an
    installed ``en_core_web_*`` model where there is one.

    Example:
        >>> engine().analyze("电话13800138000", language="zh")[0].entity_type
        'PHONE_NUMBER'
    """
    nlp_engine = _OfflineNlpEngine()
    nlp_engine.load()
    registry = RecognizerRegistry(
        recognizers=[HushuRecognizer("zh"), HushuRecognizer("en"), *_presidio_english()],
        supported_languages=["zh", "en"],
    )
    return AnalyzerEngine(registry=registry, nlp_engine=nlp_engine, supported_languages=["zh", "en"])


def _presidio_english() -> list[EntityRecognizer]:
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer,
        IbanRecognizer,
        SpacyRecognizer,
        UsSsnRecognizer,
    )

    own: list[EntityRecognizer] = [CreditCardRecognizer(), IbanRecognizer(), UsSsnRecognizer()]
    if _english() is not None:
        own.append(SpacyRecognizer(supported_entities=["PERSON"]))
    return own
