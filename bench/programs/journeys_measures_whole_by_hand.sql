-- Journeys and three measures of them by hand, each with what it rests on, what is unknown and an interval, over all
-- and by need, organisation and channel: what the library tells of these three, and nothing of the others. A contact
-- belongs to the journey of the last one of the same customer and need, unless it starts more than 30 days after that
-- one's end (or start). Tables from outside: `draws` (which of the 100 blocks each of 1,000 draws takes, how often),
-- `words` (each word that a log has for a reason of avoidable contact, and whether that is avoidable).

CREATE TEMP TABLE contacts AS
WITH opening AS (
  SELECT contact, subject, need, organisation, channel, completed, reason_adviser, file_row_number,
    row_number() OVER w AS nth, lag(organisation) OVER w AS before,
    coalesce(start > lag(greatest(start, "end")) OVER w + 30 * 86400000000, true) AS opens
  FROM read_parquet('$file', file_row_number = true)
  WINDOW w AS (PARTITION BY subject, need ORDER BY start, sequence, contact)
)
SELECT contact, need, organisation, channel, completed, reason_adviser, opens, nth,
  NOT opens AND organisation <> before AS moved,
  last_value(CASE WHEN opens THEN file_row_number END IGNORE NULLS) OVER w AS journey
FROM opening
WINDOW w AS (PARTITION BY subject, need ORDER BY nth);

CREATE TEMP TABLE journeys AS
WITH summed AS (
  SELECT journey, count_if(moved) AS moves, min(nth) FILTER (completed) - min(nth) + 1 AS taken,
    bool_or(organisation IS NULL) AS lost
  FROM contacts GROUP BY journey
)
SELECT journey, need, organisation, channel, moves, taken, lost,
  (row_number() OVER (ORDER BY contact) - 1) % 100 AS block
FROM summed JOIN (FROM contacts WHERE opens) USING (journey);

-- Each measure's sums by block, over all and by each grouping: over, under, how many rows it rests on, and not.
CREATE TEMP TABLE sums AS
WITH of_journeys AS (
  SELECT block, need, organisation, channel, count(taken) AS completed, sum(taken) AS taken,
    count_if(NOT lost) AS known, sum(moves) FILTER (NOT lost) AS moves, count(*) AS journeys
  FROM journeys GROUP BY ALL
),
of_contacts AS (
  SELECT block, journeys.need, contacts.organisation, contacts.channel, reason_adviser, count(*) AS contacts
  FROM contacts JOIN journeys USING (journey) GROUP BY ALL
),
judged AS (
  SELECT block, need, organisation, channel, sum(contacts) FILTER (avoidable) AS avoidable,
    sum(contacts) FILTER (avoidable IS NOT NULL) AS known, sum(contacts) AS contacts
  FROM of_contacts LEFT JOIN words ON replace(replace(lower(reason_adviser), '_', ' '), '-', ' ') = word GROUP BY ALL
),
alike AS (
  SELECT 'contacts_per_outcome' AS measure, block, need, organisation, channel,
    taken AS over, completed AS under, completed AS n, journeys - completed AS unknown FROM of_journeys
  UNION ALL
  SELECT 'hand_overs', block, need, organisation, channel, moves, known, known, journeys - known FROM of_journeys
  UNION ALL
  SELECT 'avoidable_contact', block, need, organisation, channel,
    avoidable, known, coalesce(known, 0), contacts - coalesce(known, 0) FROM judged
)
SELECT measure,
  CASE WHEN grouping(need) = 0 THEN 'need' WHEN grouping(organisation) = 0 THEN 'organisation'
    WHEN grouping(channel) = 0 THEN 'channel' ELSE '' END AS split,
  coalesce(need, organisation, channel, '') AS part, block,
  coalesce(sum(over), 0)::DOUBLE AS over, coalesce(sum(under), 0)::DOUBLE AS under,
  sum(n)::BIGINT AS n, sum(unknown)::BIGINT AS unknown
FROM alike
GROUP BY GROUPING SETS ((measure, block), (measure, block, need), (measure, block, organisation),
  (measure, block, channel))
HAVING grouping(need) + grouping(organisation) + grouping(channel) = 3 OR part <> '';

WITH placed AS (
  SELECT *, row_number() OVER (PARTITION BY measure, split, part ORDER BY block) - 1 AS place FROM sums
),
drawn AS (
  SELECT measure, split, part, sum(over * times) / nullif(sum(under * times), 0) AS value
  FROM placed JOIN draws USING (place) GROUP BY measure, split, part, draw
),
intervals AS (
  SELECT measure, split, part, list_sort(list(value)) AS drawn FROM drawn WHERE value IS NOT NULL GROUP BY ALL
),
ends AS (
  SELECT measure, split, part, drawn[round(len(drawn) * 0.025)::INTEGER] AS low,
    drawn[len(drawn) - round(len(drawn) * 0.025)::INTEGER + 1] AS high
  FROM intervals
),
told AS (
  SELECT measure, split, part, sum(over) / nullif(sum(under), 0) AS value, sum(n) AS n, sum(unknown) AS unknown,
    sum(under) AS under, count_if(over > 0 OR under > 0) AS blocks
  FROM sums GROUP BY ALL
)
-- What is the same in every block is not certain for that: for a share of 0 or 1 the exact interval over blocks, for a
-- number of which none was seen the exact one for none.
SELECT measure, split, part, value, n::BIGINT AS n, unknown::BIGINT AS unknown,
  CASE WHEN measure = 'avoidable_contact' AND low = high AND low = 1 THEN 0.025 ** (1 / blocks) ELSE low END AS low,
  CASE WHEN measure = 'avoidable_contact' AND low = high AND high = 0 THEN 1 - 0.025 ** (1 / blocks)
    WHEN low = high AND high = 0 THEN -ln(0.025) / under ELSE high END AS high
FROM told LEFT JOIN ends USING (measure, split, part);
