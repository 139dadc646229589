"""The balances of the accounts, kept as the ledger grows: what remedies cost is told at the same price however long it is.

A statement that posts adds rows with what it posted, and a round of the worker adds such rows up: nobody waits for
another who posts to the same account, and a balance is right at once, in the transaction that changed it.

And lists of what many remedies wait for follow their index to the last: many fall due at one instant.
"""

from django.db import migrations, models

from makegood.database.walls import walled

KEEPING = migrations.RunSQL(
    """
    -- The balances, counted anew: for a ledger that was filled before, and for tests.
    CREATE VIEW remedies_balanced WITH (security_invoker = true) AS
      SELECT e.pledge, e.service, p.account, sum(p.pence)::bigint AS pence
      FROM remedies_posting p JOIN remedies_entitlement e ON e.id = p.entitlement_id GROUP BY 1, 2, 3;

    CREATE FUNCTION remedies_balance_posted() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      INSERT INTO remedies_balance (pledge, service, account, pence, fresh)
      SELECT e.pledge, e.service, p.account, sum(p.pence), true
      FROM posted p JOIN remedies_entitlement e ON e.id = p.entitlement_id GROUP BY 1, 2, 3;
      RETURN NULL;
    END $$;
    CREATE TRIGGER balance_posted AFTER INSERT ON remedies_posting REFERENCING NEW TABLE AS posted
      FOR EACH STATEMENT EXECUTE FUNCTION remedies_balance_posted();

    -- What a remedy is posted under never changes.
    CREATE FUNCTION remedies_balance_stays() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'the pledge and the service of a remedy never change'; END $$;
    CREATE TRIGGER balance_stays BEFORE UPDATE ON remedies_entitlement FOR EACH ROW
      WHEN ((OLD.pledge, OLD.service) IS DISTINCT FROM (NEW.pledge, NEW.service))
      EXECUTE FUNCTION remedies_balance_stays();

    -- Add up what was posted since the last time, where it is at least so many rows; true when it was done.
    CREATE FUNCTION remedies_add_up(many int) RETURNS boolean
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      IF NOT pg_try_advisory_xact_lock(hashtextextended('remedies_add_up', 7))
        OR (SELECT count(*) FROM (SELECT 1 FROM remedies_balance WHERE fresh LIMIT many) f) < many THEN
        RETURN false;
      END IF;
      WITH gone AS (DELETE FROM remedies_balance RETURNING *)
      INSERT INTO remedies_balance (pledge, service, account, pence, fresh)
      SELECT pledge, service, account, sum(pence), false FROM gone GROUP BY pledge, service, account;
      RETURN true;
    END $$;

    -- Count all of it anew. Acts that post wait for it.
    CREATE FUNCTION remedies_count_anew() RETURNS void LANGUAGE plpgsql SET search_path = public AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtextextended('remedies_add_up', 7));
      LOCK TABLE remedies_posting IN SHARE ROW EXCLUSIVE MODE;
      DELETE FROM remedies_balance;
      INSERT INTO remedies_balance (pledge, service, account, pence, fresh)
        SELECT b.*, false FROM remedies_balanced b;
    END $$;
    SELECT remedies_count_anew();

    CREATE OR REPLACE FUNCTION remedies_totals(wanted text, of_service text)
      RETURNS TABLE (account varchar, pence bigint)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public SET app.who = 'system' AS $$
      SELECT b.account, sum(b.pence)::bigint FROM remedies_balance b
      WHERE (wanted = '' OR b.pledge = wanted) AND (of_service = '' OR b.service = of_service) GROUP BY b.account
    $$;
    """,
    """
    CREATE OR REPLACE FUNCTION remedies_totals(wanted text, of_service text)
      RETURNS TABLE (account varchar, pence bigint)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public SET app.who = 'system' AS $$
      SELECT p.account, sum(p.pence) FROM remedies_posting p JOIN remedies_entitlement e ON e.id = p.entitlement_id
      WHERE (wanted = '' OR e.pledge = wanted) AND (of_service = '' OR e.service = of_service) GROUP BY p.account
    $$;
    DROP FUNCTION remedies_count_anew();
    DROP FUNCTION remedies_add_up(int);
    DROP TRIGGER balance_stays ON remedies_entitlement;
    DROP FUNCTION remedies_balance_stays();
    DROP TRIGGER balance_posted ON remedies_posting;
    DROP FUNCTION remedies_balance_posted();
    DROP VIEW remedies_balanced;
    """,
)

# Who looks is asked once for a statement and not for each row: so the database expects to find much behind the walls, and
# goes along an index that has the order of a long list instead of sorting all of it.
ASKED_ONCE = migrations.RunSQL(
    """
    ALTER POLICY who_may_see ON remedies_standing USING ((SELECT app_staff()) OR case_id = app_case());
    ALTER POLICY who_may_see ON remedies_entitlement USING ((SELECT app_staff()) OR standing_id = app_case());
    """,
    """
    ALTER POLICY who_may_see ON remedies_standing USING (app_staff() OR case_id = app_case());
    ALTER POLICY who_may_see ON remedies_entitlement USING (app_staff() OR standing_id = app_case());
    """,
)


class Migration(migrations.Migration):
    dependencies = [("remedies", "0003_payments")]

    operations = [
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pledge", models.CharField(max_length=80)),
                ("service", models.CharField(max_length=80)),
                ("account", models.CharField(max_length=10)),
                ("pence", models.BigIntegerField()),
                ("fresh", models.BooleanField()),
            ],
            options={
                "indexes": [models.Index(fields=["id"], name="remedies_balance_fresh", condition=models.Q(fresh=True))],
            },
        ),
        walled("remedies_balance", "app_staff()"),
        KEEPING,
        ASKED_ONCE,
        migrations.RemoveIndex(model_name="entitlement", name="remedies_entitlement_tasks"),
        migrations.AddIndex(
            model_name="entitlement",
            index=models.Index(
                condition=models.Q(("state__in", ["owed", "accepted"]), models.Q(("team", ""), _negated=True)),
                fields=["team", "due_at", "id"],
                name="remedies_entitlement_tasks",
            ),
        ),
        migrations.RemoveIndex(model_name="entitlement", name="remedies_entitlement_to_pay"),
        migrations.AddIndex(
            model_name="entitlement",
            index=models.Index(
                condition=models.Q(("pays", "money"), ("state__in", ["owed", "accepted"])),
                fields=["due_at", "id"],
                name="remedies_entitlement_to_pay",
            ),
        ),
    ]
