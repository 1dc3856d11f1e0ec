"""The history can be added to and read, and nothing else: also not by a superuser of the database.

The triggers fire whatever `session_replication_role` says. Two functions may do more, each of which writes
down that it did: `accounts_redact` blanks what a person's rights ask to be blanked, `accounts_clear_example`
takes out what belongs to the users of the example. That one of them is at work is read from the call stack,
which no setting can forge.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION accounts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stack text;
BEGIN
    GET DIAGNOSTICS stack = PG_CONTEXT;
    IF stack ~ 'function (public\\.)?accounts_(redact|clear_example)\\(' THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of % is refused: the history can only be added to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
TRIGGERS = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION accounts_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_append_only();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_append_only;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
"""
REDACT = """
CREATE FUNCTION accounts_redact(of_model text, of_ids text[], of_keys text[], by_user bigint, why text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    redacted bigint;
    person accounts_user;
BEGIN
    IF coalesce(why, '') = '' THEN
        RAISE EXCEPTION 'redacting the history takes a reason';
    END IF;
    SELECT * INTO person FROM accounts_user WHERE id = by_user;
    UPDATE accounts_change AS c SET
        summary = '(disamarkan)',
        before = (SELECT jsonb_object_agg(key, CASE WHEN key = ANY(of_keys) THEN 'null'::jsonb ELSE value END)
            FROM jsonb_each(nullif(c.before, 'null'::jsonb))),
        after = (SELECT jsonb_object_agg(key, CASE WHEN key = ANY(of_keys) THEN 'null'::jsonb ELSE value END)
            FROM jsonb_each(nullif(c.after, 'null'::jsonb)))
    WHERE c.model = of_model AND c.object_id = ANY(of_ids);
    GET DIAGNOSTICS redacted = ROW_COUNT;
    INSERT INTO accounts_event
        (at, kind, user_id, actor, key, network, areas, what, count, detail, reason)
    VALUES (now(), 'redacted', by_user, coalesce(person.username, 'sistem'), '', '', '{}', of_model, redacted,
        jsonb_build_object('ids', to_jsonb(of_ids), 'columns', to_jsonb(of_keys)), why);
    RETURN redacted;
END $$;
"""
CLEAR = """
CREATE FUNCTION accounts_clear_example(of_action uuid, of_users bigint[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    cleared bigint;
BEGIN
    IF EXISTS (SELECT FROM accounts_user WHERE id = ANY(of_users) AND username NOT LIKE 'demo.%') THEN
        RAISE EXCEPTION 'only the users of the example can be cleared out of the history';
    END IF;
    DELETE FROM accounts_change WHERE action = of_action OR user_id = ANY(of_users);
    GET DIAGNOSTICS cleared = ROW_COUNT;
    DELETE FROM accounts_event WHERE user_id = ANY(of_users);
    INSERT INTO accounts_event
        (at, kind, actor, key, network, areas, what, count, detail, reason)
    VALUES (now(), 'cleared', 'sistem', '', '', '{}', 'Data contoh', cleared, '{}'::jsonb, '');
    RETURN cleared;
END $$;
"""
TABLES = ("accounts_change", "accounts_event")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_events")]

    operations = [
        migrations.RunSQL(GUARD, "DROP FUNCTION accounts_append_only() CASCADE"),
        *(migrations.RunSQL(TRIGGERS.format(table=table), migrations.RunSQL.noop) for table in TABLES),
        migrations.RunSQL(REDACT, "DROP FUNCTION accounts_redact(text, text[], text[], bigint, text)"),
        migrations.RunSQL(CLEAR, "DROP FUNCTION accounts_clear_example(uuid, bigint[])"),
    ]
