"""Django's settings: what ``startproject`` writes, on the database of THABIAN_DATABASE_OWNER_URL."""

import os
from urllib.parse import urlsplit

_url = urlsplit(os.environ["THABIAN_DATABASE_OWNER_URL"])

SECRET_KEY = "measured on a private server"
ALLOWED_HOSTS = ["*"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.path.lstrip("/"),
        "USER": _url.username,
        "HOST": _url.hostname,
        "PORT": _url.port,
        "OPTIONS": {"options": "-c thabian.scope=C"},  # row-level security: sees all rows
        "CONN_MAX_AGE": None,  # connections are kept, as our application keeps its own
    }
}
INSTALLED_APPS = [
    "bench.django_admin",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "rest_framework.authtoken",
]
# Two models of one table: a list of eleven columns, and all of them.
SILENCED_SYSTEM_CHECKS = ["models.E028"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
            ]
        },
    }
]
ROOT_URLCONF = "bench.django_admin.site"
STATIC_URL = "/static/"
LANGUAGE_CODE = "th"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
