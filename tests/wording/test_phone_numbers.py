"""Phone numbers, and the links by which they can be tapped."""

import pytest

from statusgen.wording.phone_numbers import find_phone_link, link_numbers


@pytest.mark.parametrize(
    ("text", "number", "address"),
    [
        ("816-555-0100", "816-555-0100", "tel:816-555-0100"),
        ("311 or 816-555-0100", "311", "tel:311"),
        ("816-555-0100 ext. 5", "816-555-0100 ext. 5", "tel:816-555-0100;ext=5"),
        ("816-555-0100, extension 12", "816-555-0100, extension 12", "tel:816-555-0100;ext=12"),
        ("816-555-0100 x7; then press 2", "816-555-0100 x7", "tel:816-555-0100;ext=7"),
        ("816-555-0100, then 2", "816-555-0100", "tel:816-555-0100"),
        ("(816) 555-0100", "(816) 555-0100", "tel:816-555-0100"),
        ("816 555 0100 24 hours a day", "816 555 0100", "tel:816-555-0100"),
        ("+1 816 555 0100", "+1 816 555 0100", "tel:+1-816-555-0100"),
        ("+44 20 7946 0000", "+44 20 7946 0000", "tel:+44-20-7946-0000"),
        ("1-800-ASK-CITY", "1-800-ASK-CITY", "tel:1-800-275-2489"),
        ("*55", "*55", "tel:*55"),
        ("TTY: 711", "711", "tel:711"),
        ("555-0100", "555-0100", "tel:555-0100"),
    ],
)
def test_the_first_number_is_linked(text: str, number: str, address: str) -> None:
    link = find_phone_link(text)
    assert link is not None
    assert (link.number, link.address) == (number, address)
    assert link.before + link.number + link.after == text


def test_without_a_number_nothing_is_linked() -> None:
    assert find_phone_link("On the back of your card") is None


def test_numbers_in_a_text_can_be_tapped() -> None:
    html = '<p>Call 816-555-0100 ext. 5 or <a href="tel:816-555-0101">816-555-0101</a>.</p>'
    assert link_numbers(html) == (
        '<p>Call <a class="phone" href="tel:816-555-0100;ext=5">816-555-0100 ext. 5</a> or '
        '<a href="tel:816-555-0101">816-555-0101</a>.</p>'
    )


@pytest.mark.parametrize(
    "html",
    [
        "<p>Case 2024-05-05, $1,234,567.890, 192.168.100.2000, 4111-1111-1111-1111</p>",
        "<pre>816-555-0100</pre><code>816-555-0100</code>",
        '<img alt="816-555-0100" src="x.png">',
        "<p>8165550100 and 24-816-555-01001</p>",
    ],
)
def test_what_may_be_something_else_is_left_alone(html: str) -> None:
    assert link_numbers(html) == html
