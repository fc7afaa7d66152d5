"""Django's settings, all derived from one validated object: `amphitheatre.web.config.WebConfig`."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from amphitheatre.web.config import from_environment, secret_key
from amphitheatre.web.settings import hospitals

AMPHITHEATRE = from_environment()
WEB = Path(__file__).resolve().parent.parent

SECRET_KEY = secret_key(AMPHITHEATRE.data)
DEBUG = False
ALLOWED_HOSTS = list(AMPHITHEATRE.hosts)
ROOT_URLCONF = "amphitheatre.web.urls"
ASGI_APPLICATION = "amphitheatre.web.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "modeltranslation",  # before what it translates
    "amphitheatre.web.ui",
    "amphitheatre.web.texts",
    "amphitheatre.web.mail",
    "amphitheatre.web.hooks",
    "amphitheatre.web.accounts",
    "amphitheatre.web.alliance",
    "amphitheatre.web.programme",
    "amphitheatre.web.registration",
    "amphitheatre.web.studio",
    "amphitheatre.web.office",  # before Wagtail, some of whose templates it replaces
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "anymail",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    "django.contrib.humanize",  # allauth's pages use it
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "amphitheatre.web.ui.policy.PagePolicy",
    "amphitheatre.web.ui.compression.CompressTexts",
    "amphitheatre.web.ui.redirects.TellRedirect",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "amphitheatre.web.ui.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "amphitheatre.web.accounts.seen.SeenMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "amphitheatre.web.ui.language.choices",
                "amphitheatre.web.ui.times.clock",
            ],
        },
    },
]

_database = AMPHITHEATRE.database
DATABASES = {
    "default": {
        "ENGINE": _database.engine,
        "NAME": _database.name,
        "USER": _database.user,
        "PASSWORD": _database.password,
        "HOST": _database.host,
        "PORT": _database.port,
        "OPTIONS": _database.options,
        "CONN_MAX_AGE": 600,  # seconds; one for each thread of `handler`
        "CONN_HEALTH_CHECKS": True,
    }
}
if _database.engine.endswith("sqlite3"):
    # Write-ahead log: a reader never waits for a writer. IMMEDIATE: a writer waits instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

# Accounts: e-mail and password, second factor, passkeys; locked for a while after wrong passwords.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "amphitheatre.web.office.role_permissions.RolePermissions",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "room-list"
ACCOUNT_ADAPTER = "amphitheatre.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the links of our own letters prove addresses
ACCOUNT_LOGOUT_REDIRECT_URL = "room-list"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "amphitheatre.web.accounts.sign_in.shown_name"
# django-axes counts wrong passwords of one address from one place, and remembers over a restart. allauth counts
# besides, wherever they come from, wrong passwords and wrong codes of the second factor (there axes is not asked).
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/key", "login": "120/m/ip"}  # a whole hospital may share one IP
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if AMPHITHEATRE.secure else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # steps of 30 s: people type slowly, phones' clocks are off (RFC 6238, 5.2)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the secretariat vouches for the address
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not AMPHITHEATRE.secure
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "amphitheatre.web.accounts.sign_in.typed_address"
AXES_CLIENT_IP_CALLABLE = "amphitheatre.web.accounts.sign_in.client_ip"
AXES_LOCKOUT_CALLABLE = "amphitheatre.web.accounts.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers are not written to
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password, a new passkey: the owner is told
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_ADAPTER = "amphitheatre.web.accounts.hospital_sign_in.HospitalSignIn"
SOCIALACCOUNT_PROVIDERS = hospitals.providers(AMPHITHEATRE.data / "keys" / hospitals.FILE)
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another site (Content-Security-Policy)
SOCIALACCOUNT_STORE_TOKENS = False

# Letters and other work that nobody waits for: kept in the database, done by the worker.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_BACKEND = AMPHITHEATRE.mail.backend
EMAIL_TIMEOUT = 30  # seconds
DEFAULT_FROM_EMAIL = AMPHITHEATRE.mail_from
for _name, _value in AMPHITHEATRE.mail.settings.items():
    globals()[_name] = _value

# The back office
WAGTAIL_SITE_NAME = "Amphitheatre"
WAGTAILADMIN_BASE_URL = AMPHITHEATRE.address
WAGTAILADMIN_LOGIN_URL = "office-door"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False  # accounts has its own pages
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False  # it would ask a server outside
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # likewise
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English"), ("fr", "Français")]

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English"), ("fr", "Français")]
MODELTRANSLATION_DEFAULT_LANGUAGE = LANGUAGE_CODE
MODELTRANSLATION_ENABLE_FALLBACKS = False  # `texts.shown` falls back, and says so
LANGUAGE_COOKIE_NAME = "amphitheatre_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [WEB / "locale"]
FORMAT_MODULE_PATH = ["amphitheatre.web.ui.formats"]
USE_TZ = True
TIME_ZONE = AMPHITHEATRE.time_zone

# Static files come straight from the source tree, with a digest in their address.
STATIC_URL = "/static/"
STATICFILES_DIRS = [WEB / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "amphitheatre.web.ui.digest.DigestStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600  # seconds
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/front/.+[-.][0-9A-Za-z_-]{8,}\.\w+$"

# Safety
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"  # a guest link is a right to join: it must not leave with a referrer
CSRF_FAILURE_VIEW = "amphitheatre.web.ui.views.csrf_failed"
SESSION_COOKIE_NAME = "amphitheatre_session"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True  # no script of ours reads them
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = AMPHITHEATRE.secure
SECURE_HSTS_SECONDS = 31_536_000 if AMPHITHEATRE.secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if AMPHITHEATRE.secure else None
# The proxy with the certificate sends http:// to https://; whether other names of the hospital's domain are
# reached by HTTPS alone is the hospital's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in AMPHITHEATRE.hosts] if AMPHITHEATRE.secure else []

LOGGING_CONFIG = "amphitheatre.web.settings.logs.configure"
LOGGING = {"level": "INFO"}
