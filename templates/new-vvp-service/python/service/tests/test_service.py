import json
import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from app import main

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def address():
    service = main.server({"PORT": "0"})
    thread = threading.Thread(target=service.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{service.server_port}"
    service.shutdown()
    thread.join()
    service.server_close()


def read(url):
    with urlopen(url, timeout=5) as response:
        return json.load(response)


def test_is_healthy_while_nothing_is_missing(address, monkeypatch):
    monkeypatch.setattr(main, "CHECKS", {})
    assert read(address + main.HEALTH_PATH) == {"status": "ok"}


def test_says_what_is_missing(address, monkeypatch):
    def broken(_environment):
        raise OSError

    monkeypatch.setattr(main, "CHECKS", {"cache": broken})
    with pytest.raises(HTTPError) as refused:
        read(address + main.HEALTH_PATH)
    assert refused.value.code == 503
    assert json.load(refused.value)["cache"] == "missing"


def test_tells_the_commit(address, monkeypatch):
    monkeypatch.setenv("GIT_SHA", SHA)
    assert read(address + "/version?x=1") == {"service": main.SERVICE, "git_sha": SHA}


def test_knows_nothing_else(address):
    with pytest.raises(HTTPError) as refused:
        read(address + "/other")
    assert refused.value.code == 404


def test_finds_the_commit_in_the_release_that_it_runs_in(tmp_path):
    release = tmp_path / "releases" / SHA / "service"
    release.mkdir(parents=True)
    (tmp_path / "current").symlink_to(release)
    assert main.commit({}, tmp_path / "current") == SHA


def test_does_not_make_a_commit_up():
    assert main.commit({}, Path("/")) == "unknown"
