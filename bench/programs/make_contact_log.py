"""Make a contact log from a seed, as one Parquet file in the order of time, to be put together into journeys.

Arguments: the file, about how many contacts, the seed. Every customer has a few needs; a need is taken up by up to
nine contacts at several organisations, some needs again after months. No contact names a case or another contact.
"""

import sys
from pathlib import Path

import duckdb

_LOG = """
COPY (
  WITH needs AS (
    SELECT j, (1700000000 + hash(j, $seed, 'began') % (600 * 86400))::BIGINT AS began,
      1 + (hash(j, $seed, 'contacts') % 9)::BIGINT AS contacts
    FROM range($contacts // 5) AS numbers (j)
  ),
  -- Only this is sorted; all else is told of a contact afterwards, from its need and its place there.
  drawn AS (
    SELECT (began + i * 259200 + hash(j, i, $seed, 'at') % 259200)::BIGINT * 1000000 AS start, j, i, contacts
    FROM needs, range(contacts) AS places (i) ORDER BY start, j, i
  )
  SELECT 'C' || lpad(j::VARCHAR, 9, '0') || '-0' || i AS contact,
    substr(md5((hash(j, $seed, 'subject') % ($contacts // 5)) || ' $seed'), 1, 16) AS subject,
    ['housing repairs', 'council tax support', 'out of work', 'blue badge', 'school place']
      [(1 + hash(j, $seed, 'need') % 5)::BIGINT] AS need,
    ['council', 'Jobcentre', 'tax office', 'college', 'advice bureau', 'housing association', 'health']
      [(1 + hash(j, i // 2, $seed, 'organisation') % 7)::BIGINT] AS organisation,
    ['phone', 'visit', 'letter', 'web'][(1 + hash(j, i, $seed, 'channel') % 4)::BIGINT] AS channel,
    ['new need', 'chase', 'repeat of information', 'clarification', 'misdirected', 'hand-over', 'visit', 'outcome']
      [(1 + hash(j, i, $seed, 'kind') % 8)::BIGINT] AS kind,
    start,
    CASE WHEN hash(j, i, $seed, 'open') % 5 > 0 THEN start + (hash(j, i, $seed, 'took') % 3600)::BIGINT * 1000000 END
      AS "end",
    i AS sequence,
    hash(j, i, $seed, 'resolved') % 3 = 0 AS resolved,
    i = contacts - 1 AND hash(j, $seed, 'completed') % 4 > 0 AS completed,
    ['not avoidable', 'progress_chasing', 'repeat_same_information', NULL]
      [(1 + hash(j, i, $seed, 'reason') % 4)::BIGINT] AS reason_adviser
  FROM drawn
) TO '$file' (FORMAT parquet)
"""


def make_contact_log(file: Path, contacts: int, seed: int) -> None:
    """Write the file; the same arguments give the same contacts. What does not fit in memory is sorted on disk."""
    database = duckdb.connect(config={"memory_limit": "4GB", "temp_directory": str(file.with_suffix(".sorting"))})
    sql = _LOG.replace("$seed", str(seed)).replace("$contacts", str(contacts)).replace("$file", str(file))
    database.execute(sql)


if __name__ == "__main__":
    make_contact_log(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
