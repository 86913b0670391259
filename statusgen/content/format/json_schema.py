"""The format as JSON Schema, for editors: made from the shapes that reading itself uses.

A schema cannot say everything: only `check` can tell that a service exists, or that times are in order.
"""

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from statusgen.content.format import shapes
from statusgen.content.format.validation import Shape

# The version of the format; it changes when what was right before no longer is.
FORMAT_VERSION = 1
# What each schema describes: the whole of services.yaml, the front matter of a post and of a translation, and the
# block of facts under an update's heading.
SHAPE_BY_KIND: dict[str, type[Shape]] = {
    "services": shapes.ServicesShape,
    "post": shapes.PostShape,
    "update": shapes.FactsShape,
    "translation": shapes.TranslationShape,
}


class _SchemaGenerator(GenerateJsonSchema):
    """Without what only Python knows: titles made from names, empty values, and nulls, which reading refuses."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 (as pydantic calls it)
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def make_schema(kind: str) -> JsonSchemaValue:
    """Return the JSON Schema (draft 2020-12) of one of `SHAPE_BY_KIND`."""
    document = SHAPE_BY_KIND[kind].model_json_schema(mode="validation", schema_generator=_SchemaGenerator)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"statusgen {kind}, version {FORMAT_VERSION}",
    }
    return {**head, **{key: value for key, value in document.items() if key != "title"}}


def has_deprecated_keys(shape: type[Shape] = Shape) -> bool:
    """Return whether any key of the shapes made from `shape` is deprecated, without the time that a schema takes."""
    extras = (field.json_schema_extra for field in shape.model_fields.values())
    here = any(isinstance(extra, dict) and extra.get("deprecated") for extra in extras)
    return here or any(map(has_deprecated_keys, shape.__subclasses__()))


def key_schemas(shape: type[Shape]) -> JsonSchemaValue:
    """Return the possible values of each key of one shape, as JSON Schema."""
    found: JsonSchemaValue = shape.model_json_schema(mode="validation", schema_generator=_SchemaGenerator)["properties"]
    return found
