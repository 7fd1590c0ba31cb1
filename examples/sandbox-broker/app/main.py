"""Entry point of the sandbox broker."""


def healthz() -> dict[str, str]:
    """What GET /v1/healthz answers."""
    return {"status": "ok"}
