"""What is agreed with the identity platform, as a deployment's environment says it."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from adapters.settings import settings
from adapters.signon import SettingError, SignOn, from_environment, is_safe
from models.claims import ClaimMap, Kind
from models.second import Use
from tests.databases import ROOT

LEAST = {
    "OIDC_ISSUER": "https://id.example/realm",
    "OIDC_CLIENT_ID": "zhiping",
    "OIDC_CLIENT_SECRET": "secret",
    "OIDC_CALLBACK": "https://zhiping.example/sso/callback",
}
OURS = SignOn(
    "https://id.example/realm", "zhiping", "https://zhiping.example/sso/callback", "secret"
)


def test_without_an_issuer_there_is_no_platform():
    assert from_environment({}) is None
    assert from_environment(LEAST) == OURS


def test_all_can_be_said_otherwise():
    more = {
        "OIDC_CLAIM_KIND": "usertype", "OIDC_CLAIM_NUMBER": "cardid", "OIDC_CLAIM_UNIT": "tyshxydm",
        "OIDC_CLAIM_MOBILE": "tel", "OIDC_CLAIM_VERIFIED": "level", "OIDC_VERIFIED": "3 4",
        "OIDC_KINDS": "person=1 legal=2 agent=3", "OIDC_SCOPE": "openid", "OIDC_ACR": "a b",
        "OIDC_AUTH_METHOD": "client_secret_post", "OIDC_EMERGENCY": "admin", "OIDC_PATIENCE": "2.5",
    }  # fmt: skip
    kinds = {"1": Kind.PERSON, "2": Kind.LEGAL, "3": Kind.AGENT}
    claims = ClaimMap("usertype", "cardid", "tyshxydm", "tel", "level", frozenset("34"), kinds)
    made = from_environment(LEAST | more)
    assert made == SignOn(
        OURS.issuer, OURS.client_id, OURS.callback, OURS.client_secret, claims, "openid",
        ("a", "b"), "client_secret_post", "admin", 2.5,
    )  # fmt: skip
    assert made.word_of(Kind.LEGAL) == "2"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "") for name in LEAST if name != "OIDC_ISSUER"),
        ("OIDC_ISSUER", "http://id.example"),
        ("OIDC_ISSUER", "id.example"),
        ("OIDC_CALLBACK", "http://zhiping.example/sso/callback"),
        ("OIDC_CALLBACK", "/sso/callback"),
        ("OIDC_PATIENCE", "soon"),
        ("OIDC_PATIENCE", "-1"),
        ("OIDC_KINDS", "person=1 legal=2"),
        ("OIDC_KINDS", "person=1 legal=1 agent=2"),
        ("OIDC_KINDS", "person=1 legal=2 agent="),
        ("OIDC_KINDS", "person=1 legal=2 boss=3"),
    ],
)
def test_no_start_with_a_setting_that_will_not_do(name, value):
    with pytest.raises(SettingError, match=name):
        from_environment(LEAST | {name: value})


def test_the_secret_is_in_no_text():
    assert "secret" not in repr(OURS).replace("client_secret_basic", "")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://id.example/", True),
        ("http://127.0.0.1:8080/", True),
        ("http://localhost/", True),
        ("http://id.example/", False),
        ("http://127.0.0.1.id.example/", False),
        ("https://", False),
        ("ftp://localhost/", False),
        ("", False),
    ],
)
def test_nobody_between_can_read(url, safe):
    assert is_safe(url) is safe


def test_no_start_where_nobody_proves_the_second_factor_that_is_required():
    for use in ("required", Use.REQUIRED):
        with pytest.raises(SettingError, match="SECOND_FACTOR=required needs OIDC_ACR"):
            settings({"DEMO": True, "SECOND_FACTOR": use, "SIGN_ON": OURS})
    proved = {"DEMO": True, "SECOND_FACTOR": "required", "SIGN_ON": replace(OURS, acr=("mfa",))}
    assert settings(proved)["SIGN_ON"].acr == ("mfa",)
    assert settings({"DEMO": True, "SECOND_FACTOR": "optional", "SIGN_ON": OURS})["SIGN_ON"] == OURS


def test_the_program_starts_without_what_only_a_login_needs(tmp_path):
    """Also where a platform does the logins: it is spoken with when the first person comes."""
    program = (
        "import sys, app",
        "made = app.create_app(DEMO=True)",
        "print(made.config['SIGN_ON'].client_id)",
        "print({'authlib', 'joserfc', 'requests'} & {*sys.modules})",
    )
    done = subprocess.run(
        [sys.executable, "-c", "; ".join(program)],
        env=os.environ | LEAST | {"ZHIPING_VAR": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n") == ["zhiping", "set()", ""]
