"""The JSON Schemas (draft 2020-12) of the documents, and the documents as bytes: both from one declaration.

What a declaration says as a schema lies in `schemas/`: whoever changes one sees what that changes for readers, and no
build has to work it out.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from statusgen import addresses
from statusgen.board.model import Board
from statusgen.files import File
from statusgen.outputs.open_data.shapes import VERSION, Shape

D = TypeVar("D", bound=Shape)
SCHEMAS = Path(__file__).parent / "schemas"
_DIALECT = GenerateJsonSchema.schema_dialect


@dataclass(frozen=True)
class DocumentType(Generic[D]):
    """A kind of document: the name of its schema, and how it is declared."""

    name: str
    shape: type[D]

    @property
    def schema_address(self) -> str:
        """Where its schema is published."""
        return addresses.schema(self.name, VERSION)

    def serialize(self, document: D) -> bytes:
        """The document as JSON (RFC 8259) in UTF-8.

        A value that the schema does not allow raises PydanticSerializationError: that is a mistake of ours.
        """
        return self._adapter.dump_json(document, indent=2, by_alias=True, warnings="error") + b"\n"

    def schema_file(self, board: Board) -> File:
        """The file with its schema, the same in every language."""
        ids = {"$schema": _DIALECT, "$id": addresses.absolute_url(self.schema_address, board.site)}
        body: dict[str, Any] = json.loads(self.schema_path.read_text(encoding="utf-8"))
        return File(self.schema_address, _to_json(ids | body))

    @property
    def schema_path(self) -> Path:
        """Where its schema lies, without the names that it has on a site."""
        return SCHEMAS / f"{self.name}.json"

    def generate_schema(self) -> bytes:
        """What has to lie there."""
        return _to_json(self._adapter.json_schema(mode="serialization", schema_generator=_UntitledSchema))

    @cached_property
    def _adapter(self) -> TypeAdapter[D]:
        # Made only when it is needed: it takes longer than a small site.
        return TypeAdapter(self.shape)


def _to_json(schema: dict[str, Any]) -> bytes:
    return json.dumps(schema, ensure_ascii=False, indent=2).encode() + b"\n"


class _UntitledSchema(GenerateJsonSchema):
    """Without a title for each key: it would be the key once more."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 (pydantic asks for each)
        return False
