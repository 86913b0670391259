"""The documents as bytes, their reading, and their JSON Schemas (draft 2020-12): all from one declaration.

What a declaration says as a schema is kept in `schemas/`: anyone who changes one sees what that changes for readers,
and no build has to work it out.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from statusgen import addresses
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.outputs.open_data.shapes import VERSION, Shape
from statusgen.problems import InvalidValue

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
        """Return the document as JSON (RFC 8259) in UTF-8.

        A value that the schema does not allow raises PydanticSerializationError: that is a bug of statusgen.
        """
        return self._adapter.dump_json(document, indent=2, by_alias=True, warnings="error") + b"\n"

    def parse(self, content: bytes) -> D:
        """Read a document that this release published, or another release in the same version of the format.

        Raises InvalidValue, which says in words what is wrong, and where: "services.0.channels: Field required".
        """
        try:
            return self._adapter.validate_json(content, strict=True, extra="ignore")
        except ValidationError as error:
            mistake = error.errors(include_url=False, include_context=False, include_input=False)[0]
            place = ".".join(map(str, mistake["loc"]))
            raise InvalidValue(f"{place}: {mistake['msg']}" if place else mistake["msg"]) from None

    def schema_file(self, board: Board) -> File:
        """Return the file with its schema, the same in every language."""
        ids = {"$schema": _DIALECT, "$id": addresses.absolute_url(self.schema_address, board.site)}
        body: JsonSchemaValue = json.loads(self.schema_path.read_text(encoding="utf-8"))
        return File(self.schema_address, _to_json(ids | body))

    @property
    def schema_path(self) -> Path:
        """The file with its schema, without the addresses that it has on a site."""
        return SCHEMAS / f"{self.name}.json"

    def generate_schema(self) -> bytes:
        """Return what has to be in that file."""
        return _to_json(self._adapter.json_schema(mode="serialization", schema_generator=_PlainSchema))

    @cached_property
    def _adapter(self) -> TypeAdapter[D]:
        # Made only when it is needed: that takes longer than to build a small site.
        return TypeAdapter(self.shape)


def _to_json(schema: JsonSchemaValue) -> bytes:
    return json.dumps(schema, ensure_ascii=False, indent=2).encode() + b"\n"


class _PlainSchema(GenerateJsonSchema):
    """Without a title for each key, which would repeat the key, and without defaults: only our own reader has them."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 (pydantic asks for each)
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])
