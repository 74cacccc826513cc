"""Cells as plain text, for the renderings that know no colours."""

from __future__ import annotations

from hushu.reports.view import Cell, Chip, Citation, Graded


def flat(cell: Cell) -> str:
    r"""Return everything that a cell says, one thing a line; no mark of a citation is lost.

    Example:
        >>> flat(Cell(text="sfzh", note="身份证号"))
        'sfzh\n身份证号'
    """
    parts = [
        cell.text,
        *(labelled(chip) for chip in cell.chips),
        *(_graded(grade) for grade in cell.grades),
        *(cited(citation) for citation in cell.citations),
        cell.note,
    ]
    return "\n".join(part for part in parts if part)


def _graded(grade: Graded) -> str:
    said = "; ".join(cited(citation) for citation in grade.citations) or "—"
    return " ".join([f"{labelled(grade.chip)}: {said}", *(f"[{number}]" for number in grade.also)])


def labelled(chip: Chip) -> str:
    """Return a chip with what it belongs to."""
    return f"{chip.text} ({chip.title})" if chip.title else chip.text


def cited(citation: Citation) -> str:
    """Return a citation as one line: what it says, where it stands, how far that was verified."""
    return f"{citation.text} [{citation.basis}]{citation.mark}".strip()
