"""Django settings. Each comes from the environment, has a default and a sentence.

Operators set these through ``syncd.yaml``; the command line translates before Django starts.
``docs/configuration.md`` lists them.
"""

import os
import secrets
from pathlib import Path

import dj_database_url

# Where the store is: sqlite:///relative.db, sqlite:////absolute.db or postgresql://user@host/db.
DATABASE_URL = os.environ.get("SYNCD_DATABASE", "sqlite:///var/syncd.db")

# The address people reach the pages at; links in messages start with it.
PUBLIC_URL = os.environ.get("SYNCD_PUBLIC_URL", "http://127.0.0.1:8642")

# The folder with syncd.yaml, strategy.yaml and rules.yaml.
CONFIG_DIR = os.environ.get("SYNCD_CONFIG", "")

DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=None, conn_health_checks=True)}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")

if SQLITE:
    # Where the daemon keeps its lock, its job queue and its key: the folder of the database file.
    DATA_DIR = Path(str(DATABASES["default"]["NAME"])).absolute().parent
    # WAL lets pages read while a sync writes; IMMEDIATE takes the write lock before reading, so that
    # two writers wait instead of failing half-way. NORMAL survives a kill at any moment.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000;"
        " PRAGMA temp_store=MEMORY;",
    }
else:
    DATA_DIR = Path(os.environ.get("SYNCD_DATA", "var")).absolute()


def _secret_key() -> str:
    """From SYNCD_SECRET_KEY, else from a file beside the database that is made once, readable to us alone."""
    if key := os.environ.get("SYNCD_SECRET_KEY"):
        return key
    path = DATA_DIR / "secret.key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SYNCD_HOSTS", "*").split(",")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "syncd.trackers",
    "syncd.strategy",
    "syncd.review",
    "syncd.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "syncd.web.middleware.ContentSecurityPolicy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "syncd.web.urls"
WSGI_APPLICATION = "syncd.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # served from the packages they come in: there is nothing to collect
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
LOGGING_CONFIG = None  # syncd.logs configures logging, once per process
