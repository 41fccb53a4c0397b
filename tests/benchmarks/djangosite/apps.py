"""The application by its name."""

from django.apps import AppConfig


class Bench(AppConfig):
    """The tables of the program."""

    name, label = "tests.benchmarks.djangosite", "bench"
    default_auto_field = "django.db.models.AutoField"
