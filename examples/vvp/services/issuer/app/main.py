"""Entry point of the issuer."""


def version(git_sha: str) -> dict[str, str]:
    """What GET /version answers."""
    return {"service": "issuer", "git_sha": git_sha}
