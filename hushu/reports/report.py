"""``report``: from an inventory, a plan and a release to one document in many formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from hushu.errors import OutputError
from hushu.io.inventories import read_inventory
from hushu.model import Inventory, Plan, Release
from hushu.reports.certificates import certificate_of
from hushu.reports.names import names_for
from hushu.reports.numbers import moment
from hushu.reports.sections import closing, combinations, counts, duties, fate, grades, opening, risk
from hushu.reports.sections.material import Material
from hushu.reports.view import Section, View

Renderer = Callable[[View], bytes]

# Which module renders which format; each is loaded when its format is asked for.
_RENDERERS: Mapping[str, str] = {
    "html": "html",
    "docx": "word",
    "pdf": "pdf",
    "xlsx": "workbook",
    "md": "markdown",
    "json": "data",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A report that can be saved in every format; the view is the same for all of them."""

    view: View

    def save(self, path: str | Path) -> Path:
        """Write the report, whole or not at all; the suffix picks the format.

        Args:
            path: ends in .html, .docx, .pdf, .xlsx, .md or .json.

        Raises:
            OutputError: HS-E520, another suffix; HS-E501, HS-E521, HS-E522, a renderer is missing.
        """
        from hushu.io.atomic import atomic_write

        target = Path(path)
        content = self.render(target.suffix.lstrip(".").lower())
        with atomic_write(target) as handle:
            handle.write(content)
        return target

    def render(self, form: str) -> bytes:
        """Return the report as the bytes of ``html``, ``docx``, ``pdf``, ``xlsx``, ``md`` or ``json``."""
        return _renderer(form)(self.view)


def report(
    inventory: Inventory | str | Path,
    plan: Plan | str | Path | None = None,
    release: Release | Mapping[str, Any] | str | Path | None = None,
    *,
    lang: str = "zh",
) -> Report:
    """Return the compliance report of a scan and, where given, of its plan and its release.

    Args:
        inventory: an inventory or the path of ``inventory.json``.
        plan: the plan of the release or its path, for what leaves and what does not.
        release: the release, its certificate, or the release folder, for the risk and the proof.
        lang: ``zh`` or ``en``.

    Returns:
        A :class:`Report`; ``.save(path)`` writes it.

    Raises:
        InputError: HS-E201, HS-E240, no inventory there; HS-E281, no certificate there.
        ConfigError: HS-E102, an unknown language.

    Example:
        >>> report(Inventory()).view.status
        '未检查任何表'
    """
    return Report(_view(material_of(inventory, plan, release, lang)))


def material_of(
    inventory: Inventory | str | Path,
    plan: Plan | str | Path | None,
    release: Release | Mapping[str, Any] | str | Path | None,
    lang: str,
) -> Material:
    """Return what reports and forms are made from; raises as :func:`report`."""
    loaded = inventory if isinstance(inventory, Inventory) else read_inventory(inventory)
    planned = plan if plan is None or isinstance(plan, Plan) else _read_plan(plan)
    names = names_for(loaded, lang)
    return Material(inventory=loaded, plan=planned, certificate=certificate_of(release), names=names)


def _read_plan(path: str | Path) -> Plan:
    from hushu.anonymize.planfile import read_plan

    return read_plan(path)


def _view(material: Material) -> View:
    tone, status, sentence, points = opening.verdict(material)
    parts: list[Section | None] = [
        opening.summary(material),
        opening.not_examined(material),
        grades.overview(material),
        fate.fate(material),
        risk.risk(material),
        counts.counts(material),
        duties.duties(material),
        combinations.combinations(material),
        closing.decisions(material),
        grades.columns(material),
        closing.certificate(material),
        closing.method(material),
        closing.signatures(material),
    ]
    say, inventory = material.say, material.inventory
    return View(
        lang=material.names.lang,
        title=say("cover.title"),
        subtitle=material.plan.purpose.title if material.plan else inventory.source,
        status=status,
        tone=tone,
        verdict=sentence,
        points=points,
        sections=tuple(p for p in parts if p is not None),
        footer=say("cover.footer", tool=inventory.tool, at=moment(inventory.scanned_at)),
        run=inventory.scanned_at,
    )


def _renderer(form: str) -> Renderer:
    if form not in _RENDERERS:
        raise OutputError(
            "no report format has this suffix",
            where=f".{form}",
            fix="use " + ", ".join(f".{known}" for known in _RENDERERS),
            code="HS-E520",
        )
    render: Renderer = import_module(f"hushu.reports.{_RENDERERS[form]}").render
    return render
