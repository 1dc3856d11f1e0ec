"""Bringing a backup back. Until every table is seen to be what was saved, what was there stays there.

What is there is set aside by renaming its schema, which takes no time, and named back if anything goes wrong.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction

from . import checksums, manifest, programs
from .checksums import Content
from .manifest import DUMP, UPLOADS, Manifest, Unusable

ASIDE = "before_restore"
UPLOADS_ASIDE = "uploads.before_restore"
UPLOADS_NEW = "uploads.restoring"


def checked(folder: Path) -> Manifest:
    """The manifest of a backup that is whole and fits. Changes nothing. Raises Unusable."""
    found = manifest.read(folder)
    manifest.check(folder, found, postgresql=connection.pg_version // 10000)
    return found


def restore(folder: Path, *, replace: bool = False) -> Manifest:
    """Bring the backup in `folder` back, database and uploads; all of it or nothing.

    Args:
        replace: give up what is there; else anything there is a reason to refuse.

    Raises:
        Unusable: the backup is refused; what is there is untouched.
        CommandError: something is in the way, or it failed; what was there is there again.
    """
    found = checked(folder)
    if _has_aside():
        raise CommandError("An earlier restore was interrupted: run restore --back first")
    _refuse_company()
    if not replace and not _is_empty():
        raise CommandError(
            "The database is not empty. Say --replace to give up all that is in it and in the uploads"
        )
    uploads = Path(settings.UPLOAD_DIR)
    fresh = uploads.with_name(UPLOADS_NEW)
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(folder / UPLOADS, fresh)
    fresh.chmod(0o700)
    _set_aside()
    try:
        _load(folder / DUMP)
        _compare(found.tables)
        _swap(uploads, fresh)
        # From here on it is done.
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")
    except BaseException:
        _bring_back()
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(uploads.with_name(UPLOADS_ASIDE), ignore_errors=True)
    with connection.cursor() as cursor:
        # The planner knows nothing of restored tables, and a page may be kept of those that were there.
        cursor.execute("ANALYZE")
        cursor.execute("UPDATE public.accounts_generation SET value = gen_random_uuid()")
    return found


def bring_back() -> bool:
    """Bring back what a restore that was killed has set aside; whether there was anything."""
    if not _has_aside():
        return False
    _refuse_company()
    _bring_back()
    return True


def _load(dump: Path) -> None:
    how = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--no-password"]
    name = connection.get_connection_params()["dbname"]
    programs.run("pg_restore", [*how, f"--dbname={name}", str(dump)])


def _compare(tables: dict[str, Content]) -> None:
    """See that every table holds what was saved. Raises Unusable."""
    with checksums.one_moment():
        restored = checksums.of_tables()
    for name in sorted(tables.keys() | restored.keys()):
        if tables.get(name) != restored.get(name):
            raise Unusable(f"Table {name} is not what was saved after restoring it")


def _is_empty() -> bool:
    """Whether the database has no table and the portal no upload."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'v', 'm', 'p'))"
        )
        return not cursor.fetchone()[0] and not any(Path(settings.UPLOAD_DIR).glob("*.sealed"))


def _refuse_company() -> None:
    """Nobody may write meanwhile: a portal that runs is to be stopped first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        others = cursor.fetchone()[0]
    if others:
        raise CommandError(f"{others} others are connected to the database: stop the portal everywhere first")


def _has_aside() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [ASIDE])
        return bool(cursor.fetchone()[0])


def _set_aside() -> None:
    """Rename what is there, and make room."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
        cursor.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        cursor.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


def _bring_back() -> None:
    """Undo `_set_aside` and `_swap`, as far as they have got."""
    uploads = Path(settings.UPLOAD_DIR)
    aside = uploads.with_name(UPLOADS_ASIDE)
    if aside.is_dir():
        shutil.rmtree(uploads, ignore_errors=True)
        aside.rename(uploads)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
        cursor.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")


def _swap(uploads: Path, fresh: Path) -> None:
    uploads.mkdir(mode=0o700, exist_ok=True)
    uploads.rename(uploads.with_name(UPLOADS_ASIDE))
    fresh.rename(uploads)
