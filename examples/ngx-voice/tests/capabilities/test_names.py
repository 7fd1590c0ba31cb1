import pytest

from src.main import greeting


@pytest.mark.parametrize("name", ["Zoë", "Jean-Luc", "O'Neil"])
def test_names_are_said_as_they_are(name: str) -> None:
    assert name in greeting(name)
