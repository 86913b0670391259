"""What all published documents have in common: keys that nobody knows are passed over, broken times are no times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from statusgen.follow.seen import NotReadError, Seen, find_component, plain_text

T = TypeVar("T")


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


def _read_time(value: Any) -> datetime | None:
    """Return a moment in RFC 3339; None for one without its offset, or for what is no time at all."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None


Time = Annotated[datetime | None, BeforeValidator(_read_time)]
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
