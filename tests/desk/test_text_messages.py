"""How many text messages a message is, as phones count."""

import pytest

from statusgen.desk.text_messages import count_text_messages


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("ñ¿é" * 53, 1),  # letters that phones have without Unicode
        ("a" * 159 + "[", 2),  # a bracket takes two places
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("😀" * 36, 2),  # two places each
        ("", 1),
    ],
)
def test_text_messages_are_counted_as_phones_do(message: str, count: int) -> None:
    assert count_text_messages(message) == count
