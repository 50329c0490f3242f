"""All settings on one page; what differs from place to place comes from the environment."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from config import environment, guards
from config.environment import BASE, env

ENV = environment.which()
LOCAL = ENV == environment.LOCAL
DATA = environment.data_folder()
FRONTEND = Path(env.str("RONDO_FRONTEND", default=str(BASE / "frontend" / "dist")))

SECRET_KEY = environment.secret_key(DATA, local=LOCAL)
SECRET_KEY_FALLBACKS = environment.old_keys(local=LOCAL)
DEBUG = environment.debug(local=LOCAL)
ALLOWED_HOSTS = environment.hosts(local=LOCAL)
CSRF_TRUSTED_ORIGINS = env.list("RONDO_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "knox",
    "csp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "conventions",
    "notices",
    "teams",
    "decisions",
    "meetings",
    "trying",
]

MIDDLEWARE = [
    "conventions.measures.Measured",
    "config.pages.Named",
    "django.middleware.security.SecurityMiddleware",
    "config.guards.Guarded",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "teams.signin.Recognised",
    "teams.watch.Watched",
    "conventions.language.Spoken",
    "allauth.account.middleware.AccountMiddleware",
    "trying.guests.GuestsHaveNoAccount",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# --- Where things are kept ------------------------------------------------------------------------

SQLITE_START = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA cache_size = -20000;
PRAGMA mmap_size = 134217728;
PRAGMA temp_store = MEMORY;
"""


def databases() -> dict[str, dict[str, Any]]:
    if not env.str("DATABASE_URL", default=""):
        return {"default": sqlite(DATA / "rondo.sqlite3")}
    found = dict(env.db_url("DATABASE_URL"))
    if "sqlite" in str(found["ENGINE"]):
        return {"default": sqlite(Path(str(found["NAME"])))}
    # The threads that serve are few and stay: a connection each, kept, and looked at before use.
    return {"default": {**found, "ENGINE": "conventions.postgresql", "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}}


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "conventions.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_START},
        # A file, not memory: several threads write to it in the tests too.
        "TEST": {"NAME": Path(tempfile.gettempdir()) / f"rondo-test-{os.getpid()}.sqlite3"},
    }


DATABASES = databases()
RONDO_OWNER = environment.owner_of_the_tables(DATABASES["default"])
RONDO_ONE_ACCOUNT = environment.one_account()

REDIS_URL = env.str("REDIS_URL", default="")

if REDIS_URL:
    CACHES: dict[str, dict[str, Any]] = {
        name: {
            "BACKEND": "conventions.cache.RedisWhileItLasts",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "rondo",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
        for name in ("default", "seen")
    }
    # A time-out on reading would end every subscription that has nothing to say for a while.
    CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "prefix": "rondo"},
        }
    }
else:
    # Two, so that however many strangers come, none of those who are here is forgotten for it.
    CACHES = {
        name: {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": name,
            "OPTIONS": {"MAX_ENTRIES": most},
        }
        for name, most in (("default", 10_000), ("seen", 1_000_000))
    }
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# In no cache: signing out has to count in every process at once, and signing in without Redis too.
SESSION_ENGINE = "teams.sessions"

# --- Time and language ----------------------------------------------------------------------------

TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en"
USE_I18N = True
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("nl", "Nederlands"), ("fr", "Français"), ("es", "Español")]
LOCALE_PATHS = [BASE / "locale"]
LANGUAGE_COOKIE_NAME = "language"

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "teams.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    *environment.breached_passwords(),
]

HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": "/confirm/{key}",
    "account_reset_password": "/password",
    "account_reset_password_from_key": "/password/{key}",
    "account_signup": "/signup",
    "socialaccount_login_error": "/signin?sso=1",
}
ACCOUNT_ADAPTER = "teams.signup.Accounts"
ACCOUNT_SIGNUP_FORM_CLASS = "teams.signup.NameForm"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Rondo] "
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
PASSWORD_RESET_TIMEOUT = 24 * 3600
# Counted for an address of the net, and for an account from that address (teams.guard): what others try with somebody's
# name must not lock that person out.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,20/h/key",
    "request_login_code": "10/m/ip,60/h/ip",
    "reset_password": "10/m/ip,60/h/ip",
    "signup": env.str("RONDO_ALLOW_SIGNUPS", default="20/m/ip"),
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES = env.int("RONDO_PROXIES", default=0)

MFA_ADAPTER = "teams.factors.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Rondo"
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "30/m/ip"}

SOCIALACCOUNT_ADAPTER = "teams.sso.SingleSignOn"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = environment.single_sign_on()

REST_KNOX = {"TOKEN_PREFIX": "rondo_", "TOKEN_TTL": timedelta(days=90), "AUTH_HEADER_PREFIX": "Bearer"}
# Its own table would be made and stay empty: tokens live in ours.
MIGRATION_MODULES = {"knox": None}
KNOX_TOKEN_MODEL = "teams.AccessToken"  # noqa: S105 - a model, not a password

# Called in the same transaction as every change of a membership: listener(team, account, change, by). Meetings first:
# everywhere a meeting's lock is taken before that of the decision it is at.
MEMBERSHIP_LISTENERS = ["meetings.circle.follow", "decisions.circle.follow"]
# What the rest of the house does, and knows, about one account: listener(account).
ACCOUNT_LISTENERS = {
    "renamed": ["decisions.circle.renamed", "meetings.circle.renamed"],
    "let_in_or_out": ["decisions.circle.let_in_or_out"],
    "leaving": ["decisions.circle.say_goodbye"],
    "told": ["decisions.contributions.told", "meetings.circle.told"],
}

# --- The interface --------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "teams.signin.Bearer",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["conventions.body.JsonBody"],
    "DEFAULT_RENDERER_CLASSES": ["conventions.answer.JsonAnswer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "conventions.errors.exception_handler",
    "NUM_PROXIES": PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

RONDO_ALLOWANCES: dict[str, str] = {
    "commands": env.str("RONDO_ALLOW_COMMANDS", default="120/min"),
    "reads": env.str("RONDO_ALLOW_READS", default="600/min"),
    "anonymous": env.str("RONDO_ALLOW_ANONYMOUS", default="60/min"),
    "invitations": env.str("RONDO_ALLOW_INVITATIONS", default="20/h"),
    "exports": env.str("RONDO_ALLOW_EXPORTS", default="20/h"),
    "trying": env.str("RONDO_ALLOW_TRYING", default="6/h"),
    "recoveries": env.str("RONDO_ALLOW_RECOVERIES", default="20/h"),
}

# How many may try Rondo out at once, without an account; and the pace of those who are played for them: at 1 an act
# takes from one to four seconds.
RONDO_TRY_PLACES = env.int("RONDO_TRY_PLACES", default=50)
# Without it nobody is told how this process fares.
RONDO_METRICS_TOKEN = env.str("RONDO_METRICS_TOKEN", default="")
RONDO_TRY_PACE = env.float("RONDO_TRY_PACE", default=1.0)

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Rondo",
    "DESCRIPTION": "Consent-based decisions for teams. Commands go in here; live state comes out by socket.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "conventions.description.for_every_call",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Role": "teams.models.Role",
        "InvitedRole": "teams.api.inputs.INVITED_AS",
        "SealedPolicy": "teams.models.Sealed",
        "TokenMadeBy": "teams.models.AccessToken.MadeBy",
        "DecisionPhase": "decisions.api.outputs.PHASES",
        "MeetingPhase": "meetings.api.outputs.PHASES",
        "RoundKind": ["clarifying", "reaction", "consent"],
        "AnswerKind": ["consent", "concern", "objection"],
    },
    "GET_LIB_DOC_EXCLUDES": "conventions.description.excluded",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100

# --- Pages and what surrounds them ----------------------------------------------------------------

STATIC_URL = "/static/"

CONTENT_SECURITY_POLICY = guards.CONTENT_SECURITY_POLICY
PERMISSIONS_POLICY = guards.PERMISSIONS_POLICY
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "conventions.last_resort.csrf_failure"

if not LOCAL:
    SECURE_SSL_REDIRECT = env.bool("RONDO_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("RONDO_HSTS_SUBDOMAINS", default=False)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrftoken"
    # Whether every name under this one has HTTPS, and may for ever, is the operator's to know.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Mail and logs --------------------------------------------------------------------------------

MAIL: dict[str, Any] = dict(env.email_url("EMAIL_URL", default="consolemail://"))
vars().update(MAIL)
EMAIL_TIMEOUT = 10  # seconds for each answer of the mail server
RONDO_MAIL = environment.mail_way(MAIL["EMAIL_BACKEND"], local=LOCAL)
DEFAULT_FROM_EMAIL = environment.sender(RONDO_MAIL, local=LOCAL)
ACCOUNT_EMAIL_VERIFICATION = environment.verification(RONDO_MAIL)
# By a code and not by a link: until it is entered nothing of the address is kept, and so nobody can shut its owner out
# by naming it first.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION == "mandatory"
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = RONDO_MAIL == "sent"
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION != "mandatory"
RONDO_URL = environment.public_url(ALLOWED_HOSTS, local=LOCAL)

# Addresses and outcomes, never what somebody wrote.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{message}",
            "style": "{",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": env.str("RONDO_LOG_FORM", default="plain")}},
    "root": {"handlers": ["stderr"], "level": env.str("RONDO_LOG", default="INFO")},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # A refusal is no news, and its address may hold an invitation's token.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
