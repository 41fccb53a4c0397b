"""The real-name check: over a real HTTP service that behaves as services do."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from adapters import realname
from adapters.realname import Nobody, Rule, Service, from_environment
from models.realname import Finding

BODY = '{"name": "{name}", "idNo": "{id_no}"}'
NUMBER = "220702198503120096"


class Answering(BaseHTTPRequestHandler):
    """Says by the name what the test wants."""

    SAID = {
        "对": (200, '{"result": "match"}'), "不对": (200, '{"result": "mismatch"}'),
        "两可": (200, '{"result": "match", "also": {"result": "mismatch"}}'),
        "别的": (200, "<html>维护中</html>"), "坏了": (500, '{"result": "match"}'),
        "走": (302, ""), "引号\"\\": (200, '{"result": "match"}'),
    }  # fmt: skip

    def do_POST(self):  # noqa: N802 - the name that the library asks for
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((body, self.headers["Authorization"]))
        status, text = self.SAID[body["name"]]
        data = text.encode()
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def server():
    made = HTTPServer(("127.0.0.1", 0), Answering)
    made.got = []
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join(10)


def service(server, **more) -> Service:
    url = f"http://127.0.0.1:{server.server_port}/verify"
    return Service(url, BODY, r'"result": "match"', r'"result": "mismatch"', "Bearer x", **more)


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("对", Finding.OK), ("不对", Finding.MISMATCH), ("两可", Finding.UNAVAILABLE),
        ("别的", Finding.UNAVAILABLE), ("坏了", Finding.UNAVAILABLE), ("走", Finding.UNAVAILABLE),
        ("引号\"\\", Finding.OK),
    ],
)  # fmt: skip
def test_a_clear_answer_counts_and_no_other(server, caplog, name, finding):
    assert service(server).verify(name, NUMBER) is finding
    assert server.got == [({"name": name, "idNo": NUMBER}, "Bearer x")]
    assert NUMBER not in caplog.text and name not in caplog.text


def test_nobody_answers(server, caplog):
    asked = service(server)
    server.shutdown()
    server.server_close()
    assert asked.verify("对", NUMBER) is Finding.UNAVAILABLE and NUMBER not in caplog.text


def test_numbers_go_by_tls_only():
    with pytest.raises(ValueError, match="https"):
        Service("http://verify.example/", BODY, "a", "b")


def test_what_is_configured(monkeypatch):
    monkeypatch.delenv("REALNAME_URL", raising=False)
    assert isinstance(from_environment(demo=False), Nobody)
    assert isinstance(from_environment(demo=True), Rule)
    monkeypatch.setenv("REALNAME_URL", "https://verify.example/")
    assert isinstance(from_environment(demo=True), Service)
    assert realname.Nobody().verify("对", NUMBER) is Finding.UNAVAILABLE
    said = [Rule().verify(name, NUMBER) for name in ("高建国", "高建错", "高建缓")]
    assert said == [Finding.OK, Finding.MISMATCH, Finding.UNAVAILABLE]
