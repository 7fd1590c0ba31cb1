"""Answers GET HEALTH_PATH and GET /version."""

import json
import os
import re
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from app.checks import CHECKS

SERVICE = "${{ values.product }}-${{ values.name }}"
HEALTH_PATH = "${{ values.healthPath }}"
PORT = "${{ values.port }}"


def commit(environment: Mapping[str, str], directory: Path) -> str:
    """The commit that runs: GIT_SHA, or on a machine the release that the service was started in."""
    found = re.search(r"/releases/([0-9a-f]{40})(/|$)", str(directory.resolve()))
    return environment.get("GIT_SHA") or (found[1] if found else "unknown")


def health(environment: Mapping[str, str]) -> tuple[int, dict[str, str]]:
    """Whether everything is there that the service needs."""
    missing = {}
    for name, check in CHECKS.items():
        try:
            check(environment)
        except OSError:
            missing[name] = "missing"
    return (503, {"status": "unhealthy", **missing}) if missing else (200, {"status": "ok"})


def answer(path: str, environment: Mapping[str, str], directory: Path) -> tuple[int, dict[str, str]]:
    """Status and body for a path."""
    if path == HEALTH_PATH:
        return health(environment)
    if path == "/version":
        return 200, {"service": SERVICE, "git_sha": commit(environment, directory)}
    return 404, {"error": "There is nothing here."}


class Handler(BaseHTTPRequestHandler):
    """Answers with JSON."""

    def do_GET(self) -> None:
        status, body = answer(self.path.split("?")[0], os.environ, Path.cwd())
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Health checks come every few seconds: they are no news."""


def server(environment: Mapping[str, str]) -> ThreadingHTTPServer:
    """Listens on HOST and PORT."""
    address = (environment.get("HOST", "127.0.0.1"), int(environment.get("PORT", PORT)))
    return ThreadingHTTPServer(address, Handler)


if __name__ == "__main__":  # pragma: no cover
    server(os.environ).serve_forever()
