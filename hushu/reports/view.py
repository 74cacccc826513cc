"""The one view model of a report: sections made of a few kinds of blocks.

Every rendering (HTML, DOCX, PDF, XLSX, Markdown, JSON) walks the same blocks, so that what one of
them shows, all of them show: nothing that was not examined and no mark on a citation can be lost
in a particular format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

Tone = Literal["plain", "good", "warn", "bad", "muted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A short label; ``rank`` 0..1 places it on the ramp of level colours, None leaves it uncoloured."""

    text: str
    title: str = ""
    rank: float | None = None
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What the law says and how far that was verified; ``mark`` is empty only for a full text."""

    rule: str
    text: str
    basis: str
    verified: str
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A level, the citation that decided it, and the numbers of the others in the list of rules."""

    chip: Chip
    citations: tuple[Citation, ...]
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a grid: text, chips, levels with their citations, citations, in this order."""

    text: str = ""
    chips: tuple[Chip, ...] = ()
    grades: tuple[Graded, ...] = ()
    citations: tuple[Citation, ...] = ()
    note: str = ""
    code: bool = False
    number: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """A framed list that must not be overlooked."""

    kind: ClassVar[str] = "callout"
    title: str
    items: tuple[str, ...] = ()
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Labels and values."""

    kind: ClassVar[str] = "facts"
    rows: tuple[tuple[str, Cell], ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with a caption and one row of column headings."""

    kind: ClassVar[str] = "grid"
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = ()  # relative, one a column; empty: let the rendering choose
    filterable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One stretch of a level bar; a rank of None is for what has no level."""

    label: str
    count: int
    rank: float | None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelBar:
    """How many columns stand at each level of one pack."""

    kind: ClassVar[str] = "levels"
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a histogram: rows in classes of these sizes."""

    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Rows by size of their equivalence class, with the line that the plan asks for.

    ``at`` counts bars from the left: classes left of it are smaller than the line asks for.
    """

    kind: ClassVar[str] = "histogram"
    title: str
    bars: tuple[Bar, ...]
    axis: str
    line: str = ""
    at: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One measure before and after, as shares 0..1 (None: not measured) and as text."""

    label: str
    before: float | None
    after: float | None
    before_text: str
    after_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Measures before and after, side by side."""

    kind: ClassVar[str] = "changes"
    title: str
    head: tuple[str, str, str]
    rows: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """Places to sign: role and what the signature says."""

    kind: ClassVar[str] = "signatures"
    roles: tuple[tuple[str, str], ...]
    labels: tuple[str, str, str]  # name, date, seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Blocks under a heading that can be folded on screen and stands open in print."""

    kind: ClassVar[str] = "fold"
    id: str
    title: str
    blocks: tuple[Block, ...]
    chips: tuple[Chip, ...] = ()
    summary: str = ""
    open: bool = False


Block = Text | Callout | Facts | Grid | LevelBar | Histogram | Changes | Signatures | Fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A numbered part of the report; ``own_page`` asks print renderings for a page of its own."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    own_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole report in one language."""

    lang: str
    title: str
    subtitle: str
    status: str
    tone: Tone
    verdict: str
    points: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: str
    run: str
