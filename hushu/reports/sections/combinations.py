"""What becomes more sensitive together than apart."""

from __future__ import annotations

from hushu.reports.sections.material import Material
from hushu.reports.view import Section


def combinations(material: Material) -> Section | None:
    """Return the combinations that raised a grade; None where there is none."""
    return None
