"""`statusgen schema`: the format, as JSON Schema for editors, and for people."""

import json

import click

KINDS = ("services", "post", "update", "translation")


@click.command()
@click.argument("kind", type=click.Choice([*KINDS, "reference"]), default="services")
def schema(kind: str) -> None:
    """Print the JSON Schema of what can be written, so that an editor can check and complete it.

    KIND is services (for services.yaml), post (for the front matter of a post), update (for the facts below the
    heading of an update) or translation. "reference" prints every key in Markdown, for people.
    """
    from statusgen.content.format import json_schema, reference

    is_reference = kind == "reference"
    text = reference.make_reference() if is_reference else json.dumps(json_schema.make_schema(kind), indent=2) + "\n"
    click.echo(text, nl=False)
