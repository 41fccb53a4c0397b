"""常用意见: what agents write again and again (unit manual 3.1.1 C)."""

from typing import ClassVar

from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from models.opinions import LONGEST, Keeper, Phrase, keeper_of, phrase_problems
from models.permissions import Role, phrases_kept_by
from models.problems import Problem
from views.base import ScopedView
from views.controls import KeptField
from views.fields import EssayField
from views.forms import Starred
from views.login import actor

LABELED = {
    "text": lazy_gettext("意见内容"),
    "keeper": lazy_gettext("谁能使用"),
    "uses": lazy_gettext("使用次数"),
}


def keepers() -> list[Keeper]:
    """For whom the actor may keep a phrase."""
    if actor().role is Role.NOTICE_MANAGER:
        return [Keeper.SYSTEM]
    return [Keeper.OWN, Keeper.OFFICE]


class PhraseForm(DynamicForm):
    """A phrase as it is typed."""

    version = HiddenField()
    text = EssayField(LABELED["text"], [Starred()], render_kw={"maxlength": LONGEST})
    keeper = KeptField(LABELED["keeper"], [Starred()])

    @classmethod
    def refresh(cls, obj=None):
        """The form with those for whom the actor may keep it; the first one by default."""
        form = super().refresh(obj)
        form.keeper.choices = [(keeper.value, gettext(keeper.label)) for keeper in keepers()]
        if not form.keeper.raw_data and not form.is_submitted():
            form.keeper.data = form.keeper.data or keepers()[0].value
        return form


class Phrases(ScopedView):
    """常用意见 of an agent, of an office, of all."""

    model = Phrase
    desk = "phrases"
    scope = staticmethod(phrases_kept_by)
    route_base = "/phrases"
    include_route_methods: ClassVar[set[str]] = {"list", "add", "edit", "delete"}
    list_title = lazy_gettext("常用意见")
    add_title = lazy_gettext("新增常用意见")
    edit_title = lazy_gettext("编辑常用意见")
    label_columns = LABELED
    list_columns = ["text", "keeper", "uses"]
    reads = {"keeper": ("username", "for_all")}
    formatters_columns = {"keeper": lambda kept: gettext(keeper_of(*kept).label)}
    show_columns: ClassVar[list[str]] = []
    add_columns = edit_columns = ["text", "keeper"]
    search_columns = ["text"]
    order_columns = ["text", "uses"]
    base_order = ("uses", "desc")
    add_form = edit_form = PhraseForm

    def fill(self, item, form) -> None:
        """With its keeper."""
        super().fill(item, form)
        item.keep_for(Keeper(form.keeper.data), actor().username, actor().office_id)

    def problems(self, item, form) -> list[Problem]:
        """The rules of a phrase."""
        return phrase_problems(item)
