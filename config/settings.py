"""Django's settings, made from the Environment. Nothing else reads variables."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.environment import ConfigurationError, load_environment
from config.logs import logging_settings
from config.people import provider_settings

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    ASPOKTATAS = load_environment()
except ConfigurationError as error:
    raise ImproperlyConfigured(str(error)) from None

SECRET_KEY = ASPOKTATAS.secret_key
DEBUG = ASPOKTATAS.debug
PEOPLE = ASPOKTATAS.people
ALLOWED_HOSTS = [*ASPOKTATAS.hosts, *([PEOPLE.host] if PEOPLE.host else [])]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if "*" not in host]
DATABASES = {"default": ASPOKTATAS.database}
CACHES = {  # counts of failed log-ins, common to all processes; nothing else is cached
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "staff_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "worker",
    "registry",
    "review",
    "staff",
]
MIDDLEWARE = [
    "staff.proxies.ProxyMiddleware",  # who asks, and over what: first of all
    "review.in_hand.InHandMiddleware",  # what log lines of this page are about
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "staff.session_limits.SessionLimitsMiddleware",
    "staff.lapsed.LoginMiddleware",  # every page, unless it says login_not_required
    "staff.recording.AccessMiddleware",  # who opened what; before the next, so that refusals are on record
    "staff.access.RoleMiddleware",  # every page names the ability it asks for, or is refused
    "review.privacy.reveal.CoveringMiddleware",  # what of a mail is covered on this page
    "staff.second_factor.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "staff.passwords.LongestValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds
ACCOUNT_ADAPTER = "staff.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # nobody signs up; allauth derives forms from it
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation has proved the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # other sessions end, this one goes on under a new key
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PEOPLE.secure else "http"
ACCOUNT_FORMS = {"login": "staff.login.LoginForm"}
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/15m/ip,5/15m/key",  # key: the login, or the person who types a code
    "reset_password": "20/h/ip,3/15m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "staff.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "ASP Oktatás"
MFA_TOTP_PERIOD = 30  # seconds
MFA_TOTP_TOLERANCE = 1  # clocks of telephones; staff.second_factor lets no code pass twice
MFA_FORMS = {
    "authenticate": "staff.second_factor.AuthenticateForm",
    "reauthenticate": "staff.second_factor.ReauthenticateForm",
}
SOCIALACCOUNT_ADAPTER = "staff.provider.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form's way to another host would need that host in the CSP
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10  # seconds
SOCIALACCOUNT_PROVIDERS = provider_settings(PEOPLE.provider)
USERSESSIONS_TRACK_ACTIVITY = False  # staff.session_limits does, once a minute

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "staff.access.abilities",
                "review.theme.theme",
            ],
        },
    }
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "queue"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "hu"
TIME_ZONE = "Europe/Budapest"
USE_TZ = True
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # no collectstatic step stands between clone and page
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600  # a long working day, in seconds; staff.session_limits ends it earlier
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose whoever comes back from the identity provider
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PEOPLE.secure
CSRF_COOKIE_HTTPONLY = True  # forms carry the token themselves
if PEOPLE.secure:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health", r"^metrics$"]  # asked for from within, without the proxy
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
X_FRAME_OPTIONS = "SAMEORIGIN"  # the original mail is shown in a sandboxed frame of our own
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
    }
}

LOGGING = logging_settings(ASPOKTATAS.log)
