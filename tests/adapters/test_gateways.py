"""Mail and SMS over real connections: sent, certainly not sent, or nobody knows."""

import email
import json
import socket
import ssl
from email.policy import default
from urllib.parse import parse_qs

import pytest

from adapters import mail, sms
from adapters.delivering import carriers, shown
from models.delivery import Claimed, Doubtful, Unsent
from models.outbox import Channel
from tests.adapters.gateways import MailServer, Post, SmsServer, certificate, running

TEXT = '验证码 012345，10 分钟内有效。\n.\n"引号" & 换行 $text'


def letter(to: str, channel: Channel = Channel.MAIL) -> Claimed:
    return Claimed(1, "a" * 32, channel, to, TEXT, 1)


def outcome(carrier, to: str) -> tuple:
    """What came of sending: kind, sentence, and whether there is no use in another try."""
    try:
        carrier(letter(to))
    except Unsent as refusal:
        return "unsent", str(refusal), refusal.final
    except Doubtful as doubt:
        return "doubtful", str(doubt), None
    return ("sent", "", None)


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("gateway"))


@pytest.fixture
def post(pem):
    """A mail server that has no objection."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    with running(MailServer(Post(tls))) as server:
        yield server


def carrier_of(post: MailServer, pem, **more) -> mail.Mail:
    given = {"port": post.port, "ca_file": pem and str(pem), "user": "zp", "password": "secret"}
    return mail.Mail("127.0.0.1", "职评 <no-reply@example.com>", **(given | more))


def test_a_mail_arrives_whole_under_tls(post, pem):
    assert outcome(carrier_of(post, pem), "wang@example.com") == ("sent", "", None)
    got = email.message_from_string(post.post.mails[0], policy=default)
    assert got.get_content().splitlines() == TEXT.splitlines()
    assert (got["To"], got["Subject"]) == ("wang@example.com", "职评系统通知")
    assert got["Message-ID"] == f"<{'a' * 32}@example.com>"
    heard = post.post.heard
    assert heard == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]


LOST = "邮件服务器在收件时断开，不知道是否收下。为免重复，没有再发。"
GONE = "邮件服务器连接不上，或者中途断开。"


@pytest.mark.parametrize(
    ("verb", "answer", "expected"),
    [
        ("AUTH", "454 later", ("unsent", "邮件服务器拒收（454）。", False)),
        ("RCPT", "550 unknown", ("unsent", "邮件服务器拒收（550）。", True)),
        ("RCPT", "450 busy", ("unsent", "邮件服务器拒收（450）。", False)),
        ("DATA", "451 later", ("unsent", "邮件服务器拒收（451）。", False)),
        ("MAIL", "hang up", ("unsent", GONE, False)),
        ("end of DATA", "554 spam", ("unsent", "邮件服务器拒收（554）。", True)),
        ("end of DATA", "hang up", ("doubtful", LOST, None)),
        ("QUIT", "hang up", ("sent", "", None)),
        ("QUIT", "500 what", ("sent", "", None)),
    ],
)
def test_what_a_mail_server_says_decides(post, pem, verb, answer, expected):
    post.post.answers[verb] = answer
    assert outcome(carrier_of(post, pem), "wang@example.com") == expected


def test_no_password_and_no_mail_goes_to_a_server_that_is_not_trusted(post, pem):
    assert outcome(carrier_of(post, None), "wang@example.com")[0] == "unsent"
    assert (post.post.heard, post.post.mails) == (["EHLO", "STARTTLS"], [])


def test_an_address_that_is_none_reaches_no_server(post, pem):
    wrong = "wang@example.com\r\nBcc: all@example.com"
    expected = ("unsent", "收件地址不是一个邮箱地址。", True)
    assert outcome(carrier_of(post, pem), wrong) == expected
    assert post.post.heard == []


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    server = mail.Mail("127.0.0.1", "no-reply@example.com", port)
    assert outcome(server, "wang@example.com") == ("unsent", GONE, False)
    gateway = sms.Sms(f"http://127.0.0.1:{port}/", "{}", "ok")
    assert outcome(gateway, "13800000001") == ("unsent", "短信网关连接不上。", False)


NOBODY_KNOWS = "不知道是否发出。为免重复，没有再发。"


@pytest.fixture
def gateway():
    """An SMS gateway that has no objection."""
    with running(SmsServer()) as server:
        yield server


JSON = '{"to": "$mobile", "content": "$text", "out_id": "$id"}'


def sms_by(gateway: SmsServer, body: str = JSON, **more) -> sms.Sms:
    return sms.Sms(gateway.url, body, r'"code":\s*0\b', **more)


def test_an_sms_arrives_as_it_was_written(gateway):
    carrier = sms_by(gateway, headers={"Authorization": "Bearer secret"})
    assert outcome(carrier, "13800000001") == ("sent", "", None)
    ((kind, authorization, body),) = gateway.asked
    assert (kind, authorization) == ("application/json; charset=utf-8", "Bearer secret")
    assert json.loads(body) == {"to": "13800000001", "content": TEXT, "out_id": "a" * 32}


def test_a_form_carries_the_same(gateway):
    form = "application/x-www-form-urlencoded"
    carrier = sms_by(gateway, "to=$mobile&content=$text&key=k", content_type=form)
    assert outcome(carrier, "13800000001") == ("sent", "", None)
    sent = {"to": ["13800000001"], "content": [TEXT], "key": ["k"]}
    assert parse_qs(gateway.asked[0][2]) == sent


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            (200, '{"code": 15}'),
            ("doubtful", "短信网关没有答复成功，不知道是否发出。为免重复，没有再发。", None),
        ),
        ((302, '{"code": 0}'), ("unsent", "短信网关拒绝（302）。", True)),
        ((403, '{"code": 0}'), ("unsent", "短信网关拒绝（403）。", True)),
        ((429, ""), ("unsent", "短信网关拒绝（429）。", False)),
        ((503, ""), ("unsent", "短信网关拒绝（503）。", False)),
        (
            (502, ""),
            ("doubtful", "短信网关出错（502），不知道是否发出。为免重复，没有再发。", None),
        ),
        (None, ("doubtful", "短信网关没有答复，不知道是否发出。为免重复，没有再发。", None)),
    ],
)
def test_what_a_gateway_says_decides(gateway, answer, expected):
    gateway.answer = answer
    assert outcome(sms_by(gateway), "13800000001") == expected
    assert len(gateway.asked) == 1


def test_a_number_that_is_none_reaches_no_gateway(gateway):
    expected = ("unsent", "收件号码不是一个手机号。", True)
    assert outcome(sms_by(gateway), '1","to":"2') == expected
    assert gateway.asked == []


def test_the_ways_out_are_those_of_the_environment():
    given = {
        "SMTP_HOST": "mail.example.com", "SMTP_FROM": "no-reply@example.com",
        "SMTP_PORT": "465", "SMTP_SECURITY": "tls", "SMS_URL": "https://sms.example.com/",
        "SMS_BODY": JSON, "SMS_SUCCESS": "ok", "SMS_HEADERS": '{"X-Key": "k"}',
    }  # fmt: skip
    assert carriers(given, demo=False) == {
        Channel.MAIL: mail.Mail("mail.example.com", "no-reply@example.com", 465, "tls"),
        Channel.SMS: sms.Sms("https://sms.example.com/", JSON, "ok", headers={"X-Key": "k"}),
    }
    assert carriers({}, demo=False) == {}
    assert carriers(given, demo=True) == {Channel.SMS: shown, Channel.MAIL: shown}


@pytest.mark.parametrize(
    "settings",
    [
        {"security": "none", "user": "zp", "password": "secret"},
        {"security": "ssl"},
        {"sender": "职评"},
    ],
)
def test_settings_that_will_not_do_stop_the_program(settings):
    with pytest.raises(mail.MailSettingsError):
        mail.Mail(**({"host": "mail.example.com", "sender": "a@example.com"} | settings))
    with pytest.raises(sms.SmsSettingsError):
        sms.Sms("https://sms.example.com/", JSON, "")
