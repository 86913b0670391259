"""What all published documents have in common: keys that nobody knows are passed over, broken times are no times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from statusgen.follow.seen import NotReadError, Seen, find_component, plain_text

T = TypeVar("T")
_YEARS = range(1970, 2200)


@dataclass(frozen=True)
class Source:
    """How one kind of page or monitor is read.

    `addresses` are those of its documents, in the order in which `read` takes them; `find` is how a component is found
    in what that returns.
    """

    addresses: Callable[[str], Sequence[str]]
    read: Callable[[Sequence[bytes]], list[Seen]]
    find: Callable[[Sequence[Seen], str | None], Seen | None] = find_component


class Published(BaseModel):
    """A part of somebody's document: the keys that we read, and any others."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def read_moment(value: Any, zone: tzinfo | None = None) -> datetime | None:
    """Return a moment in RFC 3339; None for what is no time, or none of a problem, as the year 1 of programs in Go.

    One without its offset is in `zone`, and none if that is None.
    """
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment if moment.tzinfo and moment.year in _YEARS else None


Time = Annotated[datetime | None, BeforeValidator(read_moment)]
Name = Annotated[str, BeforeValidator(lambda value: plain_text(value) if isinstance(value, str) else value)]
Id = Annotated[str, BeforeValidator(lambda value: value if isinstance(value, str) else str(value))]


def parse_document(shape: type[T], document: bytes) -> T:
    """Return a document in its shape; raise NotReadError if it has another."""
    try:
        return TypeAdapter(shape).validate_json(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        what = f"what it sends at {plain_text(where)} is not what was expected" if where else "what it sends is no JSON"
        raise NotReadError(what) from None


def below(source: str, path: str) -> str:
    """Return the address of a document below the address of a page."""
    return f"{source.partition('?')[0].rstrip('/')}/{path}"
