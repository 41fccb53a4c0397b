"""Puts the domain, the adapters and the screens into one application."""

from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_appbuilder import AppBuilder, Model
from flask_appbuilder.utils.legacy import get_sqla_class
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from adapters import realname
from adapters.database import tune
from adapters.settings import settings
from adapters.store import FileStore
from models.journal import Journal
from models.passwords import PROFILES
from models.second import Use
from models.sections import SECTIONS
from models.vault import Vault
from models.words import _
from views import (
    accounts,
    agents,
    captcha,
    catalogue,
    commands,
    console,
    delivering,
    emergency,
    factor,
    guard,
    imports,
    lines,
    linking,
    messages,
    mobiles,
    notices,
    offices,
    panels,
    passwords,
    patterns,
    phrases,
    recovery,
    requests,
    roles,
    second,
    security,
    sessions,
    shell,
    signin,
    sso,
    unit,
    units,
)
from views.applicant import binding, mine, printing
from views.audit import bench, confirming, desk, reviewed, send
from views.files import reading, uploads
from views.home import healthz
from views.login import Gatekeeper, sync_roles
from views.registration import activation, again, entry
from views.registration import person as registration_of_persons
from views.registration import unit as registration_of_units
from views.section import generated


def create_app(**given) -> Flask:
    """The application. Refuses to start without strong keys and a host, unless for ``DEMO``."""
    app = Flask(__name__)
    app.config.update(settings(given))
    app.config["SECOND_FACTOR"] = Use(app.config["SECOND_FACTOR"])
    kept = app.config["KEYS"]
    app.config["SECRET_KEY"] = kept.secret
    if app.config["PROXIES"]:  # so many hand a request on; each adds whom it came from
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=app.config["PROXIES"])
    db = get_sqla_class()()
    db.init_app(app)
    CSRFProtect(app)
    guard.watch(app)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/captcha/<token>", "captcha", captcha.picture)
    app.jinja_env.globals["captcha_offered"] = captcha.offered
    app.extensions["vault"] = Vault(kept.seal, kept.index)
    app.extensions["journal"] = Journal(kept.journal)
    app.extensions["passwords"] = PROFILES[app.config["PASSWORD_PROFILE"]]
    app.extensions["files"] = FileStore(app.config["FILES"])
    app.extensions["realname"] = realname.from_environment(demo=app.config["DEMO"])
    app.extensions["journal"].listen_to(db.session)
    with app.app_context():
        tune(db.engine)
        app.extensions["vault"].serve(db.engine)
        add_screens(AppBuilder(app, db.session, security_manager_class=Gatekeeper))
    sso.install(app)
    catalogue.install(app)
    shell.install(app)
    patterns.install(app)
    app.jinja_env.globals["concerned"] = second.concerned
    app.jinja_env.globals["has_mobile"] = mobiles.has_mobile
    console.register(app, db, SECTIONS)
    commands.install(app)
    delivering.install(app)
    linking.add_commands(app)
    app.cli.command("setup", help="Bring database and code tables to this version.")(
        lambda: setup_database(app)
    )
    return app


WITHOUT_ENTRY = (
    factor.Second,
    panels.Panels,
    recovery.Recovery,
    messages.DemoMessages,
    passwords.Passwords,
    mobiles.Mobile,
    sessions.Sessions,
    entry.Registration,
    registration_of_persons.PersonSteps,
    registration_of_units.UnitSteps,
    again.UnitAgain,
    activation.Activation,
    sso.SSO,
    emergency.Emergency,
    notices.NoticeReading,
    bench.Bench,
    confirming.Proposals,
    printing.Printing,
    uploads.Uploads,
    uploads.Reports,
    reading.Files,
)
"""Screens that other screens lead to."""


def add_screens(appbuilder: AppBuilder) -> None:
    """One line an entry of the menu; who may not read a desk does not see its entry."""
    generated.register(appbuilder, SECTIONS)
    appbuilder.add_view(mine.Mine, "mine", label=_("我的申报"))
    appbuilder.add_view(binding.MyBinding, "binding", label=_("单位绑定"))
    appbuilder.add_view(desk.Desk, "audit", label=_("业务审核"))
    appbuilder.add_view(send.Send, "send", label=_("批量送审"))
    appbuilder.add_view(reviewed.Reviewed, "reviewed", label=_("申报查询"))
    appbuilder.add_view(requests.Requests, "requests", label=_("绑定申请"))
    appbuilder.add_view(units.Units, "units", label=_("单位注册"))
    appbuilder.add_view(imports.Imports, "imports", label=_("单位导入"))
    appbuilder.add_view(notices.Notices, "notices", label=_("申报通知"))
    appbuilder.add_view(offices.Offices, "offices", label=_("审核机构"))
    appbuilder.add_view(confirming.Confirm, "confirm", label=_("负责人确认"))
    appbuilder.add_view(phrases.Phrases, "phrases", label=_("常用意见"))
    appbuilder.add_view(agents.Agents, "agents", label=_("我的经办人"))
    appbuilder.add_view(unit.Unit, "unit", label=_("单位信息"))
    appbuilder.add_view(accounts.Accounts, "accounts", label=_("账号管理"))
    appbuilder.add_view(roles.Roles, "roles", label=_("角色管理"))
    appbuilder.add_view(security.Security, "security", label=_("安全设置"))
    appbuilder.add_view(lines.Lines, "journal", label=_("日志"))
    appbuilder.sm.auth_view = appbuilder.add_view_no_menu(signin.Login)
    for screen in WITHOUT_ENTRY:
        appbuilder.add_view_no_menu(screen)


def setup_database(app: Flask) -> None:
    """Migrate, load the code tables, write the roles; whatever is there already stays."""
    # Loaded when it is asked for: a process that serves pages needs neither Alembic nor pandas.
    schema = import_module("adapters.schema")
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        Path(app.config["FILES"]).mkdir(parents=True, exist_ok=True)
        schema.migrate(db.engine)
        Model.metadata.create_all(db.engine)
        schema.load_codes(db.session)
        sync_roles(db.session)
        db.session.commit()
