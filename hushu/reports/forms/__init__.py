"""Forms that staff hand in, prefilled from the scan, the plan and the certificate.

Each form is a view like the report and takes every format of it. What hushu cannot know stays an
empty cell for people; nothing is guessed. Forms without an official layout say that they are proposals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hushu.errors import ConfigError
from hushu.model import Inventory, Plan, Release
from hushu.reports.numbers import moment
from hushu.reports.report import Report, material_of
from hushu.reports.sections.material import Material
from hushu.reports.view import Section, View

Sections = Callable[[Material], tuple[Section, ...]]

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "catalogue": "government data catalogue, the nine fields of order 809, art. 13",
        "opening": "list of data to be opened",
        "usage-log": "record of use for the recipient, the five items of order 809, art. 29",
        "pia": "personal information protection impact assessment, prefilled",
    }
)


def form(
    inventory: Inventory | str | Path,
    name: str,
    plan: Plan | str | Path | None = None,
    release: Release | Mapping[str, Any] | str | Path | None = None,
    *,
    lang: str = "zh",
) -> Report:
    """Return a prefilled form; ``.save(path)`` writes it as html, docx, pdf, xlsx, md or json.

    Args:
        inventory: an inventory or its path.
        name: one of :data:`FORMS`.
        plan: for what leaves and for whom, or its path.
        release: for what was proven.
        lang: ``zh`` or ``en``.

    Raises:
        ConfigError: HS-E183, an unknown form; as :func:`hushu.reports.report.report`.

    Example:
        >>> form(Inventory(), "catalogue", lang="en").view.status
        'Draft'
    """
    if name not in FORMS:
        raise ConfigError(
            "no form of this name", where=name, fix=f"one of: {', '.join(FORMS)}", code="HS-E183"
        )
    return Report(_view(material_of(inventory, plan, release, lang), name.replace("-", "_")))


def _view(material: Material, name: str) -> View:
    say, scan, plan = material.say, material.inventory, material.plan
    sections: Sections = import_module(f"hushu.reports.forms.{name}").sections
    hidden = (say("form.hidden", what=f"{item.what}: {item.why}") for item in scan.not_examined)
    return View(
        lang=material.names.lang,
        title=say(f"form.{name}.title"),
        subtitle=plan.purpose.title if plan else scan.source,
        status=say("form.draft"),
        tone="plain",
        verdict=say(f"form.{name}.verdict"),
        points=(say("form.fill"), *hidden),
        sections=sections(material),
        footer=say("cover.footer", tool=scan.tool, at=moment(scan.scanned_at)),
        run=scan.scanned_at,
    )
