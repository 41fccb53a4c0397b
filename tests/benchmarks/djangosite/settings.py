"""Django's own defaults, over the database of DATABASE_URL; its own tables are made beside ours."""

import os

from sqlalchemy.engine import make_url

_URL = make_url(os.environ["DATABASE_URL"])
_POSTGRES = {
    "ENGINE": "django.db.backends.postgresql",
    "HOST": _URL.host or _URL.query.get("host", ""),
    "PORT": str(_URL.port or ""),
    "USER": _URL.username,
    "PASSWORD": _URL.password or "",
    "CONN_MAX_AGE": None,
}
_SQLITE = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {"timeout": 15}}
DATABASES = {
    "default": {"NAME": _URL.database}
    | (_SQLITE if _URL.get_backend_name() == "sqlite" else _POSTGRES)
}
SECRET_KEY = "bench" * 8
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.benchmarks.djangosite.urls"
USE_TZ, TIME_ZONE, LANGUAGE_CODE = True, "Asia/Shanghai", "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
STATIC_URL = "/static/"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "import_export",
    "tests.benchmarks.djangosite.apps.Bench",
]
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
