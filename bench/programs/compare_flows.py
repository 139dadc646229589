"""Whether two files of figures tell the same map of journeys: a benchmark whose answers differ is none.

Arguments: our file, the other's. All that both tell is compared; times to a millionth of a second. Prints how many
figures were compared; fails with the first difference.
"""

import json
import sys
from pathlib import Path
from typing import Any


def compare(ours: dict[str, list[Any]], theirs: dict[str, list[Any]]) -> int:
    """How many figures were compared. Exits with the first difference."""
    if "steps" in theirs:  # moves as pm4py tells them: between steps by name, the time between starts alone
        theirs["moves"] = theirs.pop("steps")
        ours["moves"] = [[before[0], after[0], count, between] for before, after, count, _, between in ours["moves"]]
        ours["variants"] = [row[:2] for row in ours["variants"]]
    compared = 0
    for part, rows in theirs.items():
        one, other = _told(ours[part]), _told(rows)
        odd = [*(one - other), *(other - one)]
        if odd:
            sys.exit(f"the {part} differ: {len(one - other)} only in ours, {len(other - one)} not; as {min(odd)}")
        compared += len(one)
    return compared


def _told(rows: list[Any]) -> set[str]:
    """Each row as a text; numbers alike whether whole or not."""
    told = {
        json.dumps([round(cell * 1e6) / 1e6 if isinstance(cell, int | float) else cell for cell in row]) for row in rows
    }
    if len(told) < len(rows):
        sys.exit(f"a row is told twice, of {len(rows)}")
    return told


if __name__ == "__main__":
    ours, theirs = (json.loads(Path(file).read_text(encoding="utf-8")) for file in sys.argv[1:])
    print(json.dumps({"figures": compare(ours, theirs)}))
