import socket

import pytest

from app.checks import database


def test_finds_the_database():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        database({"DATABASE_URL": f"postgresql://service@127.0.0.1:{port}/service"})


def test_says_that_it_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(OSError):
        database({"DATABASE_URL": f"postgresql://service@127.0.0.1:{port}/service"})


def test_says_that_nobody_told_where_it_is():
    with pytest.raises(OSError, match="DATABASE_URL is not set"):
        database({})
