"""Rules of projects that span rows, held by the database.

- `first_paid_on` of a project is the date of its earliest payment, whoever writes the payments.
- An addendum is not before its contract's SPK, whichever of the two is written last.
- A payment names an assessment of its own project only.
- The instalments of an assessment are not more than it; checked when the transaction ends.

Each looks at the other row under a lock, so that two writers at a time cannot both be right.
"""

from django.db import migrations

FIRST_PAYMENT = """
CREATE FUNCTION projects_first_payment(touched bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM projects_project WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
    UPDATE projects_project project SET first_paid_on = earliest.paid_on
    FROM (
        SELECT id, (SELECT min(paid_on) FROM projects_payment WHERE project_id = named.id) AS paid_on
        FROM unnest(touched) AS named (id)
    ) AS earliest
    WHERE project.id = earliest.id AND project.first_paid_on IS DISTINCT FROM earliest.paid_on;
END $$;
CREATE FUNCTION projects_payment_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_first_payment((SELECT array_agg(DISTINCT project_id) FROM added));
    RETURN NULL;
END $$;
CREATE FUNCTION projects_payment_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_first_payment((
        SELECT array_agg(DISTINCT project_id)
        FROM (SELECT project_id FROM added UNION ALL SELECT project_id FROM removed) AS touched
    ));
    RETURN NULL;
END $$;
CREATE FUNCTION projects_payment_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_first_payment((SELECT array_agg(DISTINCT project_id) FROM removed));
    RETURN NULL;
END $$;
CREATE TRIGGER payment_first_added AFTER INSERT ON projects_payment
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION projects_payment_added();
CREATE TRIGGER payment_first_changed AFTER UPDATE ON projects_payment
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION projects_payment_changed();
CREATE TRIGGER payment_first_removed AFTER DELETE ON projects_payment
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION projects_payment_removed();
"""
NO_FIRST_PAYMENT = """
DROP TRIGGER payment_first_removed ON projects_payment;
DROP TRIGGER payment_first_changed ON projects_payment;
DROP TRIGGER payment_first_added ON projects_payment;
DROP FUNCTION projects_payment_removed();
DROP FUNCTION projects_payment_changed();
DROP FUNCTION projects_payment_added();
DROP FUNCTION projects_first_payment(bigint[]);
"""

ADDENDUM = """
CREATE FUNCTION projects_addendum_after_contract() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    contract date;
    earliest date;
BEGIN
    IF TG_TABLE_NAME = 'projects_addendum' THEN
        SELECT spk_date INTO contract FROM projects_project WHERE id = NEW.project_id FOR SHARE;
        earliest := NEW.signed_on;
    ELSE
        contract := NEW.spk_date;
        SELECT min(signed_on) INTO earliest FROM projects_addendum WHERE project_id = NEW.id;
    END IF;
    IF earliest < contract THEN
        RAISE EXCEPTION 'an addendum is before its contract'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'addendum_after_contract';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER addendum_after_contract AFTER INSERT OR UPDATE OF project_id, signed_on ON projects_addendum
    FOR EACH ROW EXECUTE FUNCTION projects_addendum_after_contract();
CREATE TRIGGER project_before_addenda AFTER UPDATE OF spk_date ON projects_project
    FOR EACH ROW WHEN (NEW.spk_date IS DISTINCT FROM OLD.spk_date)
    EXECUTE FUNCTION projects_addendum_after_contract();
"""
NO_ADDENDUM = """
DROP TRIGGER project_before_addenda ON projects_project;
DROP TRIGGER addendum_after_contract ON projects_addendum;
DROP FUNCTION projects_addendum_after_contract();
"""

OWN_ASSESSMENT = """
CREATE FUNCTION projects_payment_own_assessment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner bigint;
BEGIN
    IF TG_TABLE_NAME = 'projects_assessment' THEN
        IF EXISTS (
            SELECT FROM projects_payment WHERE assessment_id = NEW.id AND project_id <> NEW.project_id
        ) THEN
            owner := 0;
        ELSE
            RETURN NULL;
        END IF;
    ELSE
        SELECT project_id INTO owner FROM projects_assessment WHERE id = NEW.assessment_id FOR SHARE;
    END IF;
    IF owner <> NEW.project_id THEN
        RAISE EXCEPTION 'a payment names the assessment of another project'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_own_assessment';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payment_own_assessment AFTER INSERT OR UPDATE OF project_id, assessment_id ON projects_payment
    FOR EACH ROW WHEN (NEW.assessment_id IS NOT NULL) EXECUTE FUNCTION projects_payment_own_assessment();
CREATE TRIGGER assessment_own_payments AFTER UPDATE OF project_id ON projects_assessment
    FOR EACH ROW EXECUTE FUNCTION projects_payment_own_assessment();
"""
NO_OWN_ASSESSMENT = """
DROP TRIGGER assessment_own_payments ON projects_assessment;
DROP TRIGGER payment_own_assessment ON projects_payment;
DROP FUNCTION projects_payment_own_assessment();
"""

INSTALMENTS = """
CREATE FUNCTION projects_instalments_within(assessment bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    assessed numeric;
    parts numeric;
BEGIN
    SELECT amount INTO assessed FROM projects_assessment WHERE id = assessment FOR NO KEY UPDATE;
    SELECT sum(amount) INTO parts FROM projects_instalment WHERE assessment_id = assessment;
    IF parts > assessed THEN
        RAISE EXCEPTION 'the instalments are more than their assessment'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalments_within_assessment';
    END IF;
END $$;
CREATE FUNCTION projects_instalment_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        PERFORM projects_instalments_within(NEW.assessment_id);
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM projects_instalments_within(OLD.assessment_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION projects_assessment_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_instalments_within(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER instalments_within_assessment AFTER INSERT OR UPDATE OR DELETE ON projects_instalment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION projects_instalment_written();
CREATE CONSTRAINT TRIGGER assessment_holds_instalments AFTER UPDATE OF amount ON projects_assessment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION projects_assessment_written();
"""
NO_INSTALMENTS = """
DROP TRIGGER assessment_holds_instalments ON projects_assessment;
DROP TRIGGER instalments_within_assessment ON projects_instalment;
DROP FUNCTION projects_assessment_written();
DROP FUNCTION projects_instalment_written();
DROP FUNCTION projects_instalments_within(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_project_records")]

    operations = [
        migrations.RunSQL(FIRST_PAYMENT, NO_FIRST_PAYMENT),
        migrations.RunSQL(ADDENDUM, NO_ADDENDUM),
        migrations.RunSQL(OWN_ASSESSMENT, NO_OWN_ASSESSMENT),
        migrations.RunSQL(INSTALMENTS, NO_INSTALMENTS),
    ]
