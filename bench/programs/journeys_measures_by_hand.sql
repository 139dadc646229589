-- Journeys and three measures of them by hand: a contact belongs to the journey of the last one of the same customer
-- and need, unless it starts more than 30 days after that one's end (or start).

CREATE TEMP TABLE contacts AS
WITH opening AS (
  SELECT subject, need, organisation, start, sequence, contact, completed, reason_adviser,
    lag(organisation) OVER w AS before,
    coalesce(start > lag(greatest(start, "end")) OVER w + 30 * 86400000000, true) AS opens
  FROM read_parquet('$file')
  WINDOW w AS (PARTITION BY subject, need ORDER BY start, sequence, contact)
)
SELECT subject, need, organisation, completed, reason_adviser, opens, before,
  sum(opens::INTEGER) OVER w AS journey, row_number() OVER w AS place
FROM opening
WINDOW w AS (PARTITION BY subject, need ORDER BY start, sequence, contact);

-- Contacts for each completed outcome, up to and including the first that completed it.
WITH journeys AS (
  SELECT min(place) FILTER (completed) - min(place) + 1 AS contacts FROM contacts GROUP BY subject, need, journey
)
SELECT sum(contacts) / count(contacts) FROM journeys;

-- Hand-overs for each journey.
SELECT count(*) FILTER (NOT opens AND organisation <> before) / count(*) FILTER (opens) FROM contacts;

-- The share of avoidable contact, as advisers judged it.
SELECT avg((reason_adviser <> 'not avoidable')::INTEGER) FROM contacts;
