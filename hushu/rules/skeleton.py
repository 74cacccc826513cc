"""The beginning of a new type: a YAML entry that loads, runs its examples, and says what to fill in."""

from __future__ import annotations

import re

from hushu.errors import ConfigError
from hushu.rules.vocabulary import load

_ID = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_ENTRY = """\
- id: {id}
  zh: {zh}
  en: {en}
  kind: personal            # personal, organisation, object or mixed
  identifies: quasi         # direct, quasi, sensitive or "-"
  format_checkable: "no"    # yes: the form alone proves it; partly; no
  category: 个人信息/其他
  header:
    words: {{{zh}: 1}}       # words of headers, how sure (0..1); pinyin and initials follow
    counter: []             # words that speak against the type
    suffixes: [号, 号码, "no"]
  patterns:                 # forms, also found inside of text; score: trust without a header
    - {{name: form, regex: '{regex}', score: 0.5}}
  absence: 0.5              # how strongly values of another form speak against it
  operator: drop
  match: [{match}]
  no_match: [张伟, "2024-01-01", 男]
  limits: {{zh: 待补充, en: to be written}}
  sources: [待补充]
"""


def skeleton(type_id: str, *, zh: str, en: str, example: str = "AB-123456") -> str:
    """Return the YAML of a new type, to be saved as a file of ``rules/types``.

    Args:
        type_id: upper snake case, such as ``PET_LICENCE_NO``.
        zh: its Chinese name, also its first header word.
        en: its English name.
        example: one value; its form becomes the first pattern.

    Raises:
        ConfigError: HS-E171, the id is no upper snake case; HS-E172, the type exists already.

    Example:
        >>> import yaml
        >>> yaml.safe_load(skeleton("PET_LICENCE_NO", zh="犬证号", en="Dog licence number"))[0]["id"]
        'PET_LICENCE_NO'
    """
    if not _ID.fullmatch(type_id):
        raise ConfigError(
            "a type id is upper snake case", where=type_id, fix="write it as PET_LICENCE_NO", code="HS-E171"
        )
    if type_id in load():
        raise ConfigError(
            "the type exists already", where=type_id, fix="hushu rules show " + type_id, code="HS-E172"
        )
    return _ENTRY.format(id=type_id, zh=zh, en=en, regex=_form(example), match=f"'{example}'")


def _form(example: str) -> str:
    """Return a pattern of the form of an example: two letters, a dash, six digits."""
    form = ""
    for run in re.findall(r"\d+|[A-Z]+|[a-z]+|[\u4e00-\u9fff]+|.", example):
        kind = next((k for k, sample in _KINDS if re.match(sample, run)), "")
        form += f"{kind}{{{len(run)}}}" if kind else re.escape(run)
    return form


_KINDS = ((r"\d", r"\d"), ("[A-Z]", "[A-Z]"), ("[a-z]", "[a-z]"), (r"[\u4e00-\u9fff]", r"[\u4e00-\u9fff]"))
