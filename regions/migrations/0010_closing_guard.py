"""What a closed month is made of changes only through an exception, held by the database.

A statement that touches the reported members of a closed month, or a year's workforce or target that the
figures published of one have used, is refused, unless each of these months has an exception that still holds.
`counted` and `complete_list` are the working figure and stay free. A province's own total is closed while all
its regencies' months are. See docs/adr on what is closed with a month.

Whoever changes a month's state takes the same lock first, so that nothing can be written between the look
at a month and its closing.
"""

from django.db import migrations

CLOSED = """
CREATE FUNCTION regions_closed() RETURNS TABLE (regency_id varchar, month date, release_id bigint)
LANGUAGE sql STABLE AS $$
    SELECT status.regency_id, status.month, status.release_id FROM regions_periodstatus status
    WHERE status.state IN ('approved', 'locked') AND NOT EXISTS (
        SELECT FROM regions_periodexception exception
        WHERE exception.regency_id = status.regency_id AND exception.month = status.month
            AND exception.valid_until > clock_timestamp()
    )
$$;
CREATE FUNCTION regions_month_is_closed(province varchar, regency varchar, at date) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN regency IS NOT NULL THEN
        EXISTS (SELECT FROM regions_closed() closed WHERE closed.regency_id = regency AND closed.month = at)
    ELSE
        EXISTS (SELECT FROM regions_regency WHERE province_id = province) AND NOT EXISTS (
            SELECT FROM regions_regency inside WHERE inside.province_id = province AND NOT EXISTS (
                SELECT FROM regions_closed() closed
                WHERE closed.regency_id = inside.code AND closed.month = at
            )
        )
    END
$$;
CREATE FUNCTION regions_workforce_is_closed(regency varchar, part varchar, of_year integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM regions_closed() closed JOIN regions_publishedcell cell USING (release_id)
        WHERE closed.regency_id = regency AND cell.workforce_year = of_year
            -- The whole is made of every segment that counts, and of the total without detail.
            AND (cell.segment = part OR (cell.segment IS NULL AND part IS DISTINCT FROM 'PMI'))
    )
$$;
CREATE FUNCTION regions_target_is_closed(province varchar, regency varchar, of_year integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM regions_closed() closed JOIN regions_publishedcell cell USING (release_id)
        JOIN regions_regency inside ON inside.code = closed.regency_id
        WHERE cell.segment IS NULL AND cell.target_year = of_year AND (
            closed.regency_id = regency OR (inside.province_id = province AND NOT cell.target_is_own)
        )
    )
$$;
"""
NO_CLOSED = """
DROP FUNCTION regions_target_is_closed(varchar, varchar, integer);
DROP FUNCTION regions_workforce_is_closed(varchar, varchar, integer);
DROP FUNCTION regions_month_is_closed(varchar, varchar, date);
DROP FUNCTION regions_closed();
"""

# A table: what identifies a row, what else of it may not change, whether a row speaks of it at all, and the test.
GUARDED = (
    (
        "membership",
        ("province_id", "regency_id", "segment", "month"),
        ("reported", "source", "data_date"),
        "{side}.reported IS NOT NULL",
        "regions_month_is_closed(touched.province_id, touched.regency_id, touched.month)",
    ),
    (
        "workforce",
        ("province_id", "regency_id", "segment", "year"),
        ("people", "source", "data_date"),
        "{side}.regency_id IS NOT NULL",
        "regions_workforce_is_closed(touched.regency_id, touched.segment, touched.year)",
    ),
    (
        "target",
        ("province_id", "regency_id", "year"),
        ("percent", "legal_basis"),
        "true",
        "regions_target_is_closed(touched.province_id, touched.regency_id, touched.year)",
    ),
)
GUARD = """
CREATE FUNCTION regions_guard_{name}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF regions_removing_example() OR NOT EXISTS ({touched}) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('regions:closing', 0));
    IF EXISTS (SELECT FROM ({touched}) AS touched WHERE {is_closed}) THEN
        RAISE EXCEPTION 'a closed month would change'
            USING ERRCODE = 'check_violation', CONSTRAINT = '{name}_of_closed_month';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {name}_guard_{event} AFTER {event} ON regions_{name}
    REFERENCING {transitions} FOR EACH STATEMENT EXECUTE FUNCTION regions_guard_{name}_{event}();
"""
NO_GUARD = """
DROP TRIGGER {name}_guard_{event} ON regions_{name};
DROP FUNCTION regions_guard_{name}_{event}();
"""


def _columns(side, names):
    return ", ".join(f"{side}.{name}" for name in names)


def _touched(event, keys, values, speaks):
    if event == "update":
        everything = (*keys, *values)
        # Where only one of the two speaks of it, its own side is the one that is found.
        changed = f"({_columns('removed', everything)}) IS DISTINCT FROM ({_columns('added', everything)})"
        sides = ("removed", "added")
        return " UNION ".join(
            f"SELECT {_columns(side, keys)} FROM removed FULL JOIN added USING (id)"  # noqa: S608
            f" WHERE {speaks.format(side=side)} AND {changed}"
            for side in sides
        )
    side = {"insert": "added", "delete": "removed"}[event]
    return f"SELECT DISTINCT {_columns(side, keys)} FROM {side} WHERE {speaks.format(side=side)}"  # noqa: S608


def _statements(template):
    statements = []
    for name, keys, values, speaks, is_closed in GUARDED:
        for event, transitions in (
            ("insert", "NEW TABLE AS added"),
            ("update", "NEW TABLE AS added OLD TABLE AS removed"),
            ("delete", "OLD TABLE AS removed"),
        ):
            touched = _touched(event, keys, values, speaks)
            statements.append(
                template.format(
                    name=name, event=event, transitions=transitions, touched=touched, is_closed=is_closed
                )
            )
    return "".join(statements)


class Migration(migrations.Migration):
    dependencies = [("regions", "0009_closing_append_only")]

    operations = [
        migrations.RunSQL(CLOSED, NO_CLOSED),
        migrations.RunSQL(_statements(GUARD), _statements(NO_GUARD)),
    ]
