"""The tables of the program as Django sees them; it makes none of them."""

from django.db import models

ON = {"on_delete": models.DO_NOTHING, "db_constraint": False}


class Named(models.Model):
    """What has a name."""

    name = models.CharField(max_length=100)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Office(Named):
    """审核机构."""

    class Meta:
        managed, db_table, app_label = False, "office", "bench"


class Person(Named):
    """个人."""

    id_no_mask = models.CharField(max_length=18)
    sex = models.CharField(max_length=20)

    class Meta:
        managed, db_table, app_label = False, "person", "bench"


class Notice(models.Model):
    """申报通知."""

    title = models.CharField(max_length=200)

    class Meta:
        managed, db_table, app_label = False, "notice", "bench"

    def __str__(self) -> str:
        return self.title


class Account(models.Model):
    """Whom a login name stands for."""

    username = models.CharField(max_length=64, primary_key=True)
    office = models.ForeignKey(Office, null=True, **ON)

    class Meta:
        managed, db_table, app_label = False, "account", "bench"


class Declaration(models.Model):
    """申报."""

    declare_no = models.CharField(max_length=20)
    person = models.ForeignKey(Person, **ON)
    unit = models.ForeignKey(Office, **ON)
    notice = models.ForeignKey(Notice, **ON)
    status = models.CharField(max_length=12, choices=[])
    current = models.IntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    title_code = models.CharField(max_length=20)
    series = models.CharField(max_length=20)
    level = models.CharField(max_length=20)
    specialty = models.CharField(max_length=100)
    category = models.CharField(max_length=20)
    version = models.IntegerField()

    class Meta:
        managed, db_table, app_label = False, "declaration", "bench"

    def __str__(self) -> str:
        return self.declare_no


class Managed(Declaration):
    """The same for the data manager, with his own columns."""

    class Meta:
        proxy, app_label = True, "bench"


class Step(models.Model):
    """One office's turn."""

    declaration = models.ForeignKey(Declaration, related_name="steps", **ON)
    office = models.ForeignKey(Office, **ON)
    position = models.IntegerField()
    state = models.CharField(max_length=12)
    round = models.IntegerField()
    arrived_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    batch_id = models.IntegerField(null=True)

    class Meta:
        managed, db_table, app_label = False, "step", "bench"


class Progress(models.Model):
    """进度跟踪."""

    declaration = models.ForeignKey(Declaration, **ON)
    at = models.DateTimeField()
    action = models.CharField(max_length=12)
    actor = models.CharField(max_length=64)
    office = models.ForeignKey(Office, null=True, related_name="+", **ON)
    opinion = models.TextField(default="")
    faults = models.JSONField(default=list)

    class Meta:
        managed, db_table, app_label = False, "progress", "bench"
