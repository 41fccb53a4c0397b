"""Django's admin as it comes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import perf_counter

import django
from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.djangosite.settings"
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import Permission, User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import F  # noqa: E402

from tests.benchmarks.djangosite.admin import Sheet  # noqa: E402
from tests.benchmarks.djangosite.models import Declaration, Progress, Step  # noqa: E402
from tests.benchmarks.settings import USERS  # noqa: E402

__all__ = ["DEEDS", "application", "cookie", "counting"]

MAY_SEE = {"agent": "declaration", "manager": "managed"}


def application():
    """The program; its own tables are made when they are not there."""
    call_command("migrate", verbosity=0, interactive=False)
    for who, username in USERS.items():
        user, _new = User.objects.get_or_create(username=username, defaults={"is_staff": True})
        seen = Permission.objects.filter(
            content_type__app_label="bench", content_type__model=MAY_SEE[who]
        )
        user.user_permissions.set(seen)
    return get_wsgi_application()


def cookie(app, username: str) -> str:
    """Of a person who is signed in."""
    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"sessionid={session.session_key}"


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements of a request."""
    seen: list[str] = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def send_up(desk, ids: list[int], notice_id: int, at: str) -> float:
    """Seconds of the same by sets: three updates and one bulk insert in a transaction."""
    moment = datetime.fromisoformat(at)
    begun = perf_counter()
    with transaction.atomic():
        steps = Step.objects.filter(declaration_id__in=ids)
        steps.filter(state="VETTED").update(state="AHEAD", decided_at=None, arrived_at=None)
        steps.filter(position=2).update(state="PENDING", round=F("round") + 1, arrived_at=moment)
        mine = Declaration.objects.filter(id__in=ids)
        mine.update(current=F("current") + 1, version=F("version") + 1)
        line = {"at": moment, "action": "SEND", "actor": "bench"}
        Progress.objects.bulk_create([Progress(declaration_id=id_, **line) for id_ in ids])
    return perf_counter() - begun


def export(desk) -> float:
    """Seconds of django-import-export's CSV of all rows of the manager."""
    begun = perf_counter()
    rows = Declaration.objects.exclude(status="DRAFT").order_by("-submitted_at", "-id")
    found = Sheet().export(rows.select_related("person", "unit", "notice")).csv
    if not found:
        raise ValueError("nothing was exported")
    return perf_counter() - begun


DEEDS = {"export": export, "send_up": send_up}
