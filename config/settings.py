"""Django settings. Each comes from the environment, has a default and a sentence.

Operators set these through ``syncd.yaml``; the command line translates before Django starts.
``docs/configuration.md`` lists them.
"""

import copy
import hashlib
import hmac
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from config.keys import secret_key
from config.models.messages import Messages
from config.models.partners import SignIns
from config.models.people import People
from config.signing_in import *  # noqa: F403  settings are names of this module

# Where the store is: sqlite:///relative.db, sqlite:////absolute.db or postgresql://user@host/db.
DATABASE_URL = os.environ.get("SYNCD_DATABASE", "sqlite:///var/syncd.db")

# The address people reach the pages at; links in messages start with it.
PUBLIC_URL = os.environ.get("SYNCD_PUBLIC_URL", "http://127.0.0.1:8642")

# The address partners reach theirs at.
PARTNER_URL = os.environ.get("SYNCD_PARTNER_URL") or PUBLIC_URL

# How partners' people sign in by their own identity providers: JSON by partner, with secrets still by reference.
PARTNER_SIGN_INS = SignIns.model_validate_json(os.environ.get("SYNCD_PARTNER_SIGN_INS") or "{}")

# How people sign in: the section ``people`` of syncd.yaml as JSON, with secrets still by reference.
PEOPLE = People.model_validate_json(os.environ.get("SYNCD_PEOPLE") or "{}")

# How messages leave: mail, notify and webhooks of syncd.yaml as JSON, with secrets still by reference.
MESSAGES = Messages.model_validate_json(os.environ.get("SYNCD_MESSAGES") or "{}")

# The folder with syncd.yaml, strategy.yaml and rules.yaml.
CONFIG_DIR = os.environ.get("SYNCD_CONFIG", "")

# Set by ``syncd demo``: every page says that the company is made up.
DEMO = bool(os.environ.get("SYNCD_DEMO"))

# Which side this process serves: everything, or ``partners`` alone; then the store's inside is not even known to it.
SIDE = os.environ.get("SYNCD_SIDE", "")

# On PostgreSQL: by what the partner side connects, with a login of its own; without it, it takes the role SYNCD_PARTNER_ROLE.
PARTNERS_DATABASE_URL = os.environ.get("SYNCD_PARTNERS_DATABASE", "")
PARTNER_ROLE = os.environ.get("SYNCD_PARTNER_ROLE", "syncd_partner")

DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=None, conn_health_checks=True)}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")

if SQLITE:
    # Where the daemon keeps its lock, its job queue and its key: the folder of the database file.
    DATA_DIR = Path(str(DATABASES["default"]["NAME"])).absolute().parent
    # WAL lets pages read while a sync writes; IMMEDIATE takes the write lock before reading, so that
    # two writers wait instead of failing half-way. NORMAL survives a kill at any moment. A page of the queue of a million
    # items looks at a thousand rows that lie far apart: 4 ms with 4 MB of cache, 1 ms with 16, which only a large store fills.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
        " PRAGMA temp_store=MEMORY;",
    }
else:
    DATA_DIR = Path(os.environ.get("SYNCD_DATA", "var")).absolute()


def _beside(what: str) -> Any:
    """The connection to another file beside the store's, or to the schema of partners in the same database."""
    beside: Any = copy.deepcopy(DATABASES["default"])
    if SQLITE:
        store = Path(str(beside["NAME"]))
        beside["NAME"] = str(store.with_name(f"{store.stem}-{what}{store.suffix}"))
        return beside
    path = "-c search_path=partners"
    if what == "desk" and PARTNERS_DATABASE_URL:
        beside = dj_database_url.parse(PARTNERS_DATABASE_URL, conn_max_age=None, conn_health_checks=True)
    elif what == "desk":
        path += f" -c role={PARTNER_ROLE}"
    beside["OPTIONS"] = {**beside.get("OPTIONS", {}), "options": path}
    return beside


# What partners see, and what they write; syncd/partners/databases.py tells which connection sees what.
DATABASES |= {"partners": _beside("partners"), "outside": _beside("desk")}
DATABASE_ROUTERS = ["syncd.partners.databases.Router"]
if SIDE == "partners":
    DATABASES["default"] = {"ENGINE": "django.db.backends.dummy"}
    if not SQLITE:
        DATABASES["partners"] = {"ENGINE": "django.db.backends.dummy"}

# What the partner side signs with; on another machine, give the same to the worker and the partner side alone.
PARTNER_KEY = os.environ.get("SYNCD_PARTNER_KEY", "")

SECRET_KEY = PARTNER_KEY if SIDE == "partners" and PARTNER_KEY else secret_key(DATA_DIR)
PARTNER_KEY = PARTNER_KEY or hmac.new(SECRET_KEY.encode(), b"syncd.partners", hashlib.sha256).hexdigest()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SYNCD_HOSTS", "*").split(",")

INSTALLED_APPS = [
    "django.forms",
    "django.contrib.staticfiles",
    "django.contrib.contenttypes",  # allauth and auth name models by it
    "django.contrib.auth",
    "django.contrib.messages",
    "syncd.accounts",  # before allauth, whose pages it draws anew
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "syncd.trackers",
    "syncd.strategy",
    "syncd.review",
    "syncd.notify",
    "syncd.sharing",
    "syncd.mirrors",
    "syncd.partners",
    "syncd.partners.desk",
    "syncd.api",
    "syncd.web",
]
MIDDLEWARE = [
    "syncd.partners.side.PartnerSide",  # first: what is for partners meets nothing of what follows
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # tokens in pages are masked, and its answers vary in length
    "syncd.web.assets.StaticFiles",
    "syncd.accounts.door.Private",
    "syncd.api.around.Around",
    "csp.middleware.CSPMiddleware",
    "syncd.accounts.address.Proxies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "syncd.accounts.door.Door",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
PARTNER_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "syncd.accounts.address.Proxies",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",  # for feeds: pages are kept nowhere
    "syncd.partners.headers.Headers",
    "syncd.partners.faults.Plain",
    "syncd.partners.entrance.door.Door",
]
ROOT_URLCONF = "syncd.web.urls"
WSGI_APPLICATION = "syncd.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "syncd.web.frame.frame",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        "NAME": "partners",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parents[1] / "syncd" / "partners" / "templates"],
        "OPTIONS": {"builtins": ["django.templatetags.static", "syncd.partners.drawing"]},
    },
]
FORM_RENDERER = "syncd.web.forms.Renderer"
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # served from the packages they come in: there is nothing to collect
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "syncd.web.assets.Packaged"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

# What a browser is told about every page.
HTTPS = PUBLIC_URL.startswith("https://")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Sessions and cookies. Behind https no other host can set or read them (the prefix says so to browsers).
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_ENGINE = "syncd.accounts.sessions"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}syncd"
SESSION_COOKIE_AGE = int(PEOPLE.session.idle)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}syncd-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(PUBLIC_URL))]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# The same for partners, by names and ways of their own. The prefix wants the path to be all of the site.
PARTNER_HTTPS = PARTNER_URL.startswith("https://")
PARTNER_COOKIE_NAME = f"{'__Host-' if PARTNER_HTTPS else ''}syncd-partner"
PARTNER_FORM_COOKIE_NAME = f"{PARTNER_COOKIE_NAME}-form"
PARTNER_STATE_COOKIE_NAME = f"{PARTNER_COOKIE_NAME}-sso"
PARTNER_COOKIE_PATH = "/" if PARTNER_HTTPS else "/p/"

MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow localhost alone

LOGGING_CONFIG = None  # syncd.logs configures logging, once per process

if SIDE == "partners":
    # No app of the inside is there: not its models, nor its templates and static files.
    INSTALLED_APPS = ["django.contrib.staticfiles", "syncd.partners", "syncd.partners.desk"]
    MIDDLEWARE = ["syncd.partners.side.PartnerSide", "syncd.web.assets.StaticFiles"]
    TEMPLATES = TEMPLATES[1:]
    FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
    AUTHENTICATION_BACKENDS = []
    ROOT_URLCONF = "syncd.partners.alone"
