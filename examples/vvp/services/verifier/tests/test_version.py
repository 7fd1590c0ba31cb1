from app.main import version


def test_version_tells_the_commit() -> None:
    assert version("abc")["git_sha"] == "abc"
