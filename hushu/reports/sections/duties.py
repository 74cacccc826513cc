"""What the law asks before the data may be used so."""

from __future__ import annotations

from hushu.reports.sections.material import Material
from hushu.reports.view import Section


def duties(material: Material) -> Section | None:
    """Return the duties with their triggers and articles; None while no pack names any."""
    return None
