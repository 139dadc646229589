"""Facts and breaches only grow; a resident sees her own case alone; and the few questions that look over the walls."""

from django.db import migrations

from makegood.database.walls import append_only, walled

HERS = (
    "cases_person",
    "cases_fact",
    "cases_promise",
    "cases_breach",
    "cases_pause",
    "cases_exemption",
    "cases_message",
    "cases_photo",
    "cases_ease",
)
STAFF_ALONE = (
    "cases_factnote",
    "cases_contact",
    "cases_handover",
    "cases_duplicate",
    "cases_link",
    "cases_code",
    "cases_counter",
    "cases_search",
)

FUNCTIONS = migrations.RunSQL(
    """
    -- The words of cases are looked through by this function alone: for it the table has no wall, so that its index
    -- serves; it asks itself who looks. No more than numbers leave it, and those only for who may see the cases.
    ALTER TABLE cases_search NO FORCE ROW LEVEL SECURITY;
    CREATE FUNCTION cases_found(wanted text[], most int) RETURNS SETOF bigint
      LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public SET plan_cache_mode = force_custom_plan AS $$
    DECLARE
      asked tsquery := (SELECT string_agg(quote_literal(word) || ':*', ' & ') FROM unnest(wanted) AS word)::tsquery;
    BEGIN
      IF app_staff() THEN
        RETURN QUERY SELECT s.case_id FROM cases_search s WHERE s.words @@ asked ORDER BY s.case_id DESC LIMIT most;
      ELSE
        RETURN QUERY SELECT s.case_id FROM cases_search s WHERE s.case_id = app_case() AND s.words @@ asked;
      END IF;
    END $$;

    -- A private link: whoever holds its token may know the one case that it opens.
    CREATE FUNCTION cases_by_link(token_digest bytea) RETURNS TABLE (number bigint, reference varchar)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public SET app.who = 'system' AS $$
      SELECT c.number, c.reference FROM cases_link l JOIN cases_case c ON c.number = l.case_id
      WHERE l.digest = token_digest AND l.revoked IS NULL AND (l.expires IS NULL OR l.expires > now())
    $$;

    -- How promises are kept, for everybody: counts alone.
    CREATE FUNCTION cases_performance(wanted text, since timestamptz, until timestamptz)
      RETURNS TABLE (standard varchar, kept bigint, broken bigint, excused bigint, finished bigint, median float8)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public SET app.who = 'system' AS $$
      SELECT p.standard,
        count(*) FILTER (WHERE p.status = 'kept'),
        count(*) FILTER (WHERE p.status = 'broken'),
        count(*) FILTER (WHERE p.status = 'excused'),
        count(*) FILTER (WHERE p.finished_at IS NOT NULL AND p.status IN ('kept', 'broken')),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM p.finished_at - p.started_at)::float8)
          FILTER (WHERE p.finished_at IS NOT NULL AND p.status IN ('kept', 'broken'))
      FROM cases_case c JOIN cases_promise p ON p.case_id = c.number
      WHERE c.pledge = wanted AND c.received_at >= since AND c.received_at <= until
      GROUP BY p.standard ORDER BY min(p.id)
    $$;
    """,
    """
    DROP FUNCTION cases_performance(text, timestamptz, timestamptz);
    DROP FUNCTION cases_by_link(bytea);
    DROP FUNCTION cases_found(text[], int);
    """,
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("journal", "0002_walls")]

    operations = [
        append_only("cases_fact"),
        append_only("cases_breach"),
        walled("cases_case", "app_staff() OR number = app_case()"),
        *(walled(table, "app_staff() OR case_id = app_case()") for table in HERS),
        *(walled(table, "app_staff()") for table in STAFF_ALONE),
        FUNCTIONS,
    ]
