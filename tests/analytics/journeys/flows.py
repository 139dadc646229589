"""Flows made by hand, small ones and a big one, for what draws and tables them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise

from makegood.analytics.journeys.flows.flow import Flow, Handover, Move, Rework, Step, Variant

Node = tuple[str, str]
DAY = 86_400.0
BODIES = (
    "Anyborough Council", "Jobcentre", "Tax office", "Anyborough College", "Advice bureau", "Harbour Homes",
    "Health centre", "Credit union", "County library", "Careers service", "Food bank", "Nursery partnership",
)  # fmt: skip


def _sorted(counts: Counter) -> list:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def flow_through(ways: Sequence[tuple[Sequence[Node], int]], waits: dict[tuple[Node, Node], float]) -> Flow:
    """The flow of journeys along ways, each so many times; a move waits a day unless told otherwise."""
    contacts, journeys = Counter[Node](), Counter[Node]()
    moves, movers = Counter[tuple[Node, Node]](), Counter[tuple[Node, Node]]()
    starts, ends, variants = Counter[Node](), Counter[Node](), Counter[tuple[str, ...]]()
    handovers, rework, repeats = Counter[tuple[str, str]](), Counter[str](), Counter[str]()
    for way, times in ways:
        for node, count in Counter(way).items():
            contacts[node] += count * times
            journeys[node] += times
        for pair, count in Counter(pairwise(way)).items():
            moves[pair] += count * times
            movers[pair] += times
        for giver, taker in pairwise(body for body, _ in groupby(body for _, body in way)):
            handovers[giver, taker] += times
        for name, count in Counter(name for name, _ in way).items():
            if count > 1:
                rework[name] += times
                repeats[name] += (count - 1) * times
        starts[way[0]] += times
        ends[way[-1]] += times
        variants[tuple(name for name, _ in way)] += times
    return Flow(
        journeys=sum(times for _, times in ways),
        contacts=sum(contacts.values()),
        steps=tuple(
            Step(name=node[0], organisation=node[1], contacts=count, journeys=journeys[node], seconds=1_200.0)
            for node, count in _sorted(contacts)
        ),
        moves=tuple(
            Move(before=pair[0], after=pair[1], count=count, journeys=movers[pair], wait=waits.get(pair, DAY),
                 between_starts=waits.get(pair, DAY) + 1_200)
            for pair, count in _sorted(moves)
        ),
        starts=tuple(_sorted(starts)),
        ends=tuple(_sorted(ends)),
        variants=tuple(Variant(steps=way, journeys=n, seconds=len(way) * DAY) for way, n in _sorted(variants)),
        variant_count=len(variants),
        handovers=tuple(Handover(giver=pair[0], taker=pair[1], count=count) for pair, count in _sorted(handovers)),
        team_handovers=(),
        rework=tuple(Rework(step=name, journeys=n, repeats=repeats[name]) for name, n in _sorted(rework)),
    )  # fmt: skip


CLAIM, CHASE = ("Claim benefit", "Anyborough Council"), ("Chase the claim", "Anyborough Council")
PROOF, DECIDED = ("Show proof of income", "Jobcentre"), ("Claim decided", "Anyborough Council")
CLAIMS = flow_through(
    [
        ((CLAIM, PROOF, DECIDED), 120),
        ((CLAIM, PROOF, CHASE, PROOF, DECIDED), 60),
        ((CLAIM, CHASE, CHASE, PROOF, DECIDED), 40),
        ((CLAIM, ("Very rare step", "Jobcentre"), DECIDED), 3),
    ],
    {(CHASE, PROOF): 3 * DAY, (PROOF, CHASE): 12 * DAY, (CHASE, CHASE): 6 * DAY, (CLAIM, PROOF): 1_800.0},
)
"""Chasing stands after the proof less often than before it is brought, so that one of its moves goes back."""


def big(steps: int = 40, bodies: int = 12, seed: int = 1) -> tuple[Flow, tuple[Node, Node]]:
    """A flow of many steps and bodies with one planted detour, far costlier than any other; and that detour."""
    chance = random.Random(seed)
    words = ("Ask about help with", "Apply", "Show proof", "Wait for letter", "Interview")
    nodes = [
        (f"{words[place % len(words)]} {place}", BODIES[(place * 3 // 4 + 5 * (place % 3)) % bodies])
        for place in range(steps)
    ]
    usual = nodes[:: max(1, steps // 8)]
    detour = (nodes[steps * 3 // 4], nodes[steps // 4])
    ways: list[tuple[list[Node], int]] = [(list(usual), 400)]
    for _ in range(300):
        places = sorted(chance.sample(range(steps), k=chance.randint(3, 9)))
        way = [nodes[place] for place in places]
        if chance.random() < 0.3:
            at = chance.randrange(1, len(way))
            way.insert(at, way[chance.randrange(0, at)])
        ways.append((way, chance.randint(1, 6)))
    ways.append(([nodes[0], detour[0], detour[1], detour[0], nodes[-1]], 150))
    pairs = {pair for way, _ in ways for pair in pairwise(way)}
    waits = {pair: chance.choice([600.0, 4 * 3_600.0, 2 * DAY, 9 * DAY, 15 * DAY]) for pair in sorted(pairs)}
    return flow_through(ways, waits | {detour: 40 * DAY}), detour
