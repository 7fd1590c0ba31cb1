from src.main import greeting


def test_a_conversation_begins_with_the_name() -> None:
    assert greeting("Ada").endswith("Ada")
