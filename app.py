"""Puts the domain, the adapters and the screens into one application."""

import os
from importlib import import_module
from pathlib import Path

import click
from flask import Flask
from flask_appbuilder import AppBuilder, Model
from flask_appbuilder.utils.legacy import get_sqla_class
from flask_wtf import CSRFProtect
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from adapters import keys, signon
from adapters.database import tune
from adapters.store import FileStore
from models import captcha as pictures
from models import throttle
from models.attachment import Attachment
from models.clock import now
from models.journal import Journal
from models.passwords import PROFILES
from models.reach import register_all, strays
from models.sections import SECTIONS
from models.sessions import sweep as sweep_logins
from models.vault import Vault
from models.words import _
from views import (
    accounts,
    agents,
    captcha,
    catalogue,
    console,
    emergency,
    guard,
    linking,
    notices,
    offices,
    panels,
    passwords,
    phrases,
    requests,
    sessions,
    shell,
    signin,
    sso,
    unit,
)
from views.applicant import binding, mine, printing
from views.audit import bench, confirming, desk, reviewed, send
from views.files import reading, uploads
from views.home import healthz
from views.login import Gatekeeper, sync_roles
from views.section import generated

HERE = Path(__file__).resolve().parent


def settings(given: dict) -> dict:
    """The configuration: what is given, else the environment, else what fits."""
    var = Path(os.environ.get("ZHIPING_VAR", HERE / "var"))
    demo = given.get("DEMO", os.environ.get("DEMO") == "1")
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{var / 'zhiping.db'}"
    return {
        "APP_NAME": "职评",
        "APP_VERSION": "0.1.0",
        "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "LANGUAGES": {"zh_Hans_CN": {"flag": "cn", "name": "简体中文"}},
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},  # what was typed is in no log
        "CAPTCHA_ALWAYS_FOR_PERSONS": os.environ.get("CAPTCHA_ALWAYS_FOR_PERSONS") == "1",
        "DEMO": demo,
        "FILES": var / "files",
        "KEYS": given.get("KEYS") or (keys.of_demo(var) if demo else keys.from_environment()),
        "AUTH_ROLE_ADMIN": "_nobody",
        "AUTH_USERNAME_CI": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_CREATE_DB": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_MENU_API": False,
        "FAB_INDEX_VIEW": "views.home.Home",
        # Seconds without a request after which a login ends.
        "IDLE_APPLICANT": int(os.environ.get("IDLE_APPLICANT", 30 * 60)),
        "IDLE_STAFF": int(os.environ.get("IDLE_STAFF", 15 * 60)),
        "MAX_CONTENT_LENGTH": 21 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "ONE_SESSION_PER_STAFF": os.environ.get("ONE_SESSION_PER_STAFF") == "1",
        "PASSWORD_PROFILE": os.environ.get("PASSWORD_PROFILE", "djbh3"),
        "PERMANENT_SESSION_LIFETIME": int(os.environ.get("LONGEST_LOGIN", 12 * 3600)),
        "PROXIES": int(os.environ.get("PROXIES", "0")),
        "SESSION_COOKIE_HTTPONLY": True,
        # Browsers take this name only with Secure, for the whole host and no other.
        "SESSION_COOKIE_NAME": "session" if demo else "__Host-zhiping",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": not demo,
        "SIGN_ON": signon.from_environment(),
        "TRUSTED_HOSTS": os.environ.get("TRUSTED_HOSTS", "").split() or None,
        "WTF_CSRF_TIME_LIMIT": None,
    } | given


def create_app(**given) -> Flask:
    """The application. Refuses to start without strong keys, unless ``DEMO`` is set."""
    app = Flask(__name__)
    app.config.update(settings(given))
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
    app.extensions["journal"].listen_to(db.session)
    with app.app_context():
        tune(db.engine)
        add_screens(AppBuilder(app, db.session, security_manager_class=Gatekeeper))
    sso.install(app)
    catalogue.install(app)
    shell.install(app)
    console.register(app, db, SECTIONS)
    add_commands(app)
    linking.add_commands(app)
    add_demo(app)
    return app


def add_screens(appbuilder: AppBuilder) -> None:
    """One line a screen."""
    generated.register(appbuilder, SECTIONS)
    appbuilder.add_view(mine.Mine, "mine", label=_("我的申报"))
    appbuilder.add_view(binding.MyBinding, "binding", label=_("单位绑定"))
    appbuilder.add_view(desk.Desk, "audit", label=_("业务审核"))
    appbuilder.add_view(send.Send, "send", label=_("批量送审"))
    appbuilder.add_view(reviewed.Reviewed, "reviewed", label=_("申报查询"))
    appbuilder.add_view(requests.Requests, "requests", label=_("绑定申请"))
    appbuilder.add_view(notices.Notices, "notices", label=_("申报通知"))
    appbuilder.add_view(offices.Offices, "offices", label=_("审核机构"))
    appbuilder.add_view(confirming.Confirm, "confirm", label=_("负责人确认"))
    appbuilder.add_view(phrases.Phrases, "phrases", label=_("常用意见"))
    appbuilder.add_view(agents.Agents, "agents", label=_("我的经办人"))
    appbuilder.add_view(unit.Unit, "unit", label=_("单位信息"))
    appbuilder.add_view(accounts.Accounts, "accounts", label=_("账号管理"))
    appbuilder.sm.auth_view = appbuilder.add_view_no_menu(signin.Login)
    appbuilder.add_view_no_menu(panels.Panels)
    appbuilder.add_view_no_menu(passwords.Passwords)
    appbuilder.add_view_no_menu(sessions.Sessions)
    appbuilder.add_view_no_menu(sso.SSO)
    appbuilder.add_view_no_menu(emergency.Emergency)
    appbuilder.add_view_no_menu(notices.NoticeReading)
    appbuilder.add_view_no_menu(bench.Bench)
    appbuilder.add_view_no_menu(confirming.Proposals)
    appbuilder.add_view_no_menu(printing.Printing)
    appbuilder.add_view_no_menu(uploads.Uploads)
    appbuilder.add_view_no_menu(uploads.Reports)
    appbuilder.add_view_no_menu(reading.Files)


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


def add_commands(app: Flask) -> None:
    """``flask --app app …``"""

    @app.cli.command("setup")
    def setup():
        """Bring database and code tables to this version."""
        setup_database(app)

    @app.cli.group("journal")
    def journal():
        """The audit trail."""

    @journal.command("verify")
    def verify():
        """Say where the chain of the journal is broken."""
        broken = list(app.extensions["journal"].verify(app.extensions["sqlalchemy"].session))
        for sentence in broken:
            click.echo(sentence)
        click.echo("the journal is whole" if not broken else f"{len(broken)} faults")
        raise SystemExit(1 if broken else 0)

    @app.cli.command("register")
    def register():
        """Write anew what lists are ordered by, should it ever differ from the steps."""
        session = app.extensions["sqlalchemy"].session
        differing = strays(session)
        if differing:
            register_all(session)
            session.commit()
        click.echo(f"{differing} rows mended")

    @app.cli.command("sweep")
    def sweep():
        """Remove files that no row knows (a crash, a discarded draft), logins that are over and
        guesses that are too long ago to count."""
        session = app.extensions["sqlalchemy"].session
        known, at = set(session.scalars(select(Attachment.token))), now(session)
        removed = app.extensions["files"].sweep(known, older_than_seconds=24 * 3600)
        over = sweep_logins(session, app.permanent_session_lifetime, at)
        counted = throttle.sweep(session, at) + pictures.sweep(session, at)
        session.commit()
        click.echo(f"{len(removed)} files, {over} logins and {counted} counted guesses removed")


def add_demo(app: Flask) -> None:
    """``flask --app app demo``"""

    @app.cli.command("demo")
    @click.option("--declarations", type=click.IntRange(0), default=300, show_default=True)
    @click.option("--seed", type=int, default=1, show_default=True)
    @click.option("--if-empty", is_flag=True, help="Leave a database with persons as it is.")
    @click.option("--lean", is_flag=True, help="Rows for measuring, up to a million or more.")
    def demo(declarations: int, seed: int, if_empty: bool, lean: bool):
        """Fill an empty database with an invented province."""
        # Loaded when it is asked for: the web process has no reader of pictures.
        filling = import_module("demo.lean.filling" if lean else "demo.filling")
        session = app.extensions["sqlalchemy"].session()
        tools = filling.Tools(session, app.extensions["vault"], app.extensions["files"], click.echo)
        if filling.is_empty(session):
            if not app.config["DEMO"]:
                raise click.ClickException("its accounts have known passwords: only with DEMO=1")
            filling.fill(tools, declarations, seed)
        elif not if_empty:
            raise click.ClickException("the database is not empty: nothing was added")
