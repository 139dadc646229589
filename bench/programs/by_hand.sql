-- The promise of street-repair.yaml by hand, as somebody would write it who knows DuckDB well: the same input, the
-- same output. An open day is found by its number, so that counting working days is a lookup and a subtraction.
CREATE TEMP TABLE calendar AS FROM read_parquet('$folder/calendar.parquet');
CREATE TEMP TABLE open_days AS SELECT opened AS number, ends_at FROM calendar WHERE opened > opened_before;
CREATE TEMP TABLE limits (kind VARCHAR, days INTEGER);
INSERT INTO limits VALUES ('danger', 1), ('lamp', 5), ('sign', 5), ('pothole', 10), ('drain', 20);
-- Local days change on the hour, so one table of hours spares a zone conversion for each case.
CREATE TEMP TABLE hours AS
  SELECT hour, opened, opened_before
  FROM range(epoch(DATE '2015-01-01')::BIGINT // 3600, epoch(DATE '2029-01-01')::BIGINT // 3600) AS numbers (hour)
  JOIN calendar ON day = CAST(timezone('Europe/London', to_timestamp(hour * 3600)) AS DATE);
CREATE TEMP MACRO hour_of(instant) AS epoch_us(instant) // 3600000000;

COPY (
  WITH cases AS (
    SELECT * REPLACE (CASE WHEN repaired <= TIMESTAMPTZ '$as_of' THEN repaired END AS repaired)
    FROM read_parquet('$folder/cases.parquet')
  ),
  started AS (
    SELECT cases.*, start_hours.opened + limits.days AS due_number,
      coalesce(repaired, TIMESTAMPTZ '$as_of') AS ended_at
    FROM cases
    JOIN limits ON limits.kind = cases.kind
    JOIN hours AS start_hours ON start_hours.hour = hour_of(reported)
    WHERE reported <= TIMESTAMPTZ '$as_of'
  ),
  ended AS (
    SELECT started.*, open_days.ends_at AS due_at, end_hours.opened_before - due_number AS late
    FROM started
    JOIN open_days ON open_days.number = due_number
    JOIN hours AS end_hours ON end_hours.hour = hour_of(ended_at)
  ),
  judged AS (
    SELECT *, CASE WHEN no_access = 'yes' THEN 'excused' WHEN late >= 0 THEN 'broken'
                   WHEN repaired IS NULL THEN 'running' ELSE 'kept' END AS status
    FROM ended
  )
  SELECT case_id, 'repair' AS standard, status, due_at,
    CASE WHEN status <> 'broken' THEN 0
         WHEN customer = 'household' THEN CASE WHEN late < 2 THEN 500 ELSE least(1000 + 250 * late, 8000) END
         ELSE CASE WHEN late < 2 THEN 1000 ELSE least(2000 + 600 * late, 20000) END END
      * 0.01 AS owed_gbp,
    'always' AS version, repaired AS finished_at,
    CASE WHEN status = 'broken' THEN epoch(ended_at)::BIGINT - epoch(due_at)::BIGINT ELSE 0 END AS lateness,
    CASE WHEN status = 'broken' THEN 'apologise; pay' ELSE '' END AS remedies,
    CASE WHEN status = 'excused' THEN 'no_access is yes' ELSE '' END AS reason
  FROM judged
) TO '$results' (FORMAT parquet);
