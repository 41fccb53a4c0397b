"""短信 by the HTTP gateway of a provider: its address, the shape of a body, the sign of success."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from string import Template
from urllib.parse import quote_plus

from models.delivery import Claimed, Doubtful, Unsent
from models.words import _, say

TIMEOUTS = (5, 20)
"""Seconds to connect, and between two pieces of the answer."""

LONGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read."""

NOT_NOW = frozenset({408, 425, 429, 503})
"""The gateway says that it has taken nothing and may later (RFC 9110, RFC 6585)."""

ESCAPES: dict[str, Callable[[str], str]] = {
    "application/json": lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    "application/x-www-form-urlencoded": quote_plus,
}
"""How what a person has typed stands in a body of each type without changing its sense."""


class SmsSettingsError(Exception):
    """The settings of the gateway will not do; the program does not start."""


@dataclass(frozen=True)
class Sms:
    """A gateway. ``$mobile``, ``$text`` and ``$id`` of ``body`` are filled in; an answer of
    200 that ``success`` (a regular expression) is found in means that it has the message."""

    url: str
    body: str
    success: str
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self):
        if self.content_type not in ESCAPES:
            raise SmsSettingsError(f"SMS_TYPE is one of {', '.join(ESCAPES)}")
        if not self.success:
            raise SmsSettingsError("SMS_SUCCESS must say what an answer of success holds")

    def __call__(self, claimed: Claimed) -> None:
        """Send one SMS; Unsent if it certainly did not leave, Doubtful if nobody knows."""
        if not claimed.to.removeprefix("+").isdecimal():
            raise Unsent(say(_("收件号码不是一个手机号。")), final=True)
        status, answer = self._asked(claimed)
        if status in NOT_NOW or 300 <= status < 500:
            words = _("短信网关拒绝（%(code)s）。")
            raise Unsent(say(words, code=status), final=status not in NOT_NOW)
        if status >= 500:
            words = _("短信网关出错（%(code)s），不知道是否发出。为免重复，没有再发。")
            raise Doubtful(say(words, code=status))
        if not re.search(self.success, answer):
            # It may have taken the message and said so in other words, or a proxy spoke for it.
            words = _("短信网关没有答复成功，不知道是否发出。为免重复，没有再发。")
            raise Doubtful(say(words))

    def _asked(self, claimed: Claimed) -> tuple[int, str]:
        """Status and text of the answer. The client is loaded when the first SMS goes."""
        requests = import_module("requests")
        values = {"mobile": claimed.to, "text": claimed.text, "id": claimed.uid}
        escape = ESCAPES[self.content_type]
        filled = {name: escape(value) for name, value in values.items()}
        body = Template(self.body).substitute(filled).encode()
        headers = {"Content-Type": f"{self.content_type}; charset=utf-8"} | dict(self.headers)
        try:
            with requests.post(
                self.url, data=body, headers=headers, timeout=TIMEOUTS,
                allow_redirects=False, stream=True,
            ) as answer:  # fmt: skip
                text = answer.raw.read(LONGEST_ANSWER, decode_content=True)
                return answer.status_code, text.decode("utf-8", "replace")
        except requests.RequestException as error:
            if _never_reached(error):
                raise Unsent(say(_("短信网关连接不上。"))) from error
            words = _("短信网关没有答复，不知道是否发出。为免重复，没有再发。")
            raise Doubtful(say(words)) from error


NEVER_REACHED = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "SSLError")


def _never_reached(error: Exception) -> bool:
    """Whether there was no connection at all: then nothing of the message was sent."""
    cause = getattr(error.args[0] if error.args else None, "reason", None)
    return type(cause).__name__ in NEVER_REACHED


def from_environment(given: Mapping[str, str]) -> Sms | None:
    """The gateway of ``SMS_URL``, ``SMS_BODY``, ``SMS_SUCCESS``, ``SMS_TYPE`` and
    ``SMS_HEADERS`` (a JSON object); None if no address is named."""
    if not given.get("SMS_URL"):
        return None
    return Sms(
        url=given["SMS_URL"],
        body=given.get("SMS_BODY", ""),
        success=given.get("SMS_SUCCESS", ""),
        content_type=given.get("SMS_TYPE", "application/json"),
        headers=json.loads(given.get("SMS_HEADERS", "{}")),
    )
