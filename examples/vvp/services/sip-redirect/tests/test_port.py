from app.main import PORT


def test_port_is_not_privileged() -> None:
    assert PORT > 1024
