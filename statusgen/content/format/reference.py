"""Every key of the format for people, made from the shapes that reading itself uses."""

from collections.abc import Iterator

from pydantic.json_schema import JsonSchemaValue

from statusgen.content.format import shapes
from statusgen.content.format.json_schema import FORMAT_VERSION, key_schemas
from statusgen.content.format.validation import Shape

_SHAPES_BY_FILE: dict[str, dict[str, type[Shape]]] = {
    "services.yaml": {
        "The file": shapes.ServicesShape,
        "`site:`": shapes.SiteShape,
        "Each of `contacts:`": shapes.ContactShape,
        "`accessibility:`": shapes.AccessibilityShape,
        "`alerts:`": shapes.AlertsShape,
        "`security:`": shapes.SecurityShape,
        "Each of `operators:`": shapes.OperatorShape,
        "Each of `groups:`": shapes.GroupShape,
        "Each of `services:`": shapes.ServiceShape,
        "Each of `channels:`": shapes.ChannelShape,
        "Each of `publish:`": shapes.TargetShape,
        "`notify:`": shapes.NotifyShape,
        "Each of `channels:` of `notify:`": shapes.NotifyChannelShape,
        "Each of `follow:`": shapes.FollowedShape,
        "Each of `for:` of `follow:`": shapes.DependenceShape,
    },
    "incidents/NAME.md": {
        "Between the dashes only": shapes.PostShape,
        "Between the dashes, and below the heading of each update": shapes.FactsShape,
        "Each of `services:` in an update": shapes.ReportShape,
        "Each of `channels:` in an update, in addition to the keys of every channel": shapes.TemporaryChannelShape,
        "`expected:`": shapes.EstimateShape,
        "Each of `waivers:`": shapes.WaiverShape,
        "Each of `deadlines:`": shapes.DeadlineShape,
    },
    "incidents/NAME.LANGUAGE.md": {
        "Between the dashes, and below the heading of each update": shapes.TranslationShape,
        "Each of `services:` in an update": shapes.TranslatedReportShape,
        "Each of `channels:` in an update": shapes.TranslatedChannelShape,
        "`expected:`": shapes.TranslatedEstimateShape,
        "Each of `waivers:`": shapes.TranslatedWaiverShape,
        "Each of `deadlines:`": shapes.TranslatedDeadlineShape,
    },
}
# The keys that a shape shares with another one in the reference, where they are listed once.
_BASE_SHAPES: dict[type[Shape], type[Shape]] = {
    shapes.PostShape: shapes.FactsShape,
    shapes.TemporaryChannelShape: shapes.ChannelShape,
}


def make_reference() -> str:
    """Return every key of the format as Markdown: what it says, and its possible values."""
    lines = [
        "# Every key of the format",
        "",
        "This page lists every key of `services.yaml`, of a post, and of its translation.",
        "[Your services](services.md) and [Writing a post by hand](by-hand.md) explain them by example.",
        f"This is version {FORMAT_VERSION} of the format, as `statusgen schema reference` prints it.",
        "",
        "- A key in **bold** is required.",
        "- *Words* are a text in the first language, or one in each language: `{en: Trash, es: Basura}`.",
        "- *A time* is `2024-05-15 16:00`, or a date alone.",
        "- *Keys of its own* are in another table of this page.",
    ]
    for file, parts in _SHAPES_BY_FILE.items():
        lines += ["", f"## {file}"]
        for heading, shape in parts.items():
            lines += ["", f"### {heading}", "", "| key | what it says | value |", "|---|---|---|"]
            lines += _table_rows(shape)
    return "\n".join(lines) + "\n"


def _table_rows(shape: type[Shape]) -> Iterator[str]:
    allowed = key_schemas(shape)
    other = _BASE_SHAPES.get(shape)
    for name, field in shape.model_fields.items():
        if other and name in other.model_fields and field.description == other.model_fields[name].description:
            continue
        key = field.alias or name
        shown = f"**`{key}`**" if field.is_required() else f"`{key}`"
        yield f"| {shown} | {field.description} | {_describe(allowed[key])} |"


def _describe(property: JsonSchemaValue) -> str:
    """Return the possible values of a key, in words."""
    if "$ref" in property:
        return "keys of its own"
    if "enum" in property:
        return ", ".join(f"`{word}`" for word in property["enum"])
    if "const" in property:
        return f"`{property['const']}`"
    if "anyOf" in property:
        return _join_choices([_describe(one) for one in property["anyOf"]])
    if property.get("type") == "array":
        return f"a list: {_describe(property['items'])}"
    if property.get("type") == "object":
        below = _describe(property["additionalProperties"])
        return "translations" if below == "a text" else f"names, and for each: {below}"
    return _describe_scalar(property)


def _join_choices(choices: list[str]) -> str:
    choices = list(dict.fromkeys(choices))
    if choices[:2] == ["a text", "translations"]:
        choices = ["words", *choices[2:]]
    if choices[0] == "words" and choices[1:]:  # the same, written as a list in each language
        choices = ["words", "a list of words"]
    return ", or ".join(choices)


def _describe_scalar(property: JsonSchemaValue) -> str:
    if "pattern" in property:
        return "a time"
    if property.get("format") == "uri":
        return "an address"
    return "true or false" if property.get("type") == "boolean" else "a text"
