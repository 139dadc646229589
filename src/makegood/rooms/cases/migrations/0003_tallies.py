"""Counts that are kept as cases change, so that the pages with numbers cost the same however many cases there are.

A change adds rows with what it changed, and a round of the worker adds such rows up: nobody waits for another who changes
the same count, and a count is right at once, in the transaction that changed it. Triggers keep them, so whatever writes
to the cases counts.
"""

from django.db import migrations, models

from makegood.database.walls import walled

KEEPING = migrations.RunSQL(
    """
    CREATE FUNCTION cases_month(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
      $$ SELECT date_trunc('month', at AT TIME ZONE 'UTC')::date $$;

    -- Seconds, cut down to as fine as a span is shown: to the minute, the hour from a day on, the day from two weeks on.
    CREATE FUNCTION cases_span(begun timestamptz, ended timestamptz) RETURNS bigint
      LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT seconds - mod(seconds, CASE WHEN seconds < 86400 THEN 60 WHEN seconds < 1209600 THEN 3600 ELSE 86400 END)
      FROM (SELECT floor(extract(epoch FROM ended - begun))::bigint AS seconds) s
    $$;

    -- What is tallied, counted anew: for tables that were filled before, and for tests.
    CREATE VIEW cases_tallied WITH (security_invoker = true) AS
      SELECT c.pledge, p.standard, cases_month(c.received_at) AS month, p.status,
        CASE WHEN p.status <> 'excused' THEN cases_span(p.started_at, p.finished_at) END AS seconds, count(*) AS count
      FROM cases_promise p JOIN cases_case c ON c.number = p.case_id
      WHERE p.status IN ('kept', 'broken', 'excused') GROUP BY 1, 2, 3, 4, 5;
    CREATE VIEW cases_stocked WITH (security_invoker = true) AS
      SELECT c.service, c.team, cases_month(c.received_at) AS month,
        count(*) FILTER (WHERE c.state = 'open') AS open,
        count(*) FILTER (WHERE c.state = 'open' AND c.standing = 'broken') AS broken,
        count(*) FILTER (WHERE c.state = 'open' AND c.waiting) AS waiting,
        count(*) AS received,
        count(p.case_id) AS paused
      FROM cases_case c LEFT JOIN (SELECT DISTINCT case_id FROM cases_pause) p ON p.case_id = c.number
      GROUP BY 1, 2, 3;

    CREATE FUNCTION cases_tally_promise() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      IF TG_OP <> 'INSERT' AND OLD.status IN ('kept', 'broken', 'excused') THEN
        INSERT INTO cases_tally (pledge, standard, month, status, seconds, count, fresh)
        SELECT c.pledge, OLD.standard, cases_month(c.received_at), OLD.status,
          CASE WHEN OLD.status <> 'excused' THEN cases_span(OLD.started_at, OLD.finished_at) END, -1, true
        FROM cases_case c WHERE c.number = OLD.case_id;
      END IF;
      IF TG_OP <> 'DELETE' AND NEW.status IN ('kept', 'broken', 'excused') THEN
        INSERT INTO cases_tally (pledge, standard, month, status, seconds, count, fresh)
        SELECT c.pledge, NEW.standard, cases_month(c.received_at), NEW.status,
          CASE WHEN NEW.status <> 'excused' THEN cases_span(NEW.started_at, NEW.finished_at) END, 1, true
        FROM cases_case c WHERE c.number = NEW.case_id;
      END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER tally_made AFTER INSERT ON cases_promise FOR EACH ROW
      WHEN (NEW.status IN ('kept', 'broken', 'excused')) EXECUTE FUNCTION cases_tally_promise();
    CREATE TRIGGER tally_changed AFTER UPDATE ON cases_promise FOR EACH ROW
      WHEN ((OLD.status IN ('kept', 'broken', 'excused') OR NEW.status IN ('kept', 'broken', 'excused'))
        AND (OLD.case_id, OLD.standard, OLD.status, OLD.started_at, OLD.finished_at)
          IS DISTINCT FROM (NEW.case_id, NEW.standard, NEW.status, NEW.started_at, NEW.finished_at))
      EXECUTE FUNCTION cases_tally_promise();
    CREATE TRIGGER tally_gone AFTER DELETE ON cases_promise FOR EACH ROW
      WHEN (OLD.status IN ('kept', 'broken', 'excused')) EXECUTE FUNCTION cases_tally_promise();

    -- A case is never deleted: its facts stay.
    CREATE FUNCTION cases_stock_case() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE
      stood int := 0;
    BEGIN
      IF TG_OP = 'INSERT' THEN  -- it may be written after its promises: whichever comes last counts them
        INSERT INTO cases_tally (pledge, standard, month, status, seconds, count, fresh)
        SELECT NEW.pledge, p.standard, cases_month(NEW.received_at), p.status,
          CASE WHEN p.status <> 'excused' THEN cases_span(p.started_at, p.finished_at) END, 1, true
        FROM cases_promise p WHERE p.case_id = NEW.number AND p.status IN ('kept', 'broken', 'excused');
      ELSE
        stood := EXISTS (SELECT 1 FROM cases_pause WHERE case_id = OLD.number)::int;
        INSERT INTO cases_stock (service, team, month, open, broken, waiting, received, paused, fresh) VALUES
          (OLD.service, OLD.team, cases_month(OLD.received_at), -(OLD.state = 'open')::int,
           -(OLD.state = 'open' AND OLD.standing = 'broken')::int, -(OLD.state = 'open' AND OLD.waiting)::int,
           -1, -stood, true);
      END IF;
      INSERT INTO cases_stock (service, team, month, open, broken, waiting, received, paused, fresh) VALUES
        (NEW.service, NEW.team, cases_month(NEW.received_at), (NEW.state = 'open')::int,
         (NEW.state = 'open' AND NEW.standing = 'broken')::int, (NEW.state = 'open' AND NEW.waiting)::int,
         1, stood, true);
      RETURN NULL;
    END $$;
    CREATE TRIGGER stock_made AFTER INSERT ON cases_case
      FOR EACH ROW EXECUTE FUNCTION cases_stock_case();
    CREATE TRIGGER stock_changed AFTER UPDATE ON cases_case FOR EACH ROW
      WHEN ((OLD.service, OLD.team, OLD.state, OLD.standing = 'broken', OLD.waiting)
        IS DISTINCT FROM (NEW.service, NEW.team, NEW.state, NEW.standing = 'broken', NEW.waiting))
      EXECUTE FUNCTION cases_stock_case();

    -- The first time that the clock of a case stands still; that it did is never taken back.
    CREATE FUNCTION cases_stock_pause() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      INSERT INTO cases_stock (service, team, month, open, broken, waiting, received, paused, fresh)
      SELECT c.service, c.team, cases_month(c.received_at), 0, 0, 0, 0, 1, true
      FROM cases_case c WHERE c.number = NEW.case_id
        AND NOT EXISTS (SELECT 1 FROM cases_pause p WHERE p.case_id = NEW.case_id AND p.id < NEW.id);
      RETURN NULL;
    END $$;
    CREATE TRIGGER stock_paused AFTER INSERT ON cases_pause
      FOR EACH ROW EXECUTE FUNCTION cases_stock_pause();

    -- What a case is tallied under never changes.
    CREATE FUNCTION cases_tally_stays() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'the pledge of a case, and when it was received, never change'; END $$;
    CREATE TRIGGER tally_stays BEFORE UPDATE ON cases_case FOR EACH ROW
      WHEN ((OLD.number, OLD.pledge, OLD.received_at) IS DISTINCT FROM (NEW.number, NEW.pledge, NEW.received_at))
      EXECUTE FUNCTION cases_tally_stays();

    -- Add up what changed since the last time, where at least so many rows did; true when it was done.
    CREATE FUNCTION cases_add_up(many int) RETURNS boolean
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    DECLARE
      done boolean := false;
    BEGIN
      IF NOT pg_try_advisory_xact_lock(hashtextextended('cases_add_up', 7)) THEN
        RETURN false;
      END IF;
      IF (SELECT count(*) FROM (SELECT 1 FROM cases_tally WHERE fresh LIMIT many) f) >= many THEN
        WITH changed AS (SELECT DISTINCT pledge, standard, month FROM cases_tally WHERE fresh),
        gone AS (
          DELETE FROM cases_tally t USING changed c
          WHERE t.pledge = c.pledge AND t.standard = c.standard AND t.month = c.month RETURNING t.*
        )
        INSERT INTO cases_tally (pledge, standard, month, status, seconds, count, fresh)
        SELECT pledge, standard, month, status, seconds, sum(count), false FROM gone
        GROUP BY pledge, standard, month, status, seconds HAVING sum(count) <> 0;
        done := true;
      END IF;
      IF (SELECT count(*) FROM (SELECT 1 FROM cases_stock WHERE fresh LIMIT many) f) >= many THEN
        WITH gone AS (DELETE FROM cases_stock RETURNING *)
        INSERT INTO cases_stock (service, team, month, open, broken, waiting, received, paused, fresh)
        SELECT service, team, month, sum(open), sum(broken), sum(waiting), sum(received), sum(paused), false FROM gone
        GROUP BY service, team, month HAVING sum(received) <> 0;
        done := true;
      END IF;
      RETURN done;
    END $$;

    -- Count all of it anew. Acts on cases wait for it.
    CREATE FUNCTION cases_count_anew() RETURNS void LANGUAGE plpgsql SET search_path = public AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtextextended('cases_add_up', 7));
      LOCK TABLE cases_case, cases_promise, cases_pause IN SHARE ROW EXCLUSIVE MODE;
      DELETE FROM cases_tally;
      DELETE FROM cases_stock;
      INSERT INTO cases_tally (pledge, standard, month, status, seconds, count, fresh)
        SELECT t.*, false FROM cases_tallied t;
      INSERT INTO cases_stock (service, team, month, open, broken, waiting, received, paused, fresh)
        SELECT s.*, false FROM cases_stocked s;
    END $$;
    SELECT cases_count_anew();

    -- How promises are kept, for everybody: counts alone, of cases that were received in these months.
    DROP FUNCTION cases_performance(text, timestamptz, timestamptz);
    CREATE FUNCTION cases_performance(wanted text, since date, until date)
      RETURNS TABLE (standard varchar, kept bigint, broken bigint, excused bigint, finished bigint, median bigint)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
      WITH summed AS (
        SELECT t.standard, t.status, t.seconds, sum(t.count)::bigint AS count FROM cases_tally t
        WHERE t.pledge = wanted AND t.month BETWEEN since AND until GROUP BY 1, 2, 3
      ), running AS (
        SELECT s.standard, s.seconds, sum(sum(s.count)) OVER (PARTITION BY s.standard ORDER BY s.seconds) AS up_to,
          sum(sum(s.count)) OVER (PARTITION BY s.standard) AS total
        FROM summed s WHERE s.seconds IS NOT NULL GROUP BY s.standard, s.seconds
      )
      SELECT s.standard,
        coalesce(sum(s.count) FILTER (WHERE s.status = 'kept'), 0)::bigint,
        coalesce(sum(s.count) FILTER (WHERE s.status = 'broken'), 0)::bigint,
        coalesce(sum(s.count) FILTER (WHERE s.status = 'excused'), 0)::bigint,
        coalesce(sum(s.count) FILTER (WHERE s.seconds IS NOT NULL), 0)::bigint,
        (SELECT min(r.seconds) FROM running r WHERE r.standard = s.standard AND r.up_to * 2 >= r.total)
      FROM summed s GROUP BY s.standard HAVING sum(s.count) > 0 ORDER BY s.standard
    $$;
    """,
    """
    DROP FUNCTION cases_performance(text, date, date);
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
    DROP FUNCTION cases_count_anew();
    DROP FUNCTION cases_add_up(int);
    DROP TRIGGER tally_stays ON cases_case;
    DROP FUNCTION cases_tally_stays();
    DROP TRIGGER stock_paused ON cases_pause;
    DROP FUNCTION cases_stock_pause();
    DROP TRIGGER stock_changed ON cases_case;
    DROP TRIGGER stock_made ON cases_case;
    DROP FUNCTION cases_stock_case();
    DROP TRIGGER tally_gone ON cases_promise;
    DROP TRIGGER tally_changed ON cases_promise;
    DROP TRIGGER tally_made ON cases_promise;
    DROP FUNCTION cases_tally_promise();
    DROP VIEW cases_stocked;
    DROP VIEW cases_tallied;
    DROP FUNCTION cases_span(timestamptz, timestamptz);
    DROP FUNCTION cases_month(timestamptz);
    """,
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pledge", models.CharField(max_length=80)),
                ("standard", models.CharField(max_length=80)),
                ("month", models.DateField()),
                ("status", models.CharField(max_length=12)),
                ("seconds", models.BigIntegerField(null=True)),
                ("count", models.BigIntegerField()),
                ("fresh", models.BooleanField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["pledge", "month", "standard"], name="cases_tally_pledge"),
                    models.Index(fields=["id"], name="cases_tally_fresh", condition=models.Q(fresh=True)),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=60)),
                ("team", models.CharField(max_length=60)),
                ("month", models.DateField()),
                ("open", models.IntegerField()),
                ("broken", models.IntegerField()),
                ("waiting", models.IntegerField()),
                ("received", models.IntegerField()),
                ("paused", models.IntegerField()),
                ("fresh", models.BooleanField()),
            ],
            options={
                "indexes": [models.Index(fields=["id"], name="cases_stock_fresh", condition=models.Q(fresh=True))],
            },
        ),
        walled("cases_tally", "app_staff()"),
        walled("cases_stock", "app_staff()"),
        KEEPING,
    ]
