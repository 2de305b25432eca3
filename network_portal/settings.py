"""Settings of the portal: each difference between machines is an environment variable."""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from environs import Env

from network_portal.embedded import services

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)
LOCAL_DIR = env.path("LOCAL_DIR", default=BASE_DIR / ".local").absolute()

# Without DATABASE_URL and REDIS_URL the portal keeps servers of its own in `.local/`;
# that mode is for one machine and brings its own secrets, a production must name them.
DEMO = env.bool("DEMO", default=not env.str("DATABASE_URL", default=""))
DEBUG = env.bool("DEBUG", default=False)
if not DEMO:
    services.require(env, "SECRET_KEY", "DATABASE_URL", "REDIS_URL")
SECRET_KEY = services.local_secret(LOCAL_DIR) if DEMO else env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
# Whose pages a guest sees at an address that no municipality names as its domain.
DEFAULT_MUNICIPALITY = env.str("DEFAULT_MUNICIPALITY", default="")
# Shown on the pages that open when nothing else does.
SUPPORT_PHONE = env.str("SUPPORT_PHONE", default="")

INSTALLED_APPS = [
    "communities",
    "events",
    "materials",
    "attestation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "rules",
    "template_partials",
    "network_portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "network_portal.middleware.clean_input_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "network_portal.middleware.personal_pages_middleware",
    "communities.middleware.municipality_middleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "network_portal.urls"
WSGI_APPLICATION = "network_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "network_portal.context.portal",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "network_portal.templatetags.portal",
            ],
        },
    }
]
FORM_RENDERER = "network_portal.forms.PortalRenderer"

# The pool needs CONN_MAX_AGE = 0; (processes x pool) + workers stay below max_connections.
DATABASES = {
    "default": {
        **services.database(env.str("DATABASE_URL", default=""), LOCAL_DIR),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a restarted server costs nobody an error page
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": env.int("DATABASE_POOL", default=6),
                "timeout": 3,
                "reconnect_timeout": 2,  # then the next request tries anew, not a timer
            },
            "connect_timeout": 3,
            "tcp_user_timeout": 15_000,  # a server that vanished is noticed, not waited for
            "keepalives_idle": 30,
            "server_side_binding": True,
            "prepare_threshold": 5,  # what is asked again and again is planned once
        },
        "TEST": {"NAME": env.str("TEST_DATABASE", default="test_portal")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_redis = services.redis_urls(env.str("REDIS_URL", default=""), LOCAL_DIR)
CACHES = {
    "default": {
        "BACKEND": "network_portal.cache.ForgivingRedisCache",
        "LOCATION": _redis.cache,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1},
    }
}
CELERY_BROKER_URL = _redis.broker
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker never gives up waiting
# A page does not wait for a broker that is gone: one quick second try, then the row waits.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    # A code to sign in must not wait for the texts of ten large files.
    "priority_steps": [0, 9],
    "queue_order_strategy": "priority",
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 60 * 60  # what hangs is killed, and its job taken up again
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "communities.sweep_jobs", "schedule": 10.0},
    "send-letters": {"task": "communities.send_letters", "schedule": 30.0},
    "flush-downloads": {"task": "materials.flush_downloads", "schedule": 60.0},
    # Every hour: municipalities have midnights of their own.
    "follow-orders": {"task": "communities.follow_orders", "schedule": crontab(minute=5)},
    "open-school-years": {"task": "events.open_school_years", "schedule": crontab(minute=10)},
    "tidy": {"task": "communities.tidy", "schedule": crontab(hour=2, minute=20)},
    "remind-deadlines": {
        "task": "attestation.remind_deadlines",
        "schedule": crontab(hour=4, minute=30),
    },
    "start-yearly-batch": {
        "task": "attestation.start_yearly_batch",
        "schedule": crontab(hour=3, minute=0),
    },
}
# From this month and day on, drafts of the closing year's reports appear by themselves.
REPORT_BATCH_DAY = env.str("REPORT_BATCH_DAY", default="06-01")

AUTH_USER_MODEL = "communities.User"
AUTHENTICATION_BACKENDS = ["communities.accounts.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "communities.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # the password makes allauth ask for one
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Limits on sign-in are counted by address: behind a proxy, by the one the proxy saw.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
# A whole school may sit behind one address: one who guesses must not lock out the others, so
# the strict limit is that of the account.
ACCOUNT_RATE_LIMITS = {
    "login": "240/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "request_login_code": "60/m/ip,3/m/key",
}
ACCOUNT_FORMS = {
    "login": "communities.account_forms.SignInForm",
    "request_login_code": "communities.account_forms.RequestCodeForm",
    "confirm_login_code": "communities.account_forms.ConfirmCodeForm",
    "change_password": "communities.account_forms.ChangePasswordForm",
    "set_password": "communities.account_forms.SetPasswordForm",
    "reauthenticate": "communities.account_forms.AskPasswordForm",
}

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский")]
LOCALE_PATHS = [BASE_DIR / "network_portal" / "locale"]
TIME_ZONE = "UTC"  # stored in UTC, shown in the zone of the municipality
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=LOCAL_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=LOCAL_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
UPLOAD_LIMIT = 50 * 1024 * 1024  # bytes of one file
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Without a script the list of an event sends each person of a municipality twice, as ticked and
# as ticked before: for three thousand people it is 6 000 fields. Bytes stay limited above.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "network_portal.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 1  # no form asks for more

# Papers are signed with a key kept outside the database: a recomputed chain or one whose
# tail was cut cannot be signed again by whoever holds only the database.
SIGNING_KEY_FILE = env.path("SIGNING_KEY_FILE", default=LOCAL_DIR / "signing-key.pem")

# Papers are set in the font of the typesetter, or in one of the department's own folder.
FONT_DIR = env.str("FONT_DIR", default="")
DOCUMENT_FONT = env.str("DOCUMENT_FONT", default="Libertinus Serif")

EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    default="network_portal.mail.OutboxFolder"
    if DEMO
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = str(LOCAL_DIR / "mail")
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_FAILURE_VIEW = "network_portal.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # robots, all day long
    },
}
