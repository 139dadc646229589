"""Build the year of the demonstration place and write its dump: `python -m tools.demonstration`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from tqdm import tqdm

from makegood.database import roles
from makegood.database.embedded import APPLICATION, OWNER, running

from . import plan


def main() -> int:
    """Build in a database of its own that is thrown away afterwards."""
    parser = argparse.ArgumentParser("python -m tools.demonstration", description=main.__doc__)
    parser.add_argument("--cases", type=int, default=3_000, help="how many cases by chance (3000)")
    parser.add_argument("--seed", type=int, default=2026, help="another seed gives another year (2026)")
    parser.add_argument("--out", type=Path, default=plan.PLACE / "year.zip", help="the file to write")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mg-demo-"))
    try:
        with running(folder / "pg", testing=True) as server:
            roles.prepare(
                server.address(OWNER, "postgres"), database="makegood", password=server.passwords[APPLICATION]
            )
            os.environ.update(
                PLACE_KIND="demo",
                DATABASE_URL=server.address(APPLICATION),
                DATABASE_OWNER_URL=server.address(OWNER),
                DJANGO_SETTINGS_MODULE="makegood.site.settings",
            )
            return _build(given.cases, given.seed, given.out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _build(cases: int, seed: int, out: Path) -> int:
    import django  # noqa: PLC0415 - only when the settings are set

    django.setup()
    from django.db import connections  # noqa: PLC0415

    from makegood.rooms.demonstration.actions import write_dump  # noqa: PLC0415
    from makegood.site.place import migrate  # noqa: PLC0415

    from .building import build  # noqa: PLC0415
    from .figures import figures  # noqa: PLC0415

    begun = time.monotonic()
    migrate()
    with tqdm(total=365, unit=" days", desc="The year goes by", disable=None) as bar:

        def tell(at: datetime) -> None:
            bar.update((at.date() - plan.BEGINS).days - bar.n)

        world = build(cases=cases, seed=seed, tell=tell)
    built = time.monotonic()
    manifest = write_dump(out, ends=plan.ENDS, planted=figures(world))
    connections.close_all()
    print(
        f"{out}: {out.stat().st_size:,} bytes, {manifest.rows['cases_case']:,} cases, {manifest.sealed:,} journal "
        f"entries; built in {built - begun:.0f} s, written in {time.monotonic() - built:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
