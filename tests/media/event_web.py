"""The far side of the origin's events: a web that takes each and remembers it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class EventWeb:
    """Takes the origin's events. An event that took long to take comes again, as to any web, and is known by its id."""

    def __init__(self) -> None:
        told: dict[str, dict[str, Any]] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = json.loads(self.rfile.read(int(self.headers["content-length"])))
                told.setdefault(event["id"], event)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._told = told
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def told(self) -> list[dict[str, Any]]:
        """All of them once, oldest first."""
        return list(self._told.values())

    def kinds(self, room: str) -> list[str]:
        return [event["kind"] for event in self.told if event["room"] == room]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
