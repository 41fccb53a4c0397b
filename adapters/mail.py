"""Mail by SMTP (RFC 5321), with TLS."""

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from models.delivery import Claimed, Doubtful, Unsent
from models.words import _, say

SUBJECT = _("职评系统通知")
TIMEOUT = 20
"""Seconds for each answer of the server."""

SECURITIES = ("starttls", "tls", "none")


class MailSettingsError(Exception):
    """The settings of the mail server will not do; the program does not start."""


@dataclass(frozen=True)
class Mail:
    """A mail server. ``security`` is ``starttls``, ``tls`` (from the first byte) or ``none``."""

    host: str
    sender: str
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = ""
    ca_file: str | None = None

    def __post_init__(self):
        if self.security not in SECURITIES:
            raise MailSettingsError(f"SMTP_SECURITY is one of {', '.join(SECURITIES)}")
        if self.security == "none" and self.user:
            raise MailSettingsError("SMTP_USER: no password goes over a line without TLS")
        if "@" not in self.sender:
            raise MailSettingsError("SMTP_FROM must be the address that mails come from")

    def __call__(self, claimed: Claimed) -> None:
        """Send one mail; Unsent if it certainly did not leave, Doubtful if nobody knows."""
        mail = self._written(claimed)
        try:
            server = self._connected()
            try:
                self._name_parties(server, claimed.to)
                self._hand_over(server, mail)
            finally:
                _part_from(server)
        except smtplib.SMTPResponseException as answer:
            raise _refused(answer.smtp_code) from answer
        except (OSError, smtplib.SMTPException) as error:
            raise Unsent(say(_("邮件服务器连接不上，或者中途断开。"))) from error

    def _written(self, claimed: Claimed) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        try:
            mail["From"], mail["To"], mail["Subject"] = self.sender, claimed.to, SUBJECT
        except ValueError as error:
            raise Unsent(say(_("收件地址不是一个邮箱地址。")), final=True) from error
        # The same at every try, so that a mail server can tell a copy from another mail.
        mail["Message-ID"] = f"<{claimed.uid}@{self._domain}>"
        mail.set_content(claimed.text, cte="base64")  # for servers of seven bits, too
        return mail

    @property
    def _domain(self) -> str:
        return self.sender.rpartition("@")[2].rstrip(">")

    def _connected(self) -> smtplib.SMTP:
        """A connection under TLS, signed in; the name of this machine is nobody's business."""
        trust = ssl.create_default_context(cafile=self.ca_file)
        more = {"local_hostname": self._domain, "timeout": TIMEOUT}
        if self.security == "tls":
            server = smtplib.SMTP_SSL(self.host, self.port, context=trust, **more)
        else:
            server = smtplib.SMTP(self.host, self.port, **more)
        try:
            if self.security == "starttls":
                server.starttls(context=trust)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _name_parties(self, server: smtplib.SMTP, to: str) -> None:
        server.ehlo_or_helo_if_needed()
        for say_so, address in ((server.mail, self.sender), (server.rcpt, to)):
            code, words = say_so(address)
            if code not in (250, 251):
                raise smtplib.SMTPResponseException(code, words)

    @staticmethod
    def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
        try:
            code, words = server.data(mail.as_bytes())
        except smtplib.SMTPDataError:
            raise
        except (OSError, smtplib.SMTPException) as error:
            words = _("邮件服务器在收件时断开，不知道是否收下。为免重复，没有再发。")
            raise Doubtful(say(words)) from error
        if code != 250:
            raise smtplib.SMTPResponseException(code, words)


def _part_from(server: smtplib.SMTP) -> None:
    """Say goodbye; what is said to that changes nothing of a mail that was accepted."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _refused(code: int) -> Unsent:
    """What an answer means: 5yz is for good, 4yz for now (RFC 5321, 4.2.1)."""
    return Unsent(say(_("邮件服务器拒收（%(code)s）。"), code=code), final=500 <= code < 600)


def from_environment(given: Mapping[str, str]) -> Mail | None:
    """The server of ``SMTP_HOST``, ``SMTP_FROM``, ``SMTP_PORT``, ``SMTP_SECURITY``,
    ``SMTP_USER``, ``SMTP_PASSWORD``, ``SMTP_CA_FILE``; None if no host is named."""
    if not given.get("SMTP_HOST"):
        return None
    return Mail(
        host=given["SMTP_HOST"],
        sender=given.get("SMTP_FROM", ""),
        port=int(given.get("SMTP_PORT", "587")),
        security=given.get("SMTP_SECURITY", "starttls"),
        user=given.get("SMTP_USER", ""),
        password=given.get("SMTP_PASSWORD", ""),
        ca_file=given.get("SMTP_CA_FILE"),
    )
