"""Samples of persons are sealed from now on. Those that stand readable go: only samples have no key."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_purged_at")]

    operations = [
        migrations.RunSQL(
            "DELETE FROM intake_stagedrecord WHERE key = '[]'::jsonb AND NOT after ? 'sealed'",
            migrations.RunSQL.noop,
        ),
    ]
