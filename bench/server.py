"""Answer every call at once, so that clients alone are measured."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOPBACK = "127.0.0.1"


class _AlwaysDone(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    answers: Mapping[str, bytes]

    def do_POST(self) -> None:
        """Answer as DynamoDB answers a put, unless the operation has an answer of its own."""
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.answers.get(self.headers["X-Amz-Target"].rpartition(".")[2], b"{}")
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


@contextmanager
def always_done(answers: Mapping[str, bytes] | None = None) -> Iterator[str]:
    """Run the server and give its address; `answers` are those of operations that answer something."""

    class Handler(_AlwaysDone):
        pass

    Handler.answers = answers or {}
    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
