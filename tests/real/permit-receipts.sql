-- From one row per event to a file of cases and a file of events.
CREATE VIEW log AS SELECT * FROM read_csv('permit-receipts.csv.gz', all_varchar = true);
COPY (
    SELECT DISTINCT "case:concept:name" AS case_id, "case:deadline" AS statutory_date,
           "case:channel" AS channel, "case:department" AS department
    FROM log ORDER BY case_id
) TO 'cases.csv';
COPY (
    SELECT DISTINCT "case:concept:name" AS case_id, 'received' AS event, "case:startdate" AS at FROM log
    UNION ALL
    SELECT DISTINCT "case:concept:name", 'dealt_with', "case:enddate" FROM log WHERE "case:enddate" IS NOT NULL
    UNION ALL
    SELECT "case:concept:name", 'confirmed', "time:timestamp" FROM log
    WHERE "concept:name" = 'T05 Print and send confirmation of receipt'
) TO 'events.csv';
