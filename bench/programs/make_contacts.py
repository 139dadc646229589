"""Make contacts of journeys from a seed, as one Parquet file in the order of time.

Arguments: the file, the number of contacts (in hundreds), the seed. The columns are those of journeys. About one in
twenty contacts begins at the instant of the one before it, one in twelve strays from the usual path.
"""

import sys
from pathlib import Path

import duckdb

_CONTACTS = """
COPY (
  WITH journeys AS (
    SELECT j, ([1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 8, 9, 10, 12])[j % 20 + 1] AS contacts,
      (hash(j, $seed, 'path') % 6)::BIGINT AS path,
      (1700000000 + hash(j, $seed, 'began') % (700 * 86400))::BIGINT AS began
    FROM range($contacts // 5) AS numbers (j)
  ),
  drawn AS (
    SELECT *, i - (i > 0 AND hash(j, i, $seed, 'same instant') % 20 = 0)::BIGINT AS k
    FROM journeys, range(contacts) AS places (i)
  ),
  -- Only this is sorted; all else is told of a contact afterwards, from its journey and its place there.
  contacts AS (
    SELECT began + k * 172800 + (hash(j, k, $seed, 'at') % 172800)::BIGINT AS seconds, j, i, path
    FROM drawn ORDER BY seconds, j, i
  ),
  told AS (
    SELECT *, CASE WHEN hash(j, i, $seed, 'strays') % 12 = 0 THEN (hash(j, i, $seed, 'step') % 40)::BIGINT
                   ELSE (path * 7 + i % 9) % 40 END AS step
    FROM contacts
  )
  SELECT 'J' || lpad(j::VARCHAR, 9, '0') AS journey, journey || '-' || lpad(i::VARCHAR, 2, '0') AS contact,
    'step ' || lpad(step::VARCHAR, 2, '0') AS activity, 'body ' || lpad((step % 12)::VARCHAR, 2, '0') AS organisation,
    'team ' || lpad((step % 12 * 3 + hash(j, i, $seed, 'team') % 3)::VARCHAR, 2, '0') AS team,
    seconds * 1000000 AS start,
    CASE WHEN hash(j, i, $seed, 'open') % 5 > 0
         THEN (seconds + hash(j, i, $seed, 'took') % 3600)::BIGINT * 1000000 END AS "end",
    i AS sequence
  FROM told
) TO '$file' (FORMAT parquet)
"""


def make_contacts(file: Path, contacts: int, seed: int) -> None:
    """Write the file; the same arguments give the same contacts. What does not fit in memory is sorted on disk."""
    database = duckdb.connect(config={"memory_limit": "4GB", "temp_directory": str(file.with_suffix(".sorting"))})
    sql = _CONTACTS.replace("$seed", str(seed)).replace("$contacts", str(contacts)).replace("$file", str(file))
    database.execute(sql)


if __name__ == "__main__":
    make_contacts(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
