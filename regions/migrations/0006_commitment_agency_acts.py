"""Who answers for a promise acts in its regency: an agency of it, of its province, or of no area."""

from django.db import migrations

AGENCY_ACTS = """
CREATE FUNCTION regions_commitment_agency_acts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    area text;
    astray boolean;
BEGIN
    IF TG_TABLE_NAME = 'regions_agency' THEN
        area := coalesce(NEW.regency_id, NEW.province_id, '');
        SELECT EXISTS (
            SELECT FROM regions_commitment WHERE agency_id = NEW.id AND NOT starts_with(regency_id, area)
        ) INTO astray;
    ELSE
        -- Locked, so that nobody moves the agency elsewhere at the same time.
        SELECT coalesce(regency_id, province_id, '') INTO area
        FROM regions_agency WHERE id = NEW.agency_id FOR SHARE;
        astray := NOT starts_with(NEW.regency_id, area);
    END IF;
    IF astray THEN
        RAISE EXCEPTION 'the agency does not act in the regency of the commitment'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_agency_acts';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER commitment_agency_acts AFTER INSERT OR UPDATE OF agency_id, regency_id ON regions_commitment
    FOR EACH ROW EXECUTE FUNCTION regions_commitment_agency_acts();
CREATE TRIGGER agency_acts_for_commitments AFTER UPDATE OF province_id, regency_id ON regions_agency
    FOR EACH ROW EXECUTE FUNCTION regions_commitment_agency_acts();
"""
NO_AGENCY_ACTS = """
DROP TRIGGER agency_acts_for_commitments ON regions_agency;
DROP TRIGGER commitment_agency_acts ON regions_commitment;
DROP FUNCTION regions_commitment_agency_acts();
"""


class Migration(migrations.Migration):
    dependencies = [("regions", "0005_commitment")]

    operations = [migrations.RunSQL(AGENCY_ACTS, NO_AGENCY_ACTS)]
