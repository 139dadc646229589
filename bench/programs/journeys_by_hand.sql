-- The map of journeys by hand, in four queries. $most is how many variants are told.

-- Moves: how often, the median wait, the median time between starts.
WITH contacts AS (
  SELECT activity AS after, organisation AS after_organisation, start,
    lag(activity) OVER w AS before, lag(organisation) OVER w AS before_organisation,
    lag(start) OVER w AS started, lag(coalesce("end", start)) OVER w AS ended
  FROM read_parquet('$file')
  WINDOW w AS (PARTITION BY journey ORDER BY start, sequence)
)
SELECT before, before_organisation, after, after_organisation, count(*),
  median(greatest(start - ended, 0)), median(start - started)
FROM contacts WHERE before IS NOT NULL
GROUP BY ALL;

-- Variants: how many journeys, the median time from first to last start.
WITH journeys AS (
  SELECT list(activity ORDER BY start, sequence) AS steps, max(start) - min(start) AS took
  FROM read_parquet('$file') GROUP BY journey
)
SELECT steps, count(*) AS journeys, median(took) FROM journeys GROUP BY steps ORDER BY journeys DESC LIMIT $most;

-- Hand-overs between organisations.
WITH contacts AS (
  SELECT organisation AS taker,
    lag(organisation) OVER (PARTITION BY journey ORDER BY start, sequence) AS giver
  FROM read_parquet('$file')
)
SELECT giver, taker, count(*) FROM contacts WHERE giver <> taker GROUP BY ALL;

-- Rework: in how many journeys a step came again, and how many times.
WITH visits AS (
  SELECT journey, activity, count(*) AS times FROM read_parquet('$file') GROUP BY ALL
)
SELECT activity, count(*), sum(times - 1) FROM visits WHERE times > 1 GROUP BY activity;
