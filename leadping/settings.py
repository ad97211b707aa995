"""Django settings; every one that differs between installations is read from the environment.

The README's table of settings is the documentation of the names read here.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ

from leadping import embedded_postgres, logs
from leadping.mail_server import check_mail_from, check_public_url, describe_server, read_email_url

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def required(name: str, why: str) -> str:
    """The setting's value, or one sentence on stderr and the end of the process."""
    value = env.str(name, "")
    if not value:
        sys.exit(f"The setting {name} is missing: {why} Set it in the environment or in .env.")
    return value


DEBUG = env.bool("DEBUG", False)
SECRET_KEY = required("SECRET_KEY", "it signs sessions and links.")
# Keys what stands for phones and emails; empty means SECRET_KEY.
CONTACT_HASH_KEY = env.str("CONTACT_HASH_KEY", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")

TRUSTEDFORM_URL = env.str("TRUSTEDFORM_URL", "https://cert.trustedform.com")
TRUSTEDFORM_API_KEY = env.str("TRUSTEDFORM_API_KEY", "")
# Seconds to connect and seconds to read; an intake request waits at most their sum.
TRUSTEDFORM_TIMEOUT = tuple(float(part) for part in env.list("TRUSTEDFORM_TIMEOUT", default=["1", "2"]))
# As `leadping/gunicorn_conf.py` has it.
WEB_THREADS = env.int("WEB_THREADS", 200)
ALLOW_TRUSTEDFORM_SANDBOX = env.bool("ALLOW_TRUSTEDFORM_SANDBOX", False)
PHONE_LOOKUP_URL = env.str("PHONE_LOOKUP_URL", "")
PHONE_LOOKUP_CLIENT = env.str("PHONE_LOOKUP_CLIENT", "leads.phone_lookup.ask_json_service")

# What links in mails begin with; a job has no request that would tell.
PUBLIC_URL = check_public_url(env.str("PUBLIC_URL", f"http://127.0.0.1:{env.str('PORT', '8000')}"))
MAIL_FROM = DEFAULT_FROM_EMAIL = SERVER_EMAIL = check_mail_from(
    env.str("MAIL_FROM", "Leadping <leadping@localhost>")
)
MAIL_SERVER = read_email_url(env.str("EMAIL_URL", ""))
globals().update(MAIL_SERVER)
EMAIL_FILE_PATH = str(BASE_DIR / ".leadping" / "mail")
# With the password taken out.
EMAIL_URL = describe_server(MAIL_SERVER, folder=EMAIL_FILE_PATH)

REFUSED_BODY_DAYS = env.int("REFUSED_BODY_DAYS", 90)
USER_API_RATE_PER_MINUTE = env.int("USER_API_RATE_PER_MINUTE", 1200)
AUDIT_HEADS_FILE = env.str("AUDIT_HEADS_FILE", str(BASE_DIR / ".leadping" / "audit-heads.jsonl"))
DOSSIER_KEY_FILE = env.str("DOSSIER_KEY_FILE", str(BASE_DIR / ".leadping" / "dossier-key.pem"))

# What else a verification of the log compares with its events; see `leadping/audit/verification.py`.
AUDIT_CHECKS = ["sources.fingerprints.verify"]
# What tells the rooms below how many leads of a source were taken; see `sources/recounting.py`.
LEADS_COUNTED_BY = "leads.intake.contention.count_taken"

INSTALLED_APPS = [
    "leadping.apps.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "procrastinate.contrib.django",
    # allauth.mfa needs allauth.account, whose two tables of email addresses stay empty.
    "allauth.account",
    "allauth.mfa",
    "leadping.apps.LeadpingConfig",
    "leadping.accounts",
    "sources",
    "compliance",
    "conversations",
    "leads",
]

MIDDLEWARE = [
    "leadping.middleware.RequestScope",
    "leadping.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "leads.doors.Shortcut",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "leadping.accounts.sessions.SessionLimits",
]

ROOT_URLCONF = "leadping.urls"
WSGI_APPLICATION = "leadping.wsgi.application"
# Both /leads and /leads/ are routes, so nothing is ever redirected to add a slash.
APPEND_SLASH = False

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
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=embedded_postgres.DEV.url())}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0,
    "OPTIONS": {
        **DATABASES["default"].get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": 7, "timeout": 3, "reconnect_timeout": 2},
        # Django's default of None makes psycopg ignore prepare=True, which the recording step needs.
        "prepare_threshold": 1_000_000,
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["leadping.accounts.backends.PasswordBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace:leads"

ACCOUNT_ADAPTER = "leadping.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {
    "login": "leadping.accounts.forms.SignInForm",
    "reauthenticate": "leadping.accounts.forms.PasswordForm",
}
MFA_ADAPTER = "leadping.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Leadping"
# Clocks that are half a minute off are forgiven.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "leadping.accounts.forms.CodeForm",
    "reauthenticate": "leadping.accounts.forms.CodeAgainForm",
    "activate_totp": "leadping.accounts.forms.NewAppForm",
}
# Theirs count in a cache, which races and which each process has of its own; see accounts/attempts.py.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False

REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", False)
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 60)
SESSION_HOURS = env.int("SESSION_HOURS", 12)

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".leadping" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# TLS ends at the proxy, which says so in this header; see the README on deployment.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 0)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(TRUSTED_PROXIES)
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
CSRF_FAILURE_VIEW = "leadping.pages.csrf_failed"
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # frames are refused by the Content Security Policy
    "security.W005",  # whether other hosts of the domain speak TLS is not ours to say
    "security.W008",  # the proxy that ends TLS redirects to it
    "security.W021",  # nor may we enter somebody's domain in the browsers' lists
]
# Intake reads at most its own, smaller bound; this one guards the console's forms.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
# An action on a list names each row that was chosen, up to a thousand of them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_100

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "leadping.accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["leadping.accounts.rates.UserRate"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "leadping.api.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "leadping.api.answer_exception",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Leadping",
    "DESCRIPTION": "The gateway through which sales leads enter a business.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "PREPROCESSING_HOOKS": ["leads.api.schema.without_closing_slash"],
    "POSTPROCESSING_HOOKS": ["leads.api.schema.without_noise", "leads.api.schema.in_reading_order"],
}

LOGGING_CONFIG = None
logs.configure(debug=DEBUG)


def check_trustedform_url(url: str, *, sandbox_allowed: bool) -> None:
    """Our API key goes to this address, so it is https, or the sandbox on loopback and said aloud."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return
    loopback = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not (loopback and sandbox_allowed):
        sys.exit(
            "TRUSTEDFORM_URL must begin with https://. A sandbox on 127.0.0.1 may use http:// "
            "when ALLOW_TRUSTEDFORM_SANDBOX=1 is set."
        )


check_trustedform_url(TRUSTEDFORM_URL, sandbox_allowed=ALLOW_TRUSTEDFORM_SANDBOX)
