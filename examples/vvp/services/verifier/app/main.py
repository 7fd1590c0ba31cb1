"""Entry point of the verifier."""


def version(git_sha: str) -> dict[str, str]:
    """What GET /version answers."""
    return {"service": "verifier", "git_sha": git_sha}
