"""The one settings file. What a council may want to change (calendars, wordings, amounts) is data and not here.

Every setting comes from an environment variable, described in docs/reference/settings.md. Without any, a database
address excepted, this is a place for development on one machine; `PLACE_KIND=live` asks for everything that a live
service needs and refuses what is unsafe.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from makegood.database.embedded import APPLICATION

from .environment import Environment, database

_env = Environment(os.environ)
_kind = _env.one_of("PLACE_KIND", ("live", "demo", "development"), "development")
_live = _kind == "live"

# The place
PLACE_NAME = _env.text("PLACE_NAME", "Anyborough Council")
PLACE_DEMO = _kind == "demo"
PLACE_ZONE = _env.text("PLACE_ZONE", "Europe/London")
PLACE_ADDRESS = _env.text("PLACE_ADDRESS", "http://127.0.0.1:8000")  # of the pages, for links in messages
PLACE_TELEPHONE = _env.text("PLACE_TELEPHONE", "01632 960 100")
if PLACE_ZONE not in available_timezones():
    _env.refuse(f"PLACE_ZONE is {PLACE_ZONE!r}; it should be a time zone such as Europe/London")
    PLACE_ZONE = "Europe/London"

# Safety
DEBUG = False
SECRET_KEY = _env.text("SECRET_KEY", "" if _live else "a key that signs nothing of worth, for development alone")
ALLOWED_HOSTS = _env.names("ALLOWED_HOSTS", [] if _live else ["127.0.0.1", "localhost", "testserver", "[::1]"])
CSRF_TRUSTED_ORIGINS = _env.names("TRUSTED_ORIGINS")
if _live:
    if len(SECRET_KEY) < 50:
        _env.refuse("SECRET_KEY should be at least 50 characters of chance; `makegood key` makes one")
    if not ALLOWED_HOSTS:
        _env.refuse("ALLOWED_HOSTS should name the host of the pages, such as promises.anyborough.example")
    if not PLACE_ADDRESS.startswith("https://"):
        _env.refuse(f"PLACE_ADDRESS is {PLACE_ADDRESS!r}; a live place should be reached by https")
_secure = PLACE_ADDRESS.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = _env.number("SIGN_IN_HOURS", 10, 1, 24) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_SSL_REDIRECT = False  # the proxy in front does it; health checks come by plain http
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# The database: the application's role for the daily work, the owner for migrations
_address = _env.text("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/not-set")
_owner = _env.text("DATABASE_OWNER_URL", _address)
DATABASES: dict[str, dict[str, object]] = {}
if _live and not _env.text("DATABASE_URL"):
    _env.refuse("DATABASE_URL should name the database, and DATABASE_OWNER_URL the same as its owner")
for _alias, _url in (("default", _address), ("owner", _owner)):
    try:
        _role = APPLICATION if _alias == "default" and _address == _owner else ""
        DATABASES[_alias] = database(_url, _role)
    except ValueError as _expected:
        _env.refuse(f"DATABASE_{'OWNER_' if _alias == 'owner' else ''}URL should be {_expected}")
        DATABASES[_alias] = database("postgresql://nobody@127.0.0.1:1/not-set")
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Mail
EMAIL_HOST = _env.text("SMTP_HOST", "127.0.0.1")
EMAIL_PORT = _env.number("SMTP_PORT", 1025, 1, 65535)
EMAIL_HOST_USER = _env.text("SMTP_USER")
EMAIL_HOST_PASSWORD = _env.text("SMTP_PASSWORD")
EMAIL_USE_TLS = _env.yes("SMTP_STARTTLS", _live)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _env.text("MAIL_FROM", "promises@anyborough.example")
if _live and DEFAULT_FROM_EMAIL.endswith("@anyborough.example"):
    _env.refuse("MAIL_FROM should be the address from which the place writes to residents")

# Sign-in of staff
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "makegood.rooms.people.forms.StaffAdapter"
SOCIALACCOUNT_ADAPTER = "makegood.rooms.people.forms.DirectoryAdapter"
_FORMS = "makegood.rooms.people.forms"
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.SignInForm",
    "change_password": f"{_FORMS}.ChangePasswordForm",
    "set_password": f"{_FORMS}.SetPasswordForm",
    "reset_password": f"{_FORMS}.ForgottenForm",
    "reset_password_from_key": f"{_FORMS}.NewPasswordForm",
    "reauthenticate": f"{_FORMS}.PasswordAgainForm",
}
MFA_FORMS = {
    "authenticate": f"{_FORMS}.CodeForm",
    "reauthenticate": f"{_FORMS}.CodeAgainForm",
    "activate_totp": f"{_FORMS}.FirstCodeForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{PLACE_NAME}: "
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are added by an administrator
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "10/m/ip,3/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _secure else 0  # whose tries are counted: who came to the proxy, not the proxy
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/desk/"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = PLACE_NAME
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator gave the address: there is nothing to verify
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
FORM_ACTION_ORIGINS: tuple[str, ...] = ()
if _env.text("OIDC_SERVER"):
    _directory = urlsplit(_env.text("OIDC_SERVER"))
    if _live and _directory.scheme != "https":
        _env.refuse("OIDC_SERVER should begin with https://")
    FORM_ACTION_ORIGINS = (f"{_directory.scheme}://{_directory.netloc}",)
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "directory",
                "name": _env.text("OIDC_NAME", "your work account"),
                "client_id": _env.text("OIDC_CLIENT"),
                "secret": _env.text("OIDC_SECRET"),
                "settings": {"server_url": _env.text("OIDC_SERVER"), "oauth_pkce_enabled": True},
            }
        ]
    }

# The house
INSTALLED_APPS = [
    "makegood.rooms.desk",  # before allauth: its templates are the sign-in pages
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "makegood.web",
    *(
        f"makegood.rooms.{room}"
        for room in ("journal", "people", "messages", "places", "services", "pledges", "cases", "remedies")
    ),
    "makegood.rooms.counter",
    *(["makegood.rooms.demonstration"] if PLACE_DEMO else []),
]
MIDDLEWARE = [
    "makegood.site.middleware.Log",
    "makegood.web.security.SecurityHeaders",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "makegood.site.middleware.WhoLooks",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "makegood.web.errors.Refusals",
]
ROOT_URLCONF = "makegood.site.urls"
WSGI_APPLICATION = "makegood.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "makegood.site.context.place",
            ]
        },
    }
]
FORM_RENDERER = "makegood.web.forms.KitRenderer"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
SESSION_ENGINE = "makegood.site.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"  # a cookie, so no session is written
CSRF_FAILURE_VIEW = "makegood.web.errors.csrf_failed"

# Words and files
LANGUAGE_CODE = "en-gb"
USE_TZ = True
TIME_ZONE = "UTC"  # Django would set the zone of the whole process; pages say instants in PLACE_ZONE by themselves
ZONE = ZoneInfo(PLACE_ZONE)
STATIC_URL = "/static/"
STATIC_ROOT = _env.text("STATIC_FOLDER") or None  # without it the pages serve their files from where they lie
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is kept in files
    "staticfiles": {"BACKEND": "makegood.web.files.VersionedFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 31_536_000  # the address of a file changes with the file

# Logs: a line of JSON for each request and each fault, without personal data
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "makegood.site.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "makegood": {"level": "INFO"},
        "django.request": {"level": "CRITICAL"},  # `middleware.Log` tells it, without addresses' secrets
        "django.security": {"level": "ERROR"},
    },
}

_env.refuse_mistakes()
