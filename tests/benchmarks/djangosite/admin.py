"""The two lists, with the columns of ours, and django-import-export."""

from django.contrib import admin
from django.db import connection
from django.db.models import OuterRef, Subquery
from import_export.admin import ExportMixin
from import_export.fields import Field
from import_export.resources import ModelResource

from tests.benchmarks.djangosite.models import Account, Declaration, Managed, Step
from tests.benchmarks.views import SIZES


class Words(dict):
    """The labels of all codes, read once."""

    def of(self, table: str, code: str) -> str:
        """The label, or the code itself."""
        if not self:
            with connection.cursor() as cursor:
                cursor.execute('SELECT "table", code, name FROM code')
                self.update({(table, code): name for table, code, name in cursor.fetchall()})
        return self.get((table, code), code)


WORDS = Words()


def column(label: str, read):
    """A column of a list."""
    return admin.display(description=label)(read)


TITLE = column("申报职称", lambda d: WORDS.of("title_name", d.title_code))
SERIES = column("申报系列", lambda d: WORDS.of("title_series", d.series))
LEVEL = column("申报级别", lambda d: WORDS.of("title_level", d.level))
CATEGORY = column("申报类别", lambda d: WORDS.of("declare_category", d.category))
SEX = column("性别", lambda d: WORDS.of("sex", d.person.sex))
ID_NO = column("证件号码", lambda d: d.person.id_no_mask)
LIES = column("当前审核机构", lambda d: d.lies)
NAME = admin.display(description="姓名", ordering="person__name")(lambda d: d.person.name)


class Sheet(ModelResource):
    """The export's columns."""

    person = Field("person__name")
    unit = Field("unit__name")
    notice = Field("notice__title")

    class Meta:
        model = Declaration
        fields = (
            "declare_no", "person", "unit", "notice", "title_code", "series", "level",
            "specialty", "category", "status", "submitted_at",
        )  # fmt: skip


class Listing(ExportMixin, admin.ModelAdmin):
    """What both lists share."""

    resource_classes = [Sheet]
    list_select_related = ("person", "unit", "notice")
    search_fields = ("person__name", "declare_no")
    list_filter = ("status",)
    ordering = ("-submitted_at", "-id")
    raw_id_fields = ("person", "unit", "notice")
    show_full_result_count = True

    def get_queryset(self, request):
        """No drafts."""
        return super().get_queryset(request).exclude(status="DRAFT")


@admin.register(Declaration)
class AgentAdmin(Listing):
    """申报查询."""

    list_display = (
        "declare_no", NAME, "unit", "notice", TITLE, "specialty", "status", "submitted_at",
    )  # fmt: skip
    list_per_page = SIZES["agent"]

    def get_queryset(self, request):
        """Those of the unit."""
        mine = Account.objects.filter(username=request.user.username).values("office_id")[:1]
        return super().get_queryset(request).filter(unit_id=Subquery(mine))


@admin.register(Managed)
class ManagerAdmin(Listing):
    """申报."""

    list_display = (
        "declare_no", NAME, ID_NO, SEX, "unit", "notice", TITLE, SERIES, LEVEL, "specialty",
        CATEGORY, "status", LIES, "submitted_at",
    )  # fmt: skip
    list_per_page = SIZES["manager"]

    def get_queryset(self, request):
        """With the office where it lies."""
        at = Step.objects.filter(declaration=OuterRef("pk"), position=OuterRef("current"))
        return super().get_queryset(request).annotate(lies=Subquery(at.values("office__name")[:1]))
