"""Words in Latin letters: gluing undone, mistypes mended, pinyin cut into syllables."""

from __future__ import annotations

from functools import lru_cache

from hushu.classify import headerwords
from hushu.classify.headerwords import index

VOWELS = frozenset("aeiou")


def is_pinyin(text: str) -> bool:
    """Return whether a text can be cut into syllables of pinyin."""
    return len(text) > 1 and len(text) in boundaries(text)


@lru_cache(maxsize=20_000)
def boundaries(text: str) -> frozenset[int]:
    """Return the ends of the syllables of pinyin, cut into the fewest (bian+hao, not bi+an+hao)."""
    known = headerwords.syllables()
    best: dict[int, tuple[int, ...]] = {0: (0,)}
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 6), end):
            if start in best and text[start:end] in known:
                cuts = (*best[start], end)
                if end not in best or len(cuts) < len(best[end]):
                    best[end] = cuts
    return frozenset(best.get(len(text), ()))


def spread(token: str) -> list[str]:
    """Return a token as whole words: itself, its parts when it is glued, or the word it mistypes."""
    words = index()
    if token in words.words or token in words.joined or len(token) < 4:
        return [token]
    parts = split(token) if len(token) > 4 else ()
    if parts:
        return list(parts)
    if token[1:].isalpha() and not VOWELS & set(token[1:]) and _skeletons().get(_skeleton(token)):
        return [_skeletons()[_skeleton(token)]]
    near = _mistyped(token) if len(token) > 4 else ""
    return ["~" + near] if near else [token]


@lru_cache(maxsize=20_000)
def split(token: str) -> tuple[str, ...]:
    """Return the fewest known words that make up a glued token, or nothing."""
    known = index().words
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(token) + 1):
        for start in range(end):
            piece = token[start:end]
            if (
                start in best
                and piece in known
                and (len(piece) > 2 or piece in ("id", "no", "nm", "cd", "ip", "qq", "dt"))
            ):
                chain = (*best[start], piece)
                if end not in best or len(chain) < len(best[end]):
                    best[end] = chain
    chain = best.get(len(token), ())
    certain = max(map(len, chain), default=0) > 3 or (chain and chain[-1] in ("no", "id", "nm", "cd", "tel"))
    return chain if 1 < len(chain) <= 5 and certain else ()


def _skeleton(word: str) -> str:
    """Return a word's first letter and its consonants, a doubled one once: occupation, ocptn."""
    kept = [word[0], *(c for c in word[1:] if c not in VOWELS)]
    return "".join(c for at, c in enumerate(kept) if not at or c != kept[at - 1])


@lru_cache(maxsize=1)
def _skeletons() -> dict[str, str]:
    """Return the words of header phrases by their skeletons, those that share one with another left out."""
    found: dict[str, str] = {}
    for word in sorted({w for phrase in index().phrases for w in phrase if sum(c in VOWELS for c in w) > 1}):
        key = _skeleton(word)
        found[key] = "" if key in found else word
    return {key: word for key, word in found.items() if word and len(key) > 3}


@lru_cache(maxsize=1)
def _by_letter() -> dict[str, list[str]]:
    letters: dict[str, list[str]] = {}
    # Initials are no word that could be mistyped: one letter away stands another word.
    for word in sorted(w for w in index().words if len(w) > 4 and any(c in VOWELS for c in w)):
        letters.setdefault(word[0], []).append(word)
    return letters


@lru_cache(maxsize=20_000)
def _mistyped(token: str) -> str:
    """Return the one known word within one edit (or swap) of a token of five letters or more."""
    if is_pinyin(token):
        return ""
    for word in _by_letter().get(token[0], ()):
        if abs(len(word) - len(token)) < 2 and _one_edit(token, word):
            return word
    return ""


def _one_edit(a: str, b: str) -> bool:
    if len(a) > len(b):
        a, b = b, a
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (
        a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    )
