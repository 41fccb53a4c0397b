"""G1 to G20, each as a function that gets the bench and gives its rows."""

from collections.abc import Callable
from typing import NamedTuple

from tests.benchmarks.bench import Bench
from tests.benchmarks.measures import exports, growth, load, pages, people, sends, start
from tests.benchmarks.results import Row


class Measure(NamedTuple):
    """One of the goals; ``remark`` says what a reader of the figures has to know."""

    title: str
    run: Callable[[Bench], list[Row]]
    remark: str = ""


class Unbuilt(NamedTuple):
    """A goal of a feature that does not exist."""

    measure: str
    reason: str


LOADED = "gunicorn, one worker of one thread, four keep-alive connections from the same machine."
FLOOR = "The hand-written page sends ours with rows of its own: two statements, the same bytes."
COUNTED = "The count of rows is one of the statements of a list's first page."
CSV = "Flask-Admin and django-import-export (eleven columns) ran once, in their own processes."
BULK = (
    "In a copy of the small database. Ours also moves two steps of each declaration, registers"
    " their arrival and writes progress and the journal; FAB's loop changes the declaration and"
    " adds its progress (three rounds); Django moves the steps as well. Judged are the statements"
    " on declarations, steps and progress."
)
RUSH = (
    "In a copy of the small database, as threads of one process with connections of their own;"
    " each declaration is wanted by two clients. The transition is an agent's approval: a"
    " submission needs sixteen sections that are filled in."
)

MEASURES = {
    "G1": Measure("lists and shown rows, small and large", growth.pages),
    "G2": Measure("search by name, small and large", growth.searches),
    "G3": Measure("requests a second against Django admin", load.django, LOADED),
    "G4": Measure("requests a second against Flask-Admin at its best", load.small, LOADED),
    "G5": Measure("a list against the hand-written page", pages.floor, FLOOR),
    "G6": Measure("a list against a bare hello", load.hello, LOADED),
    "G7": Measure("statements", pages.statements, COUNTED),
    "G8": Measure("CSV against psql COPY", exports.copy, CSV),
    "G9": Measure("CSV with labels against raw columns", exports.labelled),
    "G10": Measure("CSV from SQLite", exports.sqlite),
    "G11": Measure("XLSX", exports.xlsx),
    "G12": Measure("bulk send", sends.bulk, BULK),
    "G13": Measure("login", people.login, "The bare hash is argon2id as this program has it."),
    "G14": Measure("threads", people.threads),
    "G16": Measure("memory", people.memory),
    "G17": Measure("rush", sends.rush, RUSH),
    "G18": Measure("audit bench", people.audit),
    "G20": Measure("start", start.start, "Whole processes, with the loading of all modules."),
}

UNBUILT = {
    "G15": Unbuilt(
        "province statistics", "There is no screen of statistics: nothing to be measured."
    ),
    "G19": Unbuilt(
        "autosave of one field", "Forms are saved as a whole: there is no autosave of a field."
    ),
}
