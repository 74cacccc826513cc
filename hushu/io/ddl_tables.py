"""Reading one ``CREATE TABLE`` or ``COMMENT ON`` statement from sqlparse's tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hushu.io.contract import DECLARED, ColumnMeta, ReadableTable, unique_names

_CONSTRAINT = re.compile(
    "PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FOREIGN|CHECK|FULLTEXT|SPATIAL|EXCLUDE|PERIOD|LIKE"
)
_AFTER_TYPE = re.compile(
    "NOT|NULL|DEFAULT|PRIMARY|COMMENT|CONSTRAINT|UNIQUE|AUTO_?INCREMENT|REFERENCES|CHECK|COLLATE|CHARSET"
    "|GENERATED|IDENTITY|ENCODE|ON|ENABLE|DISABLE|KEY|AS|INVISIBLE|STORAGE"
)


@dataclass(slots=True)
class Tokens:
    """The tokens of a statement: (text, remark or not, first on its line), white space left out."""

    items: list[tuple[str, bool, bool]]
    place: int = 0

    def words(self, count: int) -> list[str]:
        """Return the first words of the statement in upper case, remarks left out."""
        plain = [text for text, remark, _ in self.items if not remark]
        return " ".join(plain[:count]).upper().split()[:count]

    def starts(self, word: str) -> bool:
        """Tell whether the statement begins with a word."""
        return self.words(1) == [word]


def tokens(statement: str) -> Tokens:
    """Return the tokens of one statement."""
    from sqlparse import lexer
    from sqlparse import tokens as kinds

    items: list[tuple[str, bool, bool]] = []
    fresh = True
    for kind, text in lexer.tokenize(statement):  # type: ignore[no-untyped-call]
        if kind in kinds.Comment:
            items.append((text, True, fresh))
            fresh = text.endswith("\n")
        elif text.isspace():
            fresh = fresh or "\n" in text
        else:
            items += [(text, False, fresh)]
            fresh = False
    return Tokens(items)


@dataclass(slots=True, kw_only=True)
class Declared:
    """A table as a script declares it."""

    name: str
    comment: str = ""
    columns: dict[str, ColumnMeta] = field(default_factory=dict)

    def readable(self) -> ReadableTable:
        """Return the table, which has no rows to read."""
        names, renamed = unique_names([column.name for column in self.columns.values()])
        return ReadableTable(
            name=self.name,
            read=lambda: iter(()),
            columns=tuple(replace(c, name=n) for n, c in zip(names, self.columns.values(), strict=True)),
            comment=self.comment,
            method=DECLARED,
            bound="no value was read: only names, types and comments",
            facts={"kind": "declaration"} | ({"renamed": renamed} if renamed else {}),
        )


def create_table(stream: Tokens) -> Declared | None:
    """Return the table of a ``CREATE TABLE`` statement with columns, or None when it is not one."""
    head, body, tail = _parts(stream)
    words = [word.upper() for word in head]
    if "TABLE" not in " ".join(words).split() or not body:
        return None
    name = _dotted(head)
    if not name or any(word in {"AS", "SELECT"} for word in words):
        return None
    table = Declared(name=name, comment=_option(tail, "COMMENT"))
    for definition, remarks in body:
        _define(table, definition, remarks)
    return table if table.columns else None


def comment_on(stream: Tokens, declared: Mapping[str, Declared]) -> bool:
    """Apply a ``COMMENT ON TABLE|COLUMN`` statement; tell whether it named something declared."""
    texts = [text for text, remark, _ in stream.items if not remark and text != ";"]
    words = [word.upper() for word in texts]
    if len(texts) < 5 or words[1] != "ON" or "IS" not in words:
        return False
    cut = len(words) - 1 - words[::-1].index("IS")
    name, text = _dotted(texts[:cut]), _strings(texts[cut + 1 :])
    if words[2] == "TABLE" and (table := _find(declared, name)) is not None:
        table.comment = text
        return True
    owner, _, column = name.rpartition(".")
    table = _find(declared, owner)
    if words[2] != "COLUMN" or table is None or column.lower() not in table.columns:
        return False
    table.columns[column.lower()] = replace(table.columns[column.lower()], comment=text)
    return True


def _find(declared: Mapping[str, Declared], name: str) -> Declared | None:
    wanted = name.lower()
    for known, table in declared.items():
        if known == wanted or known.rpartition(".")[2] == wanted or known == wanted.rpartition(".")[2]:
            return table
    return None


def _parts(stream: Tokens) -> tuple[list[str], list[tuple[list[str], list[str]]], list[str]]:
    """Return the words before the column list, its definitions with their remarks, the words after."""
    head: list[str] = []
    tail: list[str] = []
    body: list[tuple[list[str], list[str]]] = []
    depth, done = 0, False
    for text, remark, fresh in stream.items:
        if remark:
            if depth == 1:
                _remark(body, text, fresh)
        elif done:
            tail.append(text)
        elif depth == 0 and text == "(":
            depth, body = 1, [([], [])]
        elif depth == 0:
            head.append(text)
        else:
            depth += (text == "(") - (text == ")")
            done = depth == 0
            if depth == 1 and text == ",":
                body.append(([], []))
            elif not done:
                body[-1][0].append(text)
    return head, [part for part in body if part[0]] if done else [], tail


def _remark(body: list[tuple[list[str], list[str]]], text: str, fresh: bool) -> None:
    """A remark behind a comma on the same line belongs to the column before the comma."""
    behind = not body[-1][0] and not fresh and len(body) > 1
    body[-2 if behind else -1][1].append(text.strip().removeprefix("--").strip("/*#- \n"))


def _define(table: Declared, definition: list[str], remarks: list[str]) -> None:
    words = [word.upper() for word in definition]
    first = words[0].split()[0]
    if _CONSTRAINT.fullmatch(first) and not _is_column(words):
        _constraint(table, definition, words)
        return
    name = unquoted(definition[0])
    stop = next((i for i in range(1, len(words)) if _ends_type(words, i)), len(words))
    table.columns[_free(table, name)] = ColumnMeta(
        name=name,
        data_type=_type(definition[1:stop]),
        comment=_option(definition, "COMMENT") or " ".join(remarks),
        primary_key="PRIMARY KEY" in " ".join(words),
        references=_references(definition, words),
    )


def _ends_type(words: list[str], place: int) -> bool:
    word = words[place].split()[0]
    # CHARACTER SET is an option, CHARACTER VARYING a type.
    return bool(_AFTER_TYPE.fullmatch(word)) or (
        word == "CHARACTER" and "SET" in "".join(words[place : place + 2])
    )


def _free(table: Declared, name: str) -> str:
    key = name.lower()
    while key in table.columns:
        key += "\0"
    return key


def _is_column(words: list[str]) -> bool:
    """``key varchar(20)`` is a column, ``key idx (name)`` an index."""
    return (
        words[0] in {"KEY", "INDEX", "PERIOD"} and len(words) > 3 and words[2] == "(" and words[3].isdigit()
    )


def _constraint(table: Declared, definition: list[str], words: list[str]) -> None:
    line = " ".join(words)
    groups = _groups(definition)
    if "PRIMARY KEY" in line and groups:
        for name in groups[0]:
            if name.lower() in table.columns:
                table.columns[name.lower()] = replace(table.columns[name.lower()], primary_key=True)
    if "FOREIGN KEY" in line and "REFERENCES" in words and groups:
        target = _references(definition, words).rpartition(".")[0]
        others = groups[1] if len(groups) > 1 else groups[0]
        for name, other in zip(groups[0], others, strict=False):
            if name.lower() in table.columns:
                table.columns[name.lower()] = replace(
                    table.columns[name.lower()], references=f"{target}.{other}"
                )


def _groups(definition: list[str]) -> list[list[str]]:
    out: list[list[str]] = []
    depth = 0
    for text in definition:
        if text == "(":
            depth += 1
            if depth == 1:
                out.append([])
        elif text == ")":
            depth -= 1
        elif depth == 1 and text != ",":
            out[-1].append(unquoted(text))
    return out


def _references(definition: list[str], words: list[str]) -> str:
    if "REFERENCES" not in words:
        return ""
    rest = definition[words.index("REFERENCES") + 1 :]
    cut = rest.index("(") if "(" in rest else len(rest[:1])
    groups = _groups(rest)
    return f"{_dotted(rest[:cut])}.{groups[0][0] if groups and groups[0] else ''}".rstrip(".")


def _type(parts: list[str]) -> str:
    out = ""
    for part in parts:
        glued = part in {"(", ")", ",", ".", "[", "]"} or out.endswith(("(", ".", "["))
        out += unquoted(part) if glued or not out else f" {unquoted(part)}"
    return out


def _option(parts: list[str], word: str) -> str:
    for place, part in enumerate(parts):
        if part.upper() == word:
            return _strings(parts[place + 1 :])
    return ""


def _strings(parts: list[str]) -> str:
    """Return the string literals at the start of ``parts``, as one."""
    out: list[str] = []
    for part in parts:
        if part == "=" and not out:
            continue
        body = part[1:] if part[:1] in "NnEe" and part[1:2] == "'" else part
        if body[:1] not in {"'", '"'}:
            break
        out.append(body[1:-1].replace(body[0] * 2, body[0]).replace(f"\\{body[0]}", body[0]))
    return "".join(out)


def _dotted(parts: list[str]) -> str:
    """Return the (dotted) name that ends a run of tokens."""
    out: list[str] = []
    for part in reversed(parts):
        if out and out[-1] != "." and part != ".":
            break
        out.append(part)
    joined = [unquoted(piece) for piece in reversed(out) if piece != "."]
    return ".".join(piece for piece in joined if piece)


def unquoted(name: str) -> str:
    """Return a name without its quotes.

    Example:
        >>> unquoted('"身份证号"'), unquoted("[id]"), unquoted("`a``b`")
        ('身份证号', 'id', 'a`b')
    """
    if len(name) > 1 and name[0] in '"`' and name[-1] == name[0]:
        return name[1:-1].replace(name[0] * 2, name[0])
    return name[1:-1] if name[:1] == "[" and name[-1:] == "]" else name
