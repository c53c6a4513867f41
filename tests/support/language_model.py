"""A server that talks like OpenAI's and does what a test tells it: well, badly, slowly or not at all."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass
class Script:
    """What the server does: `pieces` as events, `pause` seconds before each; or `status`, `body`; or `silence`.

    `comments` keeps the line alive between pieces, `torn` ends without saying so. Where `held` is given, all
    pieces but the first two wait until it is set: a sentence is whole when the next one begins. `asked`
    collects (path, headers, body) of the requests, `sent` counts the pieces that were sent, `closed` the
    clients that went away early; `over` is set when the server ends.
    """

    pieces: Sequence[str] = ()
    pause: float = 0.0
    status: int = 200
    body: str | None = None
    silence: float = 0.0
    comments: bool = False
    torn: bool = False
    held: Event | None = None
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    sent: int = 0
    closed: int = 0
    over: Event = field(default_factory=Event)


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """Serve `script` on a free port of this computer; gives the address for `generator_url`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Scripted", (_Handler,), {"script": script}))
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        script.over.set()
        if script.held:
            script.held.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    script: Script

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.script.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.script.over.wait(self.script.silence)
        try:
            self._answer()
        except OSError:
            self.script.closed += 1

    def _answer(self) -> None:
        script = self.script
        kind = "application/json" if script.status != 200 else "text/event-stream"
        self.send_response(script.status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        if script.body is not None:
            self.wfile.write(script.body.encode())
            return
        for number, piece in enumerate(script.pieces):
            self._wait()
            if number > 1 and script.held:
                script.held.wait()
            delta = {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
            self._send(f"data: {json.dumps({'id': 'x', 'object': 'chat.completion.chunk', **delta})}\n\n")
            script.sent += 1
        if not script.torn:
            self._send("data: [DONE]\n\n")

    def _wait(self) -> None:
        end = time.monotonic() + self.script.pause
        while self.script.comments and time.monotonic() < end and not self.script.over.is_set():
            self._send(": alive\n\n")
            self.script.over.wait(0.02)
        self.script.over.wait(max(0.0, end - time.monotonic()))

    def _send(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()
