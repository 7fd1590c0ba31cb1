"""What the service needs to work, by name; a check raises OSError if it is not there."""

import socket
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit


def database(environment: Mapping[str, str]) -> None:
    """Something answers where DATABASE_URL says that the database is."""
    address = urlsplit(environment.get("DATABASE_URL", ""))
    if not address.hostname:
        raise OSError("DATABASE_URL is not set")
    with socket.create_connection((address.hostname, address.port or 5432), timeout=2):
        pass


CHECKS: Mapping[str, Callable[[Mapping[str, str]], None]] = {"database": database}
