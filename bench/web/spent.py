"""Processor time that processes used, with their children: what a page costs, however busy the machine is."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path


def spent(*ancestors: int) -> float:
    """Seconds of processor time that these processes and all below them used so far; 0 where the system tells none."""
    below: dict[int, list[int]] = defaultdict(list)
    used: dict[int, int] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = file.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        number = int(file.parent.name)
        below[int(told[1])].append(number)
        used[number] = sum(int(each) for each in told[11:15])  # its own, and of children that have ended
    ticks, waiting = 0, list(ancestors)
    while waiting:
        number = waiting.pop()
        ticks += used.get(number, 0)
        waiting += below[number]
    return ticks / os.sysconf("SC_CLK_TCK")
