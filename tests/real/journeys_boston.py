"""Boston's requests as journeys, one row for each: what such a log can say, and what it cannot."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.real.journeys import Figure, Found, found_in, listed, mapping_of, said

MAPPING = "journeys-boston.yaml"

SENTENCES = """
- **{contacts:,} requests, {set_aside} set aside, {journeys:,} journeys: one each.** No column says who asked, and
  none quotes another request, so that nothing joins two rows. Whoever asked three times about one street light is
  three journeys here.
- **Who was asked, and how.** {bodies} names of departments, of which {first_body} had {first_body_count:,} requests
  ({first_body_share:.1%}), {second_body} {second_body_count:,} and {third_body} {third_body_count:,}.
  “{first_channel}” brought {first_channel_count:,}, “{second_channel}” {second_channel_count:,} and “{third_channel}”
  {third_channel_count:,}.
- **What was promised.** {promised:,} requests ({promised_share:.1%}) have a date by which something was promised;
  {late} of these dates lie before the request itself. Dates at the end of 2059 stand for none, and the mapping says
  so. Whether a date was kept stands in [promises over real
  records](real-records.md#boston-by-the-target-that-the-city-gave).
"""

UNTOLD = """
The other measures are unknown, and say so: they would need {lacks}. Where a measure of moves says 0, it is because in
journeys of one contact there is nowhere to move to. To say more the log would need a pseudonym of the customer, or
the number of the earlier request that a new one is about.
"""


@cache
def found(shared: Path) -> Found:
    """What the library makes of the table."""
    return found_in(shared / "data/service-requests/boston-311-2011.csv.gz", mapping_of(MAPPING))


def figures(shared: Path) -> dict[str, Figure]:
    """The figures of the sentences."""
    here = found(shared)
    journeys = here.flow.journeys
    bodies = [(step.organisation, step.contacts) for step in here.flow.steps]
    channels = here.channels.most_common(3)
    parts: dict[str, Figure] = {}
    for place, (body, channel) in enumerate(zip(bodies[:3], channels, strict=True)):
        nth = ("first", "second", "third")[place]
        parts |= {f"{nth}_body": body[0], f"{nth}_body_count": body[1]}
        parts |= {f"{nth}_channel": channel[0], f"{nth}_channel_count": channel[1]}
    return {
        **parts,
        "contacts": here.flow.contacts,
        "set_aside": here.set_aside,
        "journeys": journeys,
        "bodies": len(bodies),
        "first_body_share": bodies[0][1] / journeys,
        "promised": here.promised,
        "promised_share": here.promised / journeys,
        "late": here.late,
    }


def words(shared: Path) -> str:
    """What the page says of the table."""
    untold = said(UNTOLD, {"lacks": listed(found(shared).lacks())})
    return f"{said(SENTENCES, figures(shared))}\n\n{untold}"
