"""An accent color is readable, or the nearest readable one is offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.content.format.colors import BACKGROUND, MIN_CONTRAST, contrast_ratio, parse_accent
from statusgen.problems import InvalidValue

colors = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known near miss


@given(colors)
def test_every_color_passes_or_is_offered_one_that_does(color: str) -> None:
    try:
        assert contrast_ratio(parse_accent(color), BACKGROUND) >= MIN_CONTRAST
    except InvalidValue as wrong:
        offered = wrong.hint.split('"')[1]
        assert parse_accent(offered) == offered


@pytest.mark.parametrize("text", ["blue", "#123", "0b5394", "#0b539g"])
def test_what_is_no_color_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="is not a color"):
        parse_accent(text)
