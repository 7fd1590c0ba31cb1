from src.main import greeting


def test_nothing_of_a_name_is_evaluated() -> None:
    assert greeting("{__class__}") == "Hello {__class__}"
