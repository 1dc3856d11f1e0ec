"""The real settings over a throw-away embedded server, with a password hasher that costs nothing.

The process that starts the run makes the folder for it; pytest-xdist's workers find it in the environment.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for name in (
    *("DATABASE_URL", "DATABASE_URL_FILE", "DATABASE_REPLICA_URL", "DATABASE_REPLICA_URL_FILE"),
    *("HTTPS", "DEBUG", "HOME_PROVINCE", "PUBLIC_AGGREGATES"),
):
    os.environ.pop(name, None)

if "TEST_VAR_DIR" not in os.environ:
    os.environ["TEST_VAR_DIR"] = tempfile.mkdtemp(prefix="portal-test-")
    atexit.register(shutil.rmtree, os.environ["TEST_VAR_DIR"], ignore_errors=True)
os.environ["VAR_DIR"] = os.environ["TEST_VAR_DIR"]

from coverage_portal.settings import *  # noqa: E402, F403, TID251
from coverage_portal.settings import BASE_DIR, VAR_DIR  # noqa: E402, TID251

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Collected once and kept between runs, for compressing takes seconds.
STATIC_ROOT = BASE_DIR / "var" / "static-of-tests"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

assert Path(os.environ["TEST_VAR_DIR"]) == VAR_DIR
