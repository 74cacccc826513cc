"""Text without its personal data: masked, replaced, removed, or under a keyed pseudonym."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from hushu.anonymize.tokens import Scope, token
from hushu.classify.aliases import aliases
from hushu.classify.resolve import resolve
from hushu.classify.text import find
from hushu.errors import ConfigError, KeyMaterialError
from hushu.model import Span
from hushu.rules import vocabulary

OperatorName = Literal["mask", "replace", "pseudonym", "remove"]
OPERATORS: tuple[str, ...] = ("mask", "replace", "pseudonym", "remove")
_ROUNDS = 4
_LEAST_DIGITS = 6

Replacement = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text after redaction.

    ``spans`` tell what was taken out, in offsets of the original text.
    """

    text: str
    spans: tuple[Span, ...] = field(default=())


def redact(
    texts: str | Sequence[str],
    *,
    operator: OperatorName = "mask",
    key: Any = None,
    dataset: str = "text",
    recipient: str = "unnamed",
    lang: str = "en",
    known: Sequence[tuple[str, str]] = (),
) -> Any:
    """Return the text, or each of the texts, without its personal data.

    Args:
        texts: one text or n texts.
        operator: ``mask`` (each letter and digit becomes ``*``), ``replace`` (``<PERSON>``, in
            Chinese 「姓名」), ``remove``, or ``pseudonym`` (a keyed token: the same person has the
            same token in tables and texts of one data set and recipient).
        key: a :class:`hushu.anonymize.keys.Key`, key ring or key file; needed for ``pseudonym``.
        dataset: what the tokens belong to.
        recipient: whom they are for.
        lang: language of the labels of ``replace``.
        known: (type, value) pairs that are looked for as well: the identifiers of the same record.

    Returns:
        A :class:`Redacted` for one text, a list of n for n texts.

    Raises:
        ConfigError: HS-E137, an unknown operator.
        KeyMaterialError: HS-E401, ``pseudonym`` without a key.

    Example:
        >>> redact("电话13800138000").text
        '电话***********'
    """
    batch = [texts] if isinstance(texts, str) else list(texts)
    replacement = _replacement(operator, key, dataset, recipient, lang)
    redacted = _redacted(batch, [known] * len(batch), replacement)
    return redacted[0] if isinstance(texts, str) else redacted


def redact_records(
    texts: Sequence[str], known: Sequence[Sequence[tuple[str, str]]], replacement: Replacement
) -> list[Redacted]:
    """Return each text without personal data and without the identifiers of its own record.

    Args:
        texts: n texts.
        known: n lists of (type, value).
        replacement: (type, value) → what stands instead.
    """
    return _redacted(list(texts), known, replacement)


def _redacted(
    texts: list[str], known: Sequence[Sequence[tuple[str, str]]], replacement: Replacement
) -> list[Redacted]:
    spans = [
        resolve(text, _given(text, values), found)
        for text, values, found in zip(texts, known, find(texts), strict=True)
    ]
    linked = [aliases(text, found) for text, found in zip(texts, spans, strict=True)]
    spans = [sorted({*found, *more}, key=_start) for found, more in zip(spans, linked, strict=True)]
    written = [_written(t, s, a, replacement) for t, s, a in zip(texts, spans, linked, strict=True)]
    # Taking one thing out may bring another to light; nothing that a second look finds may stay.
    open_places = [place for place, found in enumerate(spans) if found]
    for _ in range(_ROUNDS):
        open_places = _second_look(texts, spans, linked, written, open_places, replacement)
        if not open_places:
            break
    return [Redacted(done.text, tuple(found)) for done, found in zip(written, spans, strict=True)]


def _start(span: Span) -> int:
    return span.start


def _second_look(
    texts: Sequence[str],
    spans: list[list[Span]],
    linked: Sequence[Mapping[Span, str]],
    written: list[_Written],
    places: Sequence[int],
    replacement: Replacement,
) -> list[int]:
    """Re-scan what was written; return the places where something new came to light."""
    again = find([written[place].text for place in places])
    changed: list[int] = []
    for place, found in zip(places, again, strict=True):
        fresh = [s for span in found for s in written[place].original(span)]
        merged = resolve(texts[place], spans[place], fresh)
        if len(merged) > len(spans[place]):
            spans[place] = merged
            written[place] = _written(texts[place], merged, linked[place], replacement)
            changed.append(place)
    return changed


@dataclass(frozen=True, slots=True)
class _Written:
    """A redacted text with, for each stretch that was left as it was, where it stood."""

    text: str
    kept: tuple[tuple[int, int, int], ...]  # start in the new text, start in the original, length

    def original(self, span: Span) -> Iterable[Span]:
        """Yield the parts of a span of the new text that are original text, in original offsets."""
        for new, old, length in self.kept:
            start, end = max(span.start, new), min(span.end, new + length)
            if start < end:
                yield Span(start=start - new + old, end=end - new + old, type=span.type, score=span.score)


def _written(
    text: str, spans: Sequence[Span], names: Mapping[Span, str], replacement: Replacement
) -> _Written:
    parts: list[str] = []
    kept: list[tuple[int, int, int]] = []
    place = size = 0
    for span in spans:
        kept.append((size, place, span.start - place))
        instead = replacement(span.type, names.get(span, text[span.start : span.end]))
        parts += [text[place : span.start], instead]
        size += span.start - place + len(instead)
        place = span.end
    kept.append((size, place, len(text) - place))
    parts.append(text[place:])
    return _Written("".join(parts), tuple(piece for piece in kept if piece[2]))


def _given(text: str, values: Sequence[tuple[str, str]]) -> list[Span]:
    """Return where the record's own identifiers stand in its text."""
    found: list[Span] = []
    if not values:
        return found
    # Spaces, dashes and dots inside a value hide it from a plain search; so does writing a number backwards.
    places = [place for place, character in enumerate(text) if character.isalnum()]
    compact = "".join(text[place] for place in places)
    for kind, value in values:
        plain = "".join(character for character in value if character.isalnum())
        # One character is not yet a name; a word of the text would be mistaken for it.
        if len(plain) < 2:
            continue
        backwards = [plain[::-1]] if plain.isdigit() and len(plain) >= _LEAST_DIGITS else []
        for wanted in (plain, *backwards):
            start = compact.find(wanted)
            while start >= 0:
                end = start + len(wanted)
                found.append(Span(start=places[start], end=places[end - 1] + 1, type=kind, score=1.0))
                start = compact.find(wanted, end)
    return found


def _replacement(operator: str, key: Any, dataset: str, recipient: str, lang: str) -> Replacement:
    if operator == "mask":
        return _masked
    if operator == "remove":
        return lambda _type, _value: ""
    if operator == "replace":
        return _labelled_zh if lang == "zh" else lambda kind, _value: f"<{kind}>"
    if operator == "pseudonym":
        scope = token_scope(key, dataset, recipient)
        return lambda kind, value: token(kind, value, scope)
    raise ConfigError(
        "unknown operator",
        where=f"--operator {operator}",
        fix=f"one of: {', '.join(OPERATORS)}",
        code="HS-E137",
    )


def token_scope(key: Any, dataset: str, recipient: str) -> Scope:
    """Return the scope of tokens for a key, key ring or key file.

    Raises:
        KeyMaterialError: HS-E401, no key.
    """
    keys = as_keyring(key)
    if keys is None:
        raise KeyMaterialError(
            "pseudonyms need a key",
            why="without one, whoever has a list of names can rebuild them",
            fix="hushu key new -o FILE, then --key-file FILE",
            code="HS-E401",
        )
    return Scope(keys=keys, dataset=dataset, recipient=recipient)


def as_keyring(key: Any) -> Any:
    """Return a key ring from a key, a ring, bytes, a key file's path, ``keyring:SERVICE/USER``, or None."""
    from pathlib import Path

    from hushu.anonymize import keyrings, keys

    if key is None or isinstance(key, keys.Keyring):
        return key
    if isinstance(key, bytes):
        return keys.Keyring(keys.Key(key))
    if isinstance(key, str) and not (keyrings.names_store(key) or Path(key).is_file()):
        # What was meant as a key must not be repeated in a message.
        raise KeyMaterialError(
            "there is no such key file",
            where="key",
            why="text is taken for the path of a key file",
            fix="pass bytes or a Key, or the path of a file that hushu key new wrote",
            code="HS-E401",
        )
    if isinstance(key, str | Path):
        return keyrings.load(key)
    return keys.Keyring(key)


def _masked(_kind: str, value: str) -> str:
    return "".join("*" if c.isalnum() else c for c in value)


def _labelled_zh(kind: str, _value: str) -> str:
    entry = vocabulary.load().get(kind)
    return f"「{entry.zh if entry else kind}」"
