"""Who can tell whether a name and an identity number belong together (实名核验).

A service of the public security or of an identity platform, asked by HTTP; in the
demonstration a rule; nobody where nothing is configured. No answer is never a "no": what
cannot be told now is UNAVAILABLE and asked again. Neither name nor number is ever logged.
"""

import json
import logging
import os
import re
from collections.abc import Mapping
from importlib import import_module
from typing import Protocol
from urllib.parse import urlsplit

from models.realname import Finding

SECONDS = 5
"""Longer nobody waits in front of a page."""

ANSWER = 64 * 1024
"""Characters of an answer that are looked at."""

log = logging.getLogger(__name__)


class RealNameVerifier(Protocol):
    """Tells whether they belong together."""

    def verify(self, name: str, id_no: str) -> Finding:
        """OK, MISMATCH, or UNAVAILABLE if it cannot be told now; it raises nothing."""


class Nobody:
    """Nothing is configured."""

    def verify(self, name: str, id_no: str) -> Finding:
        """It cannot be told."""
        return Finding.UNAVAILABLE


class Rule:
    """The demonstration's: a name that ends in 错 is not the number's, of one that ends in 缓
    nothing can be told, all others are right."""

    ENDINGS: Mapping[str, Finding] = {"错": Finding.MISMATCH, "缓": Finding.UNAVAILABLE}

    def verify(self, name: str, id_no: str) -> Finding:
        """By the last character of the name."""
        return self.ENDINGS.get(name[-1:], Finding.OK)


class Service:
    """A service over HTTP: the ``body`` with ``{name}`` and ``{id_no}`` is posted as JSON, and
    the answer is searched for what means yes and what means no."""

    def __init__(self, url: str, body: str, ok: str, mismatch: str, authorization: str = ""):
        """ValueError if the address is not https (http only on this host)."""
        address = urlsplit(url)
        here = address.hostname in ("localhost", "127.0.0.1", "::1")
        if address.scheme != "https" and not (here and address.scheme == "http"):
            raise ValueError("REALNAME_URL must begin with https://")
        self._url, self._body = url, body
        self._ok, self._mismatch = re.compile(ok), re.compile(mismatch)
        self._headers = {"Content-Type": "application/json; charset=utf-8"}
        if authorization:
            self._headers["Authorization"] = authorization

    def verify(self, name: str, id_no: str) -> Finding:
        """What the service says; silence, a fault and an unknown answer are no answer."""
        requests = import_module("requests")  # 50 ms that only a registration needs
        body = filled(self._body, name=name, id_no=id_no).encode()
        asked = {"data": body, "headers": self._headers, "timeout": SECONDS}
        try:
            answer = requests.post(self._url, allow_redirects=False, **asked)
            text = answer.text[:ANSWER]
        except requests.RequestException as error:
            log.warning("the real-name service does not answer: %s", type(error).__name__)
            return Finding.UNAVAILABLE
        if answer.status_code != 200:
            log.warning("the real-name service answers with %s", answer.status_code)
            return Finding.UNAVAILABLE
        yes, no = bool(self._ok.search(text)), bool(self._mismatch.search(text))
        if yes == no:
            log.warning("the real-name service says neither yes nor no")
            return Finding.UNAVAILABLE
        return Finding.OK if yes else Finding.MISMATCH


def filled(template: str, **values: str) -> str:
    """The template with its places filled in as contents of JSON texts."""
    for key, value in values.items():
        template = template.replace(f"{{{key}}}", json.dumps(value, ensure_ascii=False)[1:-1])
    return template


def from_environment(*, demo: bool) -> RealNameVerifier:
    """REALNAME_URL with REALNAME_BODY, REALNAME_OK, REALNAME_MISMATCH (regular expressions)
    and REALNAME_AUTHORIZATION; without it the rule of the demonstration, or nobody."""
    url = os.environ.get("REALNAME_URL")
    if not url:
        return Rule() if demo else Nobody()
    return Service(
        url,
        os.environ.get("REALNAME_BODY", '{"name": "{name}", "idNo": "{id_no}"}'),
        os.environ.get("REALNAME_OK", r'"result"\s*:\s*"match"'),
        os.environ.get("REALNAME_MISMATCH", r'"result"\s*:\s*"mismatch"'),
        os.environ.get("REALNAME_AUTHORIZATION", ""),
    )
