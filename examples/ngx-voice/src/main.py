"""Entry point of the voice agent."""


def greeting(name: str) -> str:
    """The first sentence of a conversation."""
    return f"Hello {name}"
