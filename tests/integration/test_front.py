"""The local front hands requests to the engine's API Gateway as AWS's custom domain would."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from infra.local.front import Front
from infra.local.ports import LOOPBACK, free_port

API = "/restapis/abc/api/_user_request_"


class Gateway(BaseHTTPRequestHandler):
    """Answers with what it was asked; slowly at `/slow`."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        if self.path.endswith("/slow"):
            time.sleep(0.5)
        length = int(self.headers["content-length"])
        asked = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": self.rfile.read(length).decode("latin-1"),
        }
        answer = json.dumps(asked).encode()
        self.send_response(201)
        self.send_header("ETag", '"1"')
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the names that http.server calls

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def gateway() -> Iterator[int]:
    server = ThreadingHTTPServer((LOOPBACK, 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def front(gateway: int) -> Iterator[Front]:
    serving = Front(port=free_port(), engine_port=gateway)
    serving.start(api_path=API)
    yield serving
    serving.stop()


def ask(
    front: Front, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[http.client.HTTPResponse, Any]:
    connection = http.client.HTTPConnection(LOOPBACK, front.port, timeout=10)
    connection.request(
        method, path, body, headers or {}, encode_chunked=not isinstance(body, (bytes, type(None)))
    )
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response, answer


def test_paths_and_queries_arrive_as_they_were_written(front: Front) -> None:
    _, asked = ask(front, "GET", "/v1/services/a%2Fb?x=1&x=2&y=%C3%A7")

    assert asked["path"] == API + "/v1/services/a%2Fb?x=1&x=2&y=%C3%A7"


def test_status_headers_and_repeated_headers_come_back(front: Front) -> None:
    response, _ = ask(front, "DELETE", "/v1/x")

    assert response.status == 201
    assert response.headers["etag"] == '"1"'
    assert response.headers.get_all("set-cookie") == ["a=1", "b=2"]
    assert len(response.headers.get_all("date") or []) == 1


def test_binary_bodies_arrive_unchanged(front: Front) -> None:
    body = bytes(range(256))

    _, asked = ask(front, "POST", "/v1/x", body, {"content-type": "image/png"})

    assert asked["body"].encode("latin-1") == body
    assert asked["headers"]["content-type"] == "image/png"


def test_chunked_bodies_arrive_whole(front: Front) -> None:
    _, asked = ask(front, "POST", "/v1/x", iter([b"one ", b"two"]), {"transfer-encoding": "chunked"})

    assert asked["body"] == "one two"
    assert asked["headers"]["content-length"] == "7"


def test_the_engine_sees_the_client_but_not_its_connection(front: Front) -> None:
    _, asked = ask(front, "GET", "/v1/x", headers={"authorization": "Bearer k", "x-forwarded-for": "9.9.9.9"})

    assert asked["headers"]["authorization"] == "Bearer k"
    assert asked["headers"]["x-forwarded-for"] == LOOPBACK
    assert asked["headers"]["host"].startswith(LOOPBACK)


def test_a_body_over_ten_megabytes_is_refused(front: Front) -> None:
    response, answer = ask(front, "POST", "/v1/x", bytes(10 * 1024 * 1024 + 1))

    assert (response.status, answer) == (413, {"message": "Request Too Long"})


def test_calls_in_flight_are_answered_and_later_ones_refused_while_draining(front: Front) -> None:
    answers: list[int] = []
    caller = threading.Thread(target=lambda: answers.append(ask(front, "GET", "/slow")[0].status))
    caller.start()
    while front.calls_in_flight == 0:
        time.sleep(0.005)

    assert not front.drain(timeout_seconds=0.01)
    assert front.drain(timeout_seconds=5)
    caller.join()
    refused, _ = ask(front, "GET", "/v1/x")

    assert answers == [201]
    assert (refused.status, refused.headers["retry-after"]) == (503, "5")


def test_an_engine_that_is_gone_gives_503(gateway: int) -> None:
    serving = Front(port=free_port(), engine_port=free_port())
    serving.start(api_path=API)

    response, answer = ask(serving, "GET", "/v1/x")
    serving.stop()

    assert (response.status, answer) == (503, {"message": "Service Unavailable"})
