"""Asked again: what customers were asked for although it was already held, and could have been shared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import narwhals.stable.v2 as nw

from ...program.build import Frame, nothing, whole
from ..agreements import NOT_SHAREABLE, OWN_RECORD, UNKNOWN, Agreement
from ..columns import ORDER, Journeys, Kind
from ..facts import Facts
from ..measure import Definition, Measure
from ..store import Store, Value
from .pairs import told_by_pairs, total
from .ratios import Quantity, told
from .settings import Settings
from .telling import Telling, told_by

_RULE = (
    "An item of information counts as held by an organisation when the same customer gave it that item in an earlier "
    "contact, of whichever journey, or when this or an earlier contact notes that the organisation holds it. What is "
    "given in the contact of the asking, or later, was not held. The asker's own record can always be used; that of "
    "another organisation when an agreement covers giver, taker, item and need on the day of the asking. Whether what "
    "is held is still true or recent enough is not looked at. An item that several hold is told once: of the asker's "
    "own record, else of the first agreement that covers it."
)
_UNTOLD = (
    "Unknown is an item asked of an unknown customer, one that is held but was asked by or is held by nobody knows "
    "whom, and one that an agreement covers or not depending on a need that is unknown."
)
_ONLY_GIVEN = (
    "this log does not note what is held already, so that only what customers gave in contacts of the log counts as "
    "held."
)
_SOURCE = "this library's own; repeated information was counted by hand in local pilots"
_NEEDS = ("subject", "organisation", "asked", "given")

ASKED_AGAIN = Definition(
    name="asked_again",
    title="Items asked for though held and shareable",
    unit="items",
    of="items",
    says=f"How many items customers were asked for again. {_RULE} {_UNTOLD}",
    formula="items asked for though held and shareable, counted once for each contact",
    source=_SOURCE,
    needs=_NEEDS,
    better="lower",
)
ASKED_AGAIN_SHARE = Definition(
    name="asked_again_share",
    title="Share of items asked for that were held and shareable",
    unit="share",
    of="items",
    says=f"Of all items asked for, the share that need not have been. {_RULE} {_UNTOLD}",
    formula="items asked for though held and shareable ÷ items asked for",
    source=_SOURCE,
    needs=_NEEDS,
    better="lower",
)
ASKED_AGAIN_PER_JOURNEY = Definition(
    name="asked_again_per_journey",
    title="Items asked for though held and shareable, per journey",
    unit="items",
    of="journeys",
    says=f"How many items a customer is asked for again in a journey. {_RULE} {_UNTOLD} Journeys with such an item are "
    "unknown.",
    formula="items asked for though held and shareable ÷ journeys",
    source=_SOURCE,
    needs=_NEEDS,
    better="lower",
)
VISITS_TO_BRING = Definition(
    name="visits_to_bring",
    title="Visits that only served to bring what was held",
    unit="visits",
    of="contacts",
    says="Visits and appointments in which the customer gave something, and nothing but items that the same "
    f"organisation had asked for again, in this contact or, when it last asked, in an earlier one. {_RULE} What nobody "
    "had asked for makes a visit worth its while. Unknown are visits by or to somebody unknown, and those where it "
    "hangs on an item of which it is unknown. Not counted: visits in which something else was done that no item shows.",
    formula="visits and appointments whose given items were all asked for though held and shareable",
    source=_SOURCE,
    needs=("kind", *_NEEDS),
    better="lower",
)
VISITS_TO_BRING_SHARE = Definition(
    name="visits_to_bring_share",
    title="Share of bringing visits that only served to bring what was held",
    unit="share",
    of="contacts",
    says=f"Of the visits in which something was given, the share. {VISITS_TO_BRING.says}",
    formula="visits that only served to bring what was held ÷ visits and appointments in which something was given",
    source=_SOURCE,
    needs=VISITS_TO_BRING.needs,
    better="lower",
)
DEFINITIONS = (ASKED_AGAIN, ASKED_AGAIN_SHARE, ASKED_AGAIN_PER_JOURNEY, VISITS_TO_BRING, VISITS_TO_BRING_SHARE)

_COLUMNS = ("contact", "journey", "block", "need", "item", "asker", "holder", "shareable", "since", "counts")
_OWN, _AGREED, _UNSURE, _NOT = 0, 1, 2, 3
"""How an item that somebody holds may be used; the least counts when several hold it."""
_NEEDED, _AGAIN, _UNTOLD_ASK, _STATES = 0, 1, 2, 3
"""Whether what was brought had last been asked for again; unasked counts as needed. And how many states there are."""
_HELD, _ASKED, _GIVEN = 0, 1, 2
"""In which turn things happen within a contact: what it notes as held was so when it asked; the giving comes after."""
_PLACE = (*ORDER, "turn")


def measures(journeys: Journeys, store: Store, settings: Settings, by: Sequence[str]) -> list[Measure]:
    """Every measure of `DEFINITIONS`, over all and by each column of `by`; items also by asker, holder and item.

    `asked_again` is told by asker and item together, too.
    """
    return told_by([telling], journeys, store, settings, by)


def telling(facts: Facts, store: Store, settings: Settings, by: Sequence[str]) -> Telling:
    """What was asked again: of items, of visits, and of journeys with their items."""
    return Telling(rest=partial(_rest, store=store, settings=settings, by=by))


def _rest(journeys: Journeys, *, store: Store, settings: Settings, by: Sequence[str]) -> list[Measure]:
    known = {*journeys.log.known, "asker", "holder", "item"}
    if journeys.log.lacks(*_NEEDS):
        measures = told(journeys.whole, {}, (*_BY_ITEM, *_BY_JOURNEY, *_BY_VISIT), store=store, by=(), known=known)
    else:
        measures = _measures(journeys, store, settings, by, known)
    if _notes_held(journeys, store):
        return measures
    said = {each.name: each.as_least(_ONLY_GIVEN) for each in DEFINITIONS}
    return [replace(each, definition=said[each.definition.name]) for each in measures]


def _measures(
    journeys: Journeys, store: Store, settings: Settings, by: Sequence[str], known: Collection[str]
) -> list[Measure]:
    held = asked_again(journeys, store, settings.agreements)
    asks = store.keep(_asks_told(journeys, held))
    store.drop(held)
    # With a row for each journey without any, so that intervals are of all journeys.
    rows = journeys.whole.select("journey", "block", "need").join(asks.drop("block", "need"), on="journey", how="left")
    rows = store.keep(rows)
    by_journey = store.keep(_by_journey(journeys, asks))
    visits = store.keep(_visits(journeys, asks))
    mine = tuple(dict.fromkeys((*by, "asker", "item")))
    measures = [
        *told(rows, _ITEM_SUMS, _BY_ITEM, store=store, by=mine, known=known),
        *_parts(told(rows, _ITEM_SUMS, [_COUNTED], store=store, by=("holder",), known=known)),
        *_parts(told_by_pairs(rows, _ITEM_SUMS, [_COUNTED], store=store, by=("asker", "item"), known=known)),
        *told(by_journey, _JOURNEY_SUMS, _BY_JOURNEY, store=store, by=by, known=known),
        *told(visits, _VISIT_SUMS, _BY_VISIT, store=store, by=by, known=known),
    ]
    store.drop(asks, rows, by_journey, visits)
    return measures


def _notes_held(journeys: Journeys, store: Store) -> bool:
    """Whether the log notes of any item that it is held; a column without a word notes nothing."""
    if journeys.log.lacks("held"):
        return False
    return bool(store.rows(journeys.log.items.filter(nw.col("how") == "held").head(1)))


def _parts(measures: Sequence[Measure]) -> list[Measure]:
    """Those of a part; the whole is told elsewhere."""
    return [each for each in measures if each.by]


def asked_again(journeys: Journeys, store: Store, agreements: Sequence[Agreement]) -> Frame:
    """Each item asked for that was held already, with a row for each that held it; kept.

    Columns: `contact`, `journey`, `block`, `need` (of the contact, else of its journey), `item`, `asker`, `holder`
    (null when unknown), `shareable` (`own record`, an agreement's name, `not shareable` or `unknown`), `since`
    (microseconds since 1970 UTC: when the holder is first known to have held it), and `counts`: true of the one row by
    which the item is told; the others say who else held it. Items asked of unknown customers are left out.
    """
    held = store.keep(_held(_asks(journeys), _holdings(journeys)))
    names = store.frame(
        {"agreement": nw.Int64, "name": nw.String},
        [{"agreement": place, "name": each.name} for place, each in enumerate(agreements)],
    )
    own = nw.col("asker") == nw.col("holder")
    unsure = nw.col("asker").is_null() | nw.col("holder").is_null() | nw.col("unsure").fill_null(value=False)
    how = nw.when(own).then(_OWN).when(~nw.col("agreement").is_null()).then(_AGREED)
    how_said = {
        _OWN: nw.lit(OWN_RECORD),
        _AGREED: nw.col("name"),
        _UNSURE: nw.lit(UNKNOWN),
        _NOT: nw.lit(NOT_SHAREABLE),
    }
    said = nw.coalesce(*(nw.when(nw.col("how") == each).then(words) for each, words in how_said.items()))
    # The best comes first. Engines differ in where they put nulls, so that there are none.
    best = ["how", "agreement", "since", "nobody", "holder_or_not"]
    found = (
        held.join(_agreed(held, agreements, store), on=["contact", "item", "holder"], how="left")
        .join(names, on="agreement", how="left")
        .with_columns(how=how.when(unsure).then(_UNSURE).otherwise(_NOT), nobody=nw.col("holder").is_null())
        .with_columns(shareable=said, agreement=nw.col("agreement").fill_null(-1), holder_or_not=_text("holder"))
        .with_columns(counts=nw.col("how").cum_count().over("contact", "item", order_by=best) == 1)
    )
    kept = store.keep(found.select(*_COLUMNS))
    store.drop(held)
    return kept


def _text(column: str) -> nw.Expr:
    return nw.col(column).fill_null("")


# --- what was asked, and who held it ------------------------------------------------------------------------------


def _noted(journeys: Journeys, *how: str) -> Frame:
    """The items noted in one of some ways, each once for a contact (and holder), with who asked, and of whom."""
    its = journeys.whole.select("journey", its_subject="subject", its_need="need")
    contacts = journeys.contacts.join(its, on="journey", how="left").select(
        "contact",
        "journey",
        "block",
        "organisation",
        "channel",
        "kind",
        "start",
        "sequence",
        need=nw.coalesce("need", "its_need"),
        person=nw.coalesce("subject", "its_subject"),
    )
    return _items(journeys, *how).join(contacts, on="contact", how="inner")


def _items(journeys: Journeys, *how: str) -> Frame:
    items = journeys.log.items.filter(nw.col("how").is_in(how), ~nw.col("item").is_null())
    return items.select("contact", "item", "how", "holder").unique()


def _asks(journeys: Journeys) -> Frame:
    """Each item asked for, once for each contact."""
    asks = _noted(journeys, "asked").with_columns(asker=nw.col("organisation")).drop("how", "holder")
    return asks.unique()


def _holdings(journeys: Journeys) -> Frame:
    """By customer, item and holder when it is first known to have been held."""
    held = nw.col("how") == "held"
    holder = nw.when(held).then(nw.col("holder")).otherwise(nw.col("organisation"))
    turn = nw.when(held).then(whole(_HELD)).otherwise(whole(_GIVEN))
    noted = _noted(journeys, "given", "held")
    if journeys.is_part:  # what was given in other journeys was given all the same
        noted = noted.select("item", "how", "holder", "organisation", "person", "start", "sequence", "contact")
        others = journeys.log.contacts.join(journeys.contacts.select("contact"), on="contact", how="anti")
        others = others.select("organisation", "start", "sequence", "contact", person="subject")
        elsewhere = _items(journeys, "given", "held").join(others, on="contact", how="inner")
        noted = nw.concat([noted, elsewhere.select(*noted.collect_schema().names())])
    noted = noted.filter(~nw.col("person").is_null())
    noted = noted.with_columns(holder=holder, turn=turn)
    place = nw.col("start").cum_count().over("person", "item", "holder", order_by=list(_PLACE))
    return noted.with_columns(place=place).filter(nw.col("place") == 1)


def _held(asks: Frame, holdings: Frame) -> Frame:
    """Each item asked for with each who held it by then, and since when."""
    first = holdings.select("person", "item", "holder", *(nw.col(each).alias(f"{each}_held") for each in _PLACE))
    both = asks.with_columns(turn=whole(_ASKED)).join(first, on=["person", "item"], how="inner")
    earlier = nw.lit(value=False)
    for each in reversed(_PLACE):
        earlier = (nw.col(f"{each}_held") < nw.col(each)) | ((nw.col(f"{each}_held") == nw.col(each)) & earlier)
    return both.filter(earlier).with_columns(since=nw.col("start_held"))


def _agreed(held: Frame, agreements: Sequence[Agreement], store: Store) -> Frame:
    """By contact, item and holder the first agreement that covers it, and whether the need alone leaves that open."""

    def listed(**of: Callable[[Agreement], Iterable[str]]) -> Frame:
        ((column, words),) = of.items()
        rows: list[Mapping[str, Value]] = [
            {"agreement": at, column: each} for at, one in enumerate(agreements) for each in words(one)
        ]
        return store.frame({"agreement": nw.Int64, column: nw.String}, rows)

    terms: list[Mapping[str, Value]] = [
        {
            "agreement": at,
            "begins": each.begins,
            "ends": each.ends,
            "any_item": each.items is None,
            "any_need": each.purposes is None,
        }
        for at, each in enumerate(agreements)
    ]
    table = store.frame(
        {"agreement": nw.Int64, "begins": nw.Int64, "ends": nw.Int64, "any_item": nw.Boolean, "any_need": nw.Boolean},
        terms,
    )
    inside = (nw.col("start") >= nw.col("begins")) & (nw.col("ends").is_null() | (nw.col("start") < nw.col("ends")))
    between = held.select("contact", "item", "holder", "asker", "need", "start")
    between = between.join(listed(holder=lambda each: each.givers), on="holder", how="inner")
    between = between.join(listed(asker=lambda each: each.takers), on=["agreement", "asker"], how="inner")
    between = between.join(table, on="agreement", how="inner").filter(inside)
    for column, words in (("item", lambda each: each.items or ()), ("need", lambda each: each.purposes or ())):
        named = listed(**{column: words}).with_columns(nw.lit(value=True).alias(f"is_{column}"))
        between = between.join(named, on=["agreement", column], how="left")
    between = between.filter(nw.col("any_item") | nw.col("is_item").fill_null(value=False))
    covers = nw.col("any_need") | nw.col("is_need").fill_null(value=False)
    between = between.with_columns(covers=covers).select(
        "contact",
        "item",
        "holder",
        agreement=nw.when(nw.col("covers")).then(nw.col("agreement")),
        unsure=(nw.col("need").is_null() & ~nw.col("covers")).cast(nw.Int64),
    )
    grouped = between.group_by("contact", "item", "holder").agg(nw.col("agreement").min(), nw.col("unsure").max())
    return grouped.with_columns(unsure=nw.col("unsure") == 1)


# --- what the measures are summed over ----------------------------------------------------------------------------


def _asks_told(journeys: Journeys, held: Frame) -> Frame:
    """Each item asked for, whether that was again (null where it cannot be told), and by which holder that is told."""
    held = held.filter(nw.col("counts"))
    shareable = nw.col("shareable")
    unknown = (shareable == UNKNOWN) | nw.col("person").is_null()
    again = nw.when(~unknown.fill_null(value=False)).then((shareable != NOT_SHAREABLE).fill_null(value=False))
    by = ["contact", "item"]
    return _asks(journeys).join(held.select(*by, "holder", "shareable"), on=by, how="left").with_columns(again=again)


def _by_journey(journeys: Journeys, asks: Frame) -> Frame:
    """Each journey with how many items were asked again, and of how many that is unknown."""
    counted = asks.group_by("journey").agg(
        nw.col("again").cast(nw.Int64).sum(), nw.col("again").is_null().cast(nw.Int64).sum().alias("untold")
    )
    return journeys.whole.join(counted, on="journey", how="left").with_columns(nw.col("again", "untold").fill_null(0))


def _visits(journeys: Journeys, asks: Frame) -> Frame:
    """Each visit in which something was given, with how many items nobody had need to bring, and of how many unknown.

    Journeys without one have a row of nulls, so that intervals are of all journeys.
    """
    by = ["person", "organisation", "item"]
    given = _noted(journeys, "given").filter(nw.col("kind").is_in([str(Kind.VISIT), str(Kind.APPOINTMENT)]))
    state = nw.when(nw.col("again")).then(_AGAIN).when(nw.col("again").is_null()).then(_UNTOLD_ASK).otherwise(_NEEDED)
    events = nw.concat(
        [
            asks.select("contact", "start", "sequence", *by, turn=whole(_ASKED), state=state.cast(nw.Int64)),
            given.select("contact", "start", "sequence", *by, turn=whole(_GIVEN), state=nothing()),
        ]
    )
    place = nw.col("turn").cum_count().over(*by, order_by=list(_PLACE)).cast(nw.Int64)
    # The state of the last asking so far: its place, made to outweigh any state, and the state.
    asking = nw.when(nw.col("state").is_null()).then(-1).otherwise(nw.col("place") * _STATES + nw.col("state"))
    events = events.with_columns(place=place).with_columns(asking=asking)
    events = events.with_columns(last=nw.col("asking").cum_max().over(*by, order_by=list(_PLACE)))
    nobody = nw.col("person").is_null() | nw.col("organisation").is_null()
    last = nw.when(nobody).then(_UNTOLD_ASK).when(nw.col("last") < 0).then(_NEEDED).otherwise(nw.col("last") % _STATES)
    brought = events.filter(nw.col("state").is_null()).with_columns(last=last)
    counted = brought.group_by("contact").agg(
        (nw.col("last") == _NEEDED).cast(nw.Int64).sum().alias("needed"),
        (nw.col("last") == _UNTOLD_ASK).cast(nw.Int64).sum().alias("untold"),
    )
    only = nw.when(nw.col("needed") > 0).then(nw.lit(value=False)).when(nw.col("untold") == 0)
    visits = journeys.contacts.select("contact", "journey", "organisation", "channel")
    visits = visits.join(counted, on="contact", how="inner").with_columns(only=only.then(nw.lit(value=True)))
    return journeys.whole.select("journey", "block", "need").join(visits, on="journey", how="left")


_AGAIN_KNOWN = ~nw.col("again").is_null()
_ITEM_SUMS = {
    "told": _AGAIN_KNOWN,
    "untold": ~nw.col("item").is_null() & nw.col("again").is_null(),
    "again": nw.col("again"),
}
_COUNTED = Quantity(definition=ASKED_AGAIN, sums=("again",), n="told", unknown="untold", value=total)
_BY_ITEM = (
    _COUNTED,
    Quantity(definition=ASKED_AGAIN_SHARE, sums=("again", "told"), n="told", unknown="untold"),
)
_JOURNEY_SUMS = {
    "told": nw.col("untold") == 0,
    "untold": nw.col("untold") > 0,
    "again": nw.when(nw.col("untold") == 0).then(nw.col("again")),
}
_BY_JOURNEY = (Quantity(definition=ASKED_AGAIN_PER_JOURNEY, sums=("again", "told"), n="told", unknown="untold"),)
_VISIT_SUMS = {
    "told": ~nw.col("only").is_null(),
    "untold": ~nw.col("contact").is_null() & nw.col("only").is_null(),
    "only": nw.col("only"),
}
_BY_VISIT = (
    Quantity(definition=VISITS_TO_BRING, sums=("only",), n="told", unknown="untold", value=total),
    Quantity(definition=VISITS_TO_BRING_SHARE, sums=("only", "told"), n="told", unknown="untold"),
)
