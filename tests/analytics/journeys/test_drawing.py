"""The map: everybody can read it and reach it, nothing lies on anything else, and the worst detour stands out."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from makegood.analytics.journeys.flows.flow import Flow, Move, Step
from makegood.analytics.journeys.pages.detours import Each, each_contact, ranked
from makegood.analytics.journeys.pages.drawing import LANE_SIZE, draw, drawn, key, wait_scale
from makegood.analytics.journeys.pages.layout import Layout, laid_out
from makegood.analytics.journeys.pages.report_style import STYLE
from makegood.analytics.journeys.pages.selection import Selection, selected, typical_order
from makegood.analytics.journeys.pages.shapes import BOX_HEIGHT, BOX_WIDTH, INSIDE, Label, fitted, wideness
from makegood.analytics.journeys.pages.tables import flow_tables
from makegood.analytics.journeys.pages.tall import WIDTH, drawn_tall
from makegood.analytics.journeys.pages.waits import CLASSES, scale_of

from .flows import CHASE, CLAIM, CLAIMS, DAY, DECIDED, PROOF, big, flow_through

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</svg></style>", "a\x00b\u202ec", "]]>"]


def tree(flow: Flow) -> ElementTree.Element:
    return ElementTree.fromstring(draw(flow, title="Claims"))


def links(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {link.attrib["id"]: link for link in root.iter(f"{SVG}a")}


def layout_of(selection: Selection) -> Layout:
    return laid_out(
        selection.order, {(move.before, move.after): move.count for move in selection.moves}, selection.usual
    )


def test_the_map_has_a_title_and_says_in_words_what_it_shows() -> None:
    root = tree(CLAIMS)
    named = {element.attrib["id"]: element.text or "" for element in root.iter() if "id" in element.attrib}
    assert named[root.attrib["aria-labelledby"]] == "Claims"
    said = named[root.attrib["aria-describedby"]]
    assert "A map of 223 journeys with 4 steps at 2 organisations." in said
    assert "The usual way, taken by 120 journeys (53.8% of all): Claim benefit (Anyborough Council), Show proof" in said
    assert "Costly detour 1: from Show proof of income (Jobcentre) to Chase the claim (Anyborough Council)" in said


def test_the_typical_order_has_the_fewest_moves_against_it() -> None:
    a, b, c = ("a", ""), ("b", ""), ("c", "")
    order = typical_order([c, b, a], {(a, b): 10, (b, c): 10, (c, a): 3, (b, a): 2})
    assert sorted(order, key=lambda node: order[node]) == [a, b, c]


def test_the_usual_way_goes_forward_even_where_more_moves_go_back() -> None:
    a, b = ("a", ""), ("b", "")
    assert typical_order([a, b], {(a, b): 10, (b, a): 30}, (a, b)) == {a: 0, b: 1}


def test_a_step_of_one_name_at_two_organisations_is_placed_where_journeys_go() -> None:
    ask, here, there, done = ("ask", "one"), ("call", "one"), ("call", "two"), ("done", "two")
    flow = flow_through([((ask, there, done), 30), ((ask, here, ask), 10)], {})
    assert selected(flow).usual == (ask, there, done)


def test_detours_are_moves_against_the_order_and_ranked_by_journeys_times_wait() -> None:
    selection = selected(CLAIMS)
    assert [(move.before, move.after) for move in selection.detours] == [(PROOF, CHASE), (CHASE, CHASE)]
    assert selection.moves[:2] == selection.detours
    assert [selection.order[node] for node in (CLAIM, CHASE, PROOF, DECIDED)] == [0, 1, 2, 3]


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_worst_detour_among_forty_steps_and_twelve_bodies_carries_the_first_flag(seed: int) -> None:
    flow, planted = big(seed=seed)
    selection = selected(flow)
    assert len(selection.steps) == 40
    assert len({step.organisation for step in selection.steps}) == 12
    assert (selection.detours[0].before, selection.detours[0].after) == planted
    root = ElementTree.fromstring(drawn(selection, title="Big"))
    assert "1" in [text.text for text in links(root)["map-line-1"].iter(f"{SVG}text")]
    assert "costly detour 1" in next(flow_tables(selection))


def test_what_is_rare_is_folded_away_but_the_detours_and_the_usual_way_stay() -> None:
    flow, planted = big(60)
    selection = selected(flow, most_steps=20, most_moves=25)
    assert len(selection.steps) <= 25
    assert len(selection.moves) <= 45
    assert planted in {(move.before, move.after) for move in selection.moves}
    assert selection.usual_moves <= {(move.before, move.after) for move in selection.moves}
    assert len(selection.moves) + selection.more_moves + selection.few_moves == len(flow.moves)
    assert len(selection.steps) + selection.more_steps + selection.few_steps == len(flow.steps)
    ends = {end for move in selection.moves for end in (move.before, move.after)}
    assert ends == {(step.name, step.organisation) for step in selection.steps}


def test_what_fewer_than_five_journeys_did_is_not_named() -> None:
    svg = draw(CLAIMS, title="Claims")
    tables = "\n".join(flow_tables(selected(CLAIMS)))
    assert "Very rare step" not in svg + tables
    assert "and 1 step, in fewer than 5 journeys" in tables
    assert "Very rare step" in draw(CLAIMS, title="Claims", least=3)


def test_every_step_and_move_leads_to_its_row_and_back() -> None:
    selection = selected(big()[0])
    root = ElementTree.fromstring(drawn(selection, title="Big"))
    tables = ElementTree.fromstring(f"<div>{''.join(flow_tables(selection))}</div>")
    rows = {row.attrib["id"]: row for row in tables.iter("tr") if "id" in row.attrib}
    drawn_links, narrow = links(root), links(ElementTree.fromstring(drawn_tall(selection, title="Big")))
    assert len(drawn_links) == len(selection.steps) + len(selection.moves)
    for name, link in drawn_links.items():
        row = rows[link.attrib["href"].removeprefix("#")]
        assert [back.attrib["href"] for back in row.iter("a")] == [f"#{name}", f"#{name.replace('map', 'tall')}"][
            : 2 if name.replace("map", "tall") in narrow else 1
        ]
        assert link.attrib["aria-label"].endswith("To its row in the table.")
        assert "tabindex" not in link.attrib


def test_steps_stand_in_the_lane_of_their_organisation_and_lanes_in_the_order_of_meeting() -> None:
    selection = selected(CLAIMS)
    layout = layout_of(selection)
    assert [lane.organisation for lane in layout.lanes] == ["Anyborough Council", "Jobcentre"]
    for (_, organisation), (_, top) in layout.places.items():
        lane = next(lane for lane in layout.lanes if lane.organisation == organisation)
        assert lane.top < top < top + BOX_HEIGHT < lane.bottom
    lefts = [layout.places[node][0] for node in selection.usual]
    assert lefts == sorted(set(lefts))


@pytest.mark.parametrize("flow", [CLAIMS, *(big(seed=seed)[0] for seed in range(1, 5)), big(60, 12, 9)[0]])
def test_no_move_runs_behind_a_step(flow: Flow) -> None:
    layout = layout_of(selected(flow, most_steps=60))
    for pair, route in layout.routes.items():
        assert route[0][0] == layout.places[pair[0]][0] + BOX_WIDTH
        assert route[-1][0] == layout.places[pair[1]][0]
        for (x1, y1), (x2, y2) in pairwise(route):
            assert x1 == x2 or abs(y1 - y2) < 1
            for left, top in layout.places.values():
                across = min(x1, x2) < left + BOX_WIDTH and max(x1, x2) > left
                assert not (across and min(y1, y2) < top + BOX_HEIGHT and max(y1, y2) > top)


@pytest.mark.parametrize("flow", [CLAIMS, *(big(seed=seed)[0] for seed in range(1, 5)), big(60, 12, 9)[0]])
def test_no_label_lies_on_another_or_on_a_step(flow: Flow) -> None:
    root = tree(flow)
    held = [
        _label(*(float(box.attrib[side]) for side in ("x", "y", "width", "height")))
        for box in root.iter(f"{SVG}rect")
        if box.attrib["class"].split(" ")[0] in ("box", "pill")
    ]
    flags = list(root.iter(f"{SVG}circle"))
    for flag in flags:
        x, y, radius = (float(flag.attrib[side]) for side in ("cx", "cy", "r"))
        held.append(_label(x - radius, y - radius, 2 * radius, 2 * radius))
    for text in root.iter(f"{SVG}text"):
        if text.attrib["class"].startswith("lane-name"):
            held.append(
                _label(float(text.attrib["x"]), float(text.attrib["y"]) - 17, wideness(text.text or "", LANE_SIZE), 20)
            )
    assert len(flags) == len(selected(flow).detours)
    assert not [(one, other) for one, other in combinations(held, 2) if one.meets(other)]


def _label(left: float, top: float, width: float, height: float) -> Label:
    """A little smaller than it is: numbers in the picture are rounded."""
    return Label(words="", x=left + width / 2, y=top + height / 2, width=width - 0.4, height=height - 0.4)


def test_words_fit_their_boxes() -> None:
    for words in ["Claim", "A very long name of a step that goes on and on", "W" * 80, "申請" * 40, "a" * 300, ""]:
        lines = fitted(words, BOX_WIDTH - INSIDE, 3)
        assert 1 <= len(lines) <= 3
        assert all(wideness(line) <= BOX_WIDTH - INSIDE for line in lines)
    assert fitted("Show proof of income", BOX_WIDTH - INSIDE, 3) == ["Show proof of", "income"]
    assert fitted("a" * 300, 100, 2)[1].endswith("…")


def test_more_frequent_moves_are_wider() -> None:
    wide = {
        link.attrib["aria-label"]: float(path.attrib["stroke-width"])
        for link in tree(CLAIMS).iter(f"{SVG}a")
        for path in link.iter(f"{SVG}path")
        if path.attrib["class"].startswith("move")
    }
    by_count = sorted(wide, key=lambda said: int(re.findall(r": (\d+) times", said)[0]))
    assert [wide[said] for said in by_count] == sorted(wide.values())
    assert len(set(wide.values())) > 3


def test_each_class_of_wait_has_a_colour_and_dashes_of_its_own() -> None:
    rules = [re.search(rf"\n\.w{place}{{([^}}]*)}}", STYLE) for place in range(CLASSES)]
    dashes = [re.findall(r"dasharray:([^;}]*)", rule[1]) for rule in rules if rule]
    assert len({str(dash) for dash in dashes}) == CLASSES
    for colours in (STYLE.split("prefers-color-scheme:dark")[0], STYLE.split("prefers-color-scheme:dark")[1]):
        assert len({colour for _, colour in re.findall(r"--(w\d):(#[0-9a-f]{6})", colours)}) == CLASSES
    scale = wait_scale(selected(big()[0]))
    assert len(scale.told()) == CLASSES
    assert all(words in key(scale) for _, words in scale.told())


def test_moves_that_wait_about_as_long_are_still_told_apart() -> None:
    waits = [days * DAY for days in (3, 3, 3, 4, 4, 5, 6, 6, 7, 7, 7, 8, 9, 10, 11)]
    scale = scale_of(waits)
    shares = [sum(scale.dress(wait) == dress for wait in waits) for dress, _ in scale.told()]
    assert len(shares) == CLASSES
    assert max(shares) <= 4
    assert [scale.dress(wait) for wait in waits] == sorted(scale.dress(wait) for wait in waits)


def test_waits_that_are_told_alike_are_dressed_alike() -> None:
    scale = scale_of([hours * 3_600.0 for hours in (90, 100, 140, 200, 300, 400)])
    assert scale.dress(3.6 * DAY) == scale.dress(4.4 * DAY)


@pytest.mark.parametrize("flow", [CLAIMS, *(big(seed=seed)[0] for seed in range(1, 5))])
def test_the_map_for_narrow_screens_has_every_step_and_detour_and_leads_to_the_same_rows(flow: Flow) -> None:
    selection = selected(flow)
    root = ElementTree.fromstring(drawn_tall(selection, title="Tall"))
    assert root.attrib["viewBox"].split(" ")[2] == str(WIDTH)
    here, there = links(root), links(ElementTree.fromstring(drawn(selection, title="Wide")))
    same = {name.replace("tall", "map"): link.attrib["href"] for name, link in here.items()}
    assert same.items() <= {name: link.attrib["href"] for name, link in there.items()}.items()
    assert {f"map-box-{number}" for number in range(1, len(selection.steps) + 1)} <= same.keys()
    assert {f"map-line-{number}" for number in range(1, len(selection.detours) + 1)} <= same.keys()
    usual = [at for at, m in enumerate(selection.moves, 1) if (m.before, m.after) in selection.usual_moves]
    assert {f"map-line-{number}" for number in usual} <= same.keys()
    for path in root.iter(f"{SVG}path"):
        assert all(float(x) <= WIDTH for x, _ in re.findall(r"([\d.]+) ([\d.]+)", path.attrib["d"]))


def test_no_flag_of_the_narrow_map_lies_on_another() -> None:
    for seed in range(1, 6):
        root = ElementTree.fromstring(drawn_tall(selected(big(seed=seed)[0]), title="Tall"))
        flags = [
            _label(float(each.attrib["cx"]) - 17, float(each.attrib["cy"]) - 17, 34, 34)
            for each in root.iter(f"{SVG}circle")
        ]
        assert len(flags) == 5
        assert not [(one, other) for one, other in combinations(flags, 2) if one.meets(other)]


def test_detours_are_listed_with_where_how_often_how_long_and_at_what_cost() -> None:
    listed = ranked(selected(CLAIMS), Each(minutes=30, low=2, high=7))
    root = ElementTree.fromstring(listed)
    first = " ".join(" ".join(root[0].itertext()).split())
    assert len(root) == 2
    assert "From Show proof of income (Jobcentre) to Chase the claim (Anyborough Council)" in first
    assert "How often: 60 times, in 60 journeys (26.9% of all)." in first
    assert "half wait 12 days or more. Taken together, these journeys wait about 720 days there." in first
    assert "60 contacts more, about 30 hours of their own time, worth £120 to £420." in first
    assert [link.attrib["href"] for link in root[0].iter("a")] == ["#map-line-1", "#tall-line-1", "#map-move-1"]
    assert next(root[0].iter("svg")).attrib["aria-hidden"] == "true"


def test_what_a_detour_costs_is_unknown_where_no_log_says_what_a_contact_takes() -> None:
    assert each_contact([]) == Each()
    said = ranked(selected(CLAIMS), Each())
    assert "What time a contact takes them is not known from this log." in said
    assert "£" not in said


@pytest.mark.parametrize("text", HOSTILE)
def test_words_from_outside_stay_words(text: str) -> None:
    other = (text, f"{text} office")
    flow = flow_through([((CLAIM, other, DECIDED), 20), ((CLAIM, other, CLAIM, other, other), 10)], {})
    selection = selected(flow)
    root = ElementTree.fromstring(drawn(selection, title=text))
    root.append(ElementTree.fromstring(drawn_tall(selection, title=text)))
    assert ElementTree.fromstring(ranked(selection, Each())).find("script") is None
    allowed = {"svg", "title", "desc", "rect", "path", "a", "text", "circle", "g"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert {cell.tag for cell in ElementTree.fromstring(f"<p>{''.join(flow_tables(selection))}</p>").iter()} <= {
        "p", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "a", "details", "summary",
    }  # fmt: skip


def test_a_log_without_organisations_or_names_still_makes_a_map() -> None:
    flow = flow_through([((("", ""), ("call", ""), ("", "")), 12)], {})
    svg = draw(flow, title="Bare")
    assert "no organisation named" in svg
    assert "no name" in svg


def test_nothing_at_all_makes_an_empty_map() -> None:
    empty = replace(CLAIMS, journeys=0, contacts=0, steps=(), moves=(), starts=(), ends=(), variants=())
    assert list(links(tree(empty))) == []


def test_the_same_flow_in_any_order_gives_the_same_map() -> None:
    flow = big()[0]
    turned = replace(flow, steps=flow.steps[::-1], moves=flow.moves[::-1], starts=flow.starts[::-1])
    assert draw(turned, title="Big") == draw(flow, title="Big")


def test_a_step_whose_every_move_is_rare_is_counted_and_not_drawn() -> None:
    apart = ("Apart", "Jobcentre")
    ways = [
        ((CLAIM, (f"Call {number}", "Jobcentre"), apart, (f"Note {number}", "Jobcentre")), 3) for number in range(4)
    ]
    selection = selected(flow_through([((CLAIM, DECIDED), 50), *ways], {}))
    assert [step.name for step in selection.steps] == [CLAIM[0], DECIDED[0]]
    assert (selection.more_steps, selection.few_steps) == (1, 8)


def test_moves_within_a_lane_stay_in_it() -> None:
    layout = layout_of(selected(big()[0]))
    lanes = {lane.organisation: lane for lane in layout.lanes}
    inside = [(pair[0][1], route) for pair, route in layout.routes.items() if pair[0][1] == pair[1][1]]
    assert inside
    for organisation, route in inside:
        assert all(lanes[organisation].top < y < lanes[organisation].bottom for _, y in route)


def test_a_long_chain_gets_a_column_for_each_step() -> None:
    nodes = [(f"step {place}", "body") for place in range(60)]
    layout = layout_of(selected(flow_through([(nodes, 9)], {}), most_steps=60, most_moves=80))
    lefts = [layout.places[node][0] for node in nodes]
    assert lefts == sorted(set(lefts))


def test_sixty_steps_are_drawn_in_well_under_a_second() -> None:
    names = [(f"step {place}", f"body {place % 12}") for place in range(60)]
    steps = tuple(Step(name=n, organisation=o, contacts=50, journeys=50, seconds=None) for n, o in names)
    moves = tuple(
        Move(before=before, after=after, count=9 + place % 50, journeys=9, wait=DAY * (place % 40), between_starts=DAY)
        for place, (before, after) in enumerate((before, after) for before in names for after in names)
    )
    flow = replace(CLAIMS, journeys=500, steps=steps, moves=moves, starts=(), ends=(), variants=())
    begun = time.perf_counter()
    draw(flow, title="Dense", most_steps=60)
    assert time.perf_counter() - begun < 1
