"""Times as people say them, in English and in Spanish."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from statusgen.editor.times import EXAMPLES, PAST_EXAMPLES, TimeParser, format_time
from statusgen.problems import InvalidValue

CHICAGO = ZoneInfo("America/Chicago")
# A Sunday, 9:45 in the morning.
PARSER = TimeParser(datetime(2024, 5, 5, 14, 45, tzinfo=UTC), CHICAGO)


def ahead(words: str) -> str:
    return format_time(PARSER.parse_future(words), CHICAGO)


def back(words: str) -> str:
    return format_time(PARSER.parse_past(words), CHICAGO)


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("May 15", "2024-05-15"),
        ("may 5", "2024-05-05"),
        ("May 4", "2025-05-04"),
        ("May 4, 2024", "2024-05-04"),
        ("Sept. 3rd", "2024-09-03"),
        ("December 1, 4 PM", "2024-12-01 16:00"),
        ("Jan 2 noon", "2025-01-02 12:00"),
        ("by May 15", "2024-05-15"),
        ("2024-06-01 4 PM", "2024-06-01 16:00"),
        ("15 de mayo", "2024-05-15"),
        ("el 1 de diciembre a las 4 pm", "2024-12-01 16:00"),
        ("3 de junio de 2025", "2025-06-03"),
        ("en 2 horas", "2024-05-05 11:45"),
        ("en media hora", "2024-05-05 10:15"),
        ("en una hora", "2024-05-05 10:45"),
        ("mañana a las 9 de la mañana", "2024-05-06 09:00"),
        ("mañana 9 AM", "2024-05-06 09:00"),
        ("hoy 4 p. m.", "2024-05-05 16:00"),
        ("a las 4 de la tarde", "2024-05-05 16:00"),
        ("mediodía", "2024-05-05 12:00"),
        ("el lunes 8:00", "2024-05-06 08:00"),
        ("miércoles", "2024-05-08"),
        ("hasta el 31 de mayo", "2024-05-31"),
        ("en 3 días", "2024-05-08"),
    ],
)
def test_a_time_to_come(words: str, time: str) -> None:
    assert ahead(words) == time


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("May 4, 8 PM", "2024-05-04 20:00"),
        ("December 30", "2023-12-30"),
        ("since May 4", "2024-05-04"),
        ("ahora", "2024-05-05 09:45"),
        ("hace 30 minutos", "2024-05-05 09:15"),
        ("hace una hora", "2024-05-05 08:45"),
        ("ayer a las 8 de la noche", "2024-05-04 20:00"),
        ("desde ayer", "2024-05-04"),
        ("desde las 8:00", "2024-05-05 08:00"),
        ("el viernes", "2024-05-03"),
        ("30 de diciembre", "2023-12-30"),
    ],
)
def test_a_time_that_was(words: str, time: str) -> None:
    assert back(words) == time


def test_examples_of_a_time_are_of_the_past_where_that_is_asked_for_and_can_all_be_read() -> None:
    for read, other, examples in ((back, "tomorrow", PAST_EXAMPLES), (ahead, "ago", EXAMPLES)):
        with pytest.raises(InvalidValue, match=r"is not a time") as refused:
            read("teatime")
        assert str(examples) in refused.value.message
        assert other not in refused.value.message
        assert [*map(read, examples.replace("or ", "").split(", "))]


@pytest.mark.parametrize(
    ("words", "about", "time"),
    [
        ("about 1 AM", "about", "1 AM"),
        ("since around yesterday 4 PM", "around", "yesterday 4 PM"),
        ("~8:00", "~", "8:00"),
        ("a eso de las 4 de la tarde", "a eso de", "4 de la tarde"),
    ],
)
def test_about_a_time_is_refused_with_the_time_to_write(words: str, about: str, time: str) -> None:
    with pytest.raises(InvalidValue, match=r"is not an exact time") as refused:
        back(words)
    assert refused.value.message.endswith(f'Write it without "{about}": {time}.')
    assert back(time)


@pytest.mark.parametrize("words", ["May", "May 32", "February 30", "30 de febrero", "mayo", "may 15 teatime", "pronto"])
def test_what_is_no_time_is_refused_in_the_words_of_the_writer(words: str) -> None:
    with pytest.raises(InvalidValue, match=r"."):
        ahead(words)
