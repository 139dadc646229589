"""The ledger only grows and always balances; a resident sees her own case alone; and sums that everybody may see."""

from django.db import migrations

from makegood.database.walls import append_only, walled

LEDGER = migrations.RunSQL(
    """
    CREATE SEQUENCE remedies_transfer;

    -- Asked when a transaction ends, whoever acts in it then: so it looks with the eyes of the system.
    CREATE FUNCTION remedies_transfer_balances() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public SET app.who = 'system' AS $$
    BEGIN
      IF (SELECT sum(pence) FROM remedies_posting WHERE transfer = NEW.transfer) IS DISTINCT FROM 0 THEN
        RAISE EXCEPTION 'transfer % does not add up to nothing', NEW.transfer;
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER remedies_balances AFTER INSERT ON remedies_posting
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION remedies_transfer_balances();

    -- What remedies cost and how much of it is paid, for everybody: sums alone.
    CREATE FUNCTION remedies_totals(wanted text, of_service text) RETURNS TABLE (account varchar, pence bigint)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public SET app.who = 'system' AS $$
      SELECT p.account, sum(p.pence) FROM remedies_posting p JOIN remedies_entitlement e ON e.id = p.entitlement_id
      WHERE (wanted = '' OR e.pledge = wanted) AND (of_service = '' OR e.service = of_service) GROUP BY p.account
    $$;
    """,
    """
    DROP FUNCTION remedies_totals(text, text);
    DROP TRIGGER remedies_balances ON remedies_posting;
    DROP FUNCTION remedies_transfer_balances();
    DROP SEQUENCE remedies_transfer;
    """,
)

HERS = "app_staff() OR EXISTS (SELECT 1 FROM remedies_entitlement e WHERE e.id = entitlement_id)"


class Migration(migrations.Migration):
    dependencies = [("remedies", "0001_initial"), ("journal", "0002_walls")]

    operations = [
        LEDGER,
        append_only("remedies_posting"),
        walled("remedies_standing", "app_staff() OR case_id = app_case()"),
        walled("remedies_entitlement", "app_staff() OR standing_id = app_case()"),
        walled("remedies_voucher", "app_staff() OR case_id = app_case()"),
        walled("remedies_taskwords", HERS),
        walled("remedies_posting", HERS),
    ]
