"""What values of a known skeleton are: arithmetic on matrices of bytes, the answers of the reference."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from hushu.classify import matrices, reference, tokens, vectors
from hushu.classify.candidates import of_alnum
from hushu.classify.context import REACH
from hushu.classify.skeletongroups import Found, Group
from hushu.rules.formats import PROVINCES

_LONGEST = 400  # bytes of a skeleton that has a form: longer values are looked at one by one

Form = Callable[[Group], Found]

EMAIL = (
    r"^[A-Za-z][0-9A-Za-z]{0,20}(?:[._][0-9A-Za-z]{1,20}){0,2}@(?:[0-9a-z]{1,30}\.){1,3}(?:com|cn|net|org)$"
)
SECRETS = (  # what a credential needs
    r"(?i)(?:word|passwd|pwd|secret|token|key|密码|口令)\"?\s?[=:]|eyj|akia|asia|akid|ltai"
    r"|gh[pousr]_|glpat-|sk-|xox|aiza|private key|\$"
)
_SOFT = "，；！？（）"
_LABEL = rf"(?i)^(?:{tokens.LABELS})[0-9]"
_UNIT = re.compile(
    rb"(?:hcc|[0aex]+|" + "|".join((*_SOFT, "、", "。")).encode() + rb"|[!\"#%&'()+,/;<>?\[\]^_`{|}~ ])+"
)
_LEAST_HAN = 6
_WITH_COUNTRY = 11  # digits of the shortest telephone number with its country code


def _found(group: Group, **masks: Any) -> Found:
    import numpy as np

    none = np.zeros(len(group.places), bool)
    return Found(
        whole=masks.get("whole", {}),
        within=masks.get("within", {}),
        traits=masks.get("traits", {}),
        open=masks.get("open", none),
    )


def _nothing(group: Group) -> Found:
    return _found(group)


def _labelled(group: Group) -> Any:
    """Return the rows that begin with a Latin label and a digit (tel138…): the label belongs to no number."""
    return vectors.hits(group.texts(slice(None)), _LABEL)


def _digits(group: Group) -> Found:
    d = matrices.digits_of(group.bytes)
    size = d.shape[1]
    traits = {}
    if size == 8:
        traits["date_like"] = _is_date(d[:, :4], d[:, 4:6], d[:, 6:8])
    if size == 11:
        traits["mobile_like"] = (d[:, 0] == 1) & (d[:, 1] > 2)
    if size < 9 or size > 19:
        return _found(group, traits=traits)
    masks = {"open": matrices.country_code(d)} if size >= _WITH_COUNTRY else {}
    return _found(group, whole=dict(matrices.verdicts(d)), traits=traits, **masks)


def _is_date(year: Any, month: Any, day: Any) -> Any:
    import numpy as np

    century, months, days = (p[:, 0] * 10 + p[:, 1] for p in (year, month, day))
    return np.isin(century, (18, 19, 20, 99)) & (months >= 1) & (months <= 12) & (days >= 1) & (days <= 31)


def _person_ending_in_x(group: Group) -> Found:
    d = matrices.digits_of(group.bytes)
    d[:, 17] = 10
    return _found(group, whole=dict(matrices.eighteen(d, 29)))


def _mixed(group: Group) -> Found:
    size = len(group.skeleton)
    open_ = _labelled(group) if re.match(rb"[aex]{2,6}0", group.skeleton) else None
    masks: dict[str, Any] = {"whole": {}}
    if size == 17:
        masks["whole"] = {"VIN": matrices.vin(group.bytes)}
    elif size == 18:
        masks["whole"] = {"CN_USCC": matrices.uscc(group.bytes)}
    elif size in (8, 9, 10, 11, 15, 19, 28):
        masks["whole"] = _one_by_one(group, matrices.possible(group.bytes))
    return _found(group, **masks, **({} if open_ is None else {"open": open_}))


def _one_by_one(group: Group, rows: Any) -> dict[str, Any]:
    """Ask the reference for the rows that can be something at all."""
    import numpy as np

    places = np.flatnonzero(rows)
    masks: dict[str, Any] = {}
    for place, text in zip(places.tolist(), group.texts(places).to_pylist(), strict=True):
        for name, _ in of_alnum(text.upper()):
            masks.setdefault(name, np.zeros(len(rows), bool))[place] = True
    return masks


def _code(group: Group) -> Found:
    return _found(group, open=_labelled(group))


def _landline(group: Group) -> Found:
    import numpy as np

    dash = group.skeleton.index(b"-")
    d = matrices.digits_of(np.delete(group.bytes, dash, axis=1))
    valid, fitting = matrices.landline(d), ((d[:, 1] == 1) | (d[:, 1] == 2)) == (dash == 3)
    return _found(group, whole={"PHONE_NUMBER": valid}, open=(d[:, 0] > 0) | (valid & ~fitting))


def _ipv4(group: Group) -> Found:
    import numpy as np

    valid, place = np.ones(len(group.places), bool), 0
    for part in group.skeleton.split(b"."):
        d = matrices.digits_of(group.bytes[:, place : place + len(part)])
        value = d @ np.array([100, 10, 1][3 - len(part) :])
        valid &= (value <= 255) & ((len(part) == 1) | (d[:, 0] > 0))
        place += len(part) + 1
    return _found(group, whole={"IP_ADDRESS": valid}, open=~valid)


def _amount(group: Group) -> Found:
    if re.search(rb"\.0$", group.skeleton):  # one decimal, 0: an integer that a spreadsheet wrote
        return _found(group, open=group.bytes[:, -1] == ord("0"))
    return _nothing(group)


def _date(group: Group) -> Found:
    d = matrices.digits_of(group.bytes)
    valid = _is_date(d[:, :4], d[:, 5:7], d[:, 8:10])
    if len(group.skeleton) > 10 and group.skeleton[10:11] != b" ":
        valid &= group.bytes[:, 10] == ord("T")
    return _found(group, traits={"date_like": valid}, open=~valid)


def _plate(group: Group) -> Found:

    letter, tail = group.bytes[:, 3], group.bytes[:, 4:]
    capital = (tail >= ord("A")) & (tail <= ord("Z")) & (tail != ord("I")) & (tail != ord("O"))
    digit = (tail >= ord("0")) & (tail <= ord("9"))
    valid = _starts_with(group.bytes, PROVINCES) & (digit | capital).all(axis=1) & (capital.sum(axis=1) <= 2)
    valid &= (letter >= ord("A")) & (letter <= ord("Z")) & (letter != ord("I")) & (letter != ord("O"))
    if group.skeleton[4:5] != b"0":
        valid &= ~vectors.hits(group.texts(slice(None)), _LABEL.replace("^", "^."))
    return _found(group, whole={"LICENSE_PLATE": valid}, open=~valid)


def _starts_with(rows: Any, chars: str) -> Any:
    return _is_one(rows, 0, chars)


def _is_one(rows: Any, at: int, chars: str) -> Any:
    """Return which rows have one of these Han characters at an offset of bytes."""
    import numpy as np

    points = [int.from_bytes(char.encode(), "big") for char in chars]
    here = rows[:, at : at + 3].astype(np.int32)
    return np.isin(here[:, 0] << 16 | here[:, 1] << 8 | here[:, 2], points)


def _email(group: Group) -> Found:
    texts = group.texts(slice(None))
    valid = vectors.hits(texts, EMAIL) & ~vectors.hits(texts, SECRETS)
    return _found(group, whole={"EMAIL_ADDRESS": valid}, open=~valid)


def _prose(group: Group) -> Found:
    import numpy as np

    open_ = np.zeros(len(group.places), bool)
    for run in re.finditer(rb"(?<=hcc)[0aex]{4}(?![0aex])", group.skeleton):
        open_ |= _is_one(group.bytes, run.start() - 3, "第")
    return _found(group, open=open_)


def _prose_with_a_number(group: Group) -> Found:
    """Judge one value for each context of the number and each verdict on its digits."""
    import numpy as np

    run = re.search(rb"0{7,19}", group.skeleton)
    assert run is not None  # noqa: S101  (narrowing for the type checker)
    start, end = run.span()
    d = matrices.digits_of(group.bytes[:, start:end])
    facts = [*(mask for _, mask in matrices.verdicts(d)), d[:, 0], d[:, 1]]
    context = group.bytes[:, max(0, start - 3 * REACH) : start], group.bytes[:, end : end + 12]
    keys = np.concatenate([*context, *(fact.astype(np.uint8)[:, None] for fact in facts)], axis=1)
    _, first, group_of = np.unique(
        np.ascontiguousarray(keys).view(f"V{keys.shape[1]}").ravel(), return_index=True, return_inverse=True
    )
    masks: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    masked = np.zeros(len(first), bool)
    for at, text in enumerate(group.texts(first).to_pylist()):
        whole, within, hidden = reference.verdict(text)
        masked[at] = bool(hidden)
        for into, types in zip(masks, (whole, within), strict=True):
            for name in types:
                into.setdefault(name, np.zeros(len(first), bool))[at] = True
    spread = [{name: mask[group_of] for name, mask in into.items()} for into in masks]
    return _found(group, whole=spread[0], within=spread[1], open=matrices.country_code(d) | masked[group_of])


FORMS: tuple[tuple[re.Pattern[bytes], Form], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (rb"0{1,40}", _digits),
        (rb"0{17}x", _person_ending_in_x),
        (rb"[aex]{1,14}", _nothing),
        (rb"(?=[0aex]{2,28}$)(?!0{10,}[xe])(?!(?:0*[aex]){15})[0aex]*0[0aex]*", _mixed),
        (rb"(?:hcc){1,20}", _nothing),
        (rb"[ae]{1,3}0{1,3}-0{2,6}", _code),
        (rb"0{3,4}-0{7,8}", _landline),
        (rb"0{1,3}(?:\.0{1,3}){3}", _ipv4),
        (rb"-?0{1,12}\.0{1,3}", _amount),
        (rb"0000(?P<s>[-/.])00(?P=s)00(?:[ a]00:00:00)?", _date),
        (rb"hcc[aex][0aex]{5}", _plate),
        (rb"[aex][0aex]{0,20}(?:[._][0aex]{1,20}){0,2}@(?:[0aex]{1,30}\.){1,3}[aex]{2,3}", _email),
    )
)
"""Skeleton and what its values are; the first that fits. Secrets, labels and part-masked values fit none."""


@lru_cache(maxsize=8192)
def form_of(skeleton: bytes) -> Form | None:
    """Return what tells the values of a skeleton, or None.

    Example:
        >>> form_of(b"0" * 11).__name__, form_of(b"aa=00")
        ('_digits', None)
    """
    if len(skeleton) > _LONGEST or b"xxx" in skeleton:
        return None
    for pattern, form in FORMS:
        if pattern.fullmatch(skeleton):
            return form
    return _prose_of(skeleton)


def _prose_of(skeleton: bytes) -> Form | None:
    if skeleton.count(b"hcc") < _LEAST_HAN or not _UNIT.fullmatch(skeleton):
        return None
    if any(skeleton.startswith(p.encode()) or skeleton.endswith(p.encode()) for p in _SOFT):
        return None
    if re.search(rb"^ | $|[0aex] |[(\[][0aex]{4}|\xef\xbc\x88[0aex]{4}", skeleton):
        return None
    if sum(skeleton.count(letter) for letter in (b"a", b"e", b"x")) >= 15:
        return None
    long = re.findall(rb"[0aex]{5,}", skeleton)
    if not long:
        return _prose
    lone = re.search(
        rb"(?:hcc|\xe3\x80.|\xef\xbc[^\x88\x89])(0{7,19})(?=hcc|\xe3\x80|\xef\xbc[^\x88\x89]|$)", skeleton
    )
    if len(long) > 1 or lone is None or re.search(rb"(?<=hcc)[0aex]{4}(?![0aex])", skeleton):
        return None
    return _prose_with_a_number
