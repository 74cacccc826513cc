"""What the forms share: empty places, lists of data items, the law behind a form, the sign-off."""

from __future__ import annotations

from collections.abc import Iterable

from hushu.model import Column, Reason
from hushu.reports.sections.material import Material
from hushu.reports.view import Cell, Facts, Grid, Section
from hushu.rules.citation import source_in


def blank(material: Material) -> str:
    """Return the mark of a place that a person fills in."""
    return material.say("form.blank")


def items(material: Material, columns: Iterable[Column]) -> str:
    """Return data items as catalogues list them, one a line."""
    return "\n".join(f"{c.comment} ({c.name})" if c.comment else c.name for c in columns)


def basis(material: Material, pack_id: str, duty_id: str) -> tuple[Grid, ...]:
    """Return the duty behind a form as its pack cites it; nothing where the pack has no such duty."""
    for pack in material.names.loaded_packs():
        for duty in pack.duties if pack.id == pack_id else ():
            if duty.id.startswith(duty_id):
                source = pack.sources[duty.source]
                reason = Reason(
                    rule=f"{pack.id}/{duty.id}",
                    text=duty.text.zh,
                    text_en=duty.text.en,
                    source=source_in(source.title.zh, source.number),
                    article=duty.article,
                    verified=duty.verified,
                )
                cell = Cell(citations=(material.names.citation(reason),))
                caption = material.say("form.basis")
                return (Grid(caption=caption, head=(material.say("duties.what"),), rows=((cell,),)),)
    return ()


def sign_off(material: Material, places: tuple[str, ...]) -> Section:
    """Return the places to sign and date; they stay empty."""
    say = material.say
    rows = tuple((say(f"place.{place}"), Cell(text=blank(material))) for place in places)
    return Section(id="sign-off", title=say("sign.title"), blocks=(Facts(rows=rows),))
