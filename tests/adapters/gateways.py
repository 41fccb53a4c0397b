"""Real servers on this machine: one that takes mail, one that takes SMS. Each says what it
got, and answers as it was told."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from socketserver import BaseServer, StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@contextmanager
def running(server: BaseServer) -> Iterator[BaseServer]:
    """A server that answers in a thread until the block ends."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(30)
        server.server_close()


def certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1, of its own authority, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway of a test")])
    day, at = timedelta(days=1), datetime.now(UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - day)
        .not_valid_after(at + day)
        .add_extension(host, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path = folder / "gateway.pem"
    path.write_bytes(secret + made.public_bytes(pem))
    return path


@dataclass
class Post:
    """What a mail server has heard: commands, and the mails that it accepted."""

    tls: ssl.SSLContext
    answers: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)


class MailServer(ThreadingTCPServer):
    """SMTP with STARTTLS (RFC 5321, RFC 3207); ``post.answers`` says otherwise by verb."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, post: Post):
        self.post = post
        super().__init__(("127.0.0.1", 0), MailTalk)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]


class MailTalk(StreamRequestHandler):
    """One conversation."""

    def handle(self):
        """Answer line by line; an answer of "hang up" ends it without a word."""
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            self.server.post.heard.append(verb)
            answer = self.server.post.answers.get(verb) or self.usual(verb)
            if answer == "hang up":
                return
            self.say(answer)
            if verb == "STARTTLS":
                self.encrypt()
            if verb == "DATA" and answer.startswith("354") and not self.take():
                return
            if verb == "QUIT":
                return

    def usual(self, verb: str) -> str:
        """What a server says that has no objection."""
        hello = "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN"
        return {
            "EHLO": hello, "STARTTLS": "220 go", "DATA": "354 go", "QUIT": "221 bye",
            "AUTH": "235 welcome",
        }.get(verb, "250 ok")  # fmt: skip

    def take(self) -> bool:
        """Read a mail to its end, then accept it, refuse it, or hang up."""
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line.removeprefix("."))
        answer = self.server.post.answers.get("end of DATA", "250 queued")
        if answer.startswith("250") or answer == "hang up":
            self.server.post.mails.append("".join(lines))
        if answer != "hang up":
            self.say(answer)
        return answer != "hang up"

    def encrypt(self) -> None:
        """Go on under TLS."""
        self.connection = self.server.post.tls.wrap_socket(self.connection, server_side=True)
        self.setup_streams()

    def setup_streams(self) -> None:
        """The files over the connection, made anew."""
        self.rfile = self.connection.makefile("rb", self.rbufsize)
        self.wfile = self.connection.makefile("wb", 0)

    def say(self, words: str) -> None:
        """One answer."""
        self.wfile.write(f"{words}\r\n".encode())

    def finish(self):
        """Let go of the connection, encrypted or not."""
        self.rfile.close()
        self.wfile.close()
        self.connection.close()


class SmsServer(ThreadingHTTPServer):
    """A gateway over HTTP; ``answer`` is a status and a text, or None to hang up."""

    def __init__(self):
        self.answer: tuple[int, str] | None = (200, '{"code": 0}')
        self.asked: list[tuple[str, str, str]] = []
        super().__init__(("127.0.0.1", 0), SmsTalk)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}/send"


class SmsTalk(BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self):  # noqa: N802 - the name that the library asks for
        """Keep what came; answer."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = (self.headers["Content-Type"], self.headers.get("Authorization", ""), body)
        self.server.asked.append(said)
        if self.server.answer is None:
            self.close_connection = True
            return
        status, text = self.server.answer
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", self.server.url + "/elsewhere")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_words):
        """Say nothing."""
