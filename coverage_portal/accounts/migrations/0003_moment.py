"""What a kept page asks before anything else, planned once a connection instead of at every request."""

from django.db import migrations

# STABLE: the three see one moment, that of the statement that calls.
MOMENT = """
CREATE FUNCTION accounts_moment(
    reader bigint, today date, OUT generation text, OUT grants text, OUT permissions text
)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    SELECT
        (SELECT g.value::text FROM accounts_generation AS g WHERE g.id = 1),
        (SELECT string_agg(concat_ws(':', a.role, a.area_code, a.agency_code), ',' ORDER BY a.id)
            FROM accounts_areagrant AS a
            WHERE a.user_id = reader AND (a.valid_until IS NULL OR a.valid_until >= today)),
        (SELECT string_agg(held.permission_id::text, ',' ORDER BY held.permission_id) FROM (
            SELECT p.permission_id FROM accounts_user_user_permissions AS p WHERE p.user_id = reader
            UNION
            SELECT of_group.permission_id
            FROM accounts_user_groups AS of_user
            JOIN auth_group_permissions AS of_group ON of_group.group_id = of_user.group_id
            WHERE of_user.user_id = reader
        ) AS held)
    INTO generation, grants, permissions;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_groups")]
    operations = [migrations.RunSQL(MOMENT, "DROP FUNCTION accounts_moment(bigint, date)")]
