"""Entry point of the voice agent."""

import os

from fastapi import FastAPI

from src.version import __version__

app = FastAPI(title="NGX Voice Agent", version=__version__)


def greeting(name: str) -> str:
    """The first sentence of a conversation."""
    return f"Hello {name}"


@app.get("/health")
def health() -> dict[str, str]:
    """Whether the agent is there."""
    return {"status": "ok"}


@app.get("/version")
def version() -> dict[str, str]:
    """What runs here, for the portal."""
    return {"version": __version__, "commit": os.environ.get("GIT_SHA", "unknown")}
