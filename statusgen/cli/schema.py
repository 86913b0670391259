"""`statusgen schema`: the format for editors, as JSON Schema, and for people."""

import click

KINDS = ("services", "post", "update", "translation")


@click.command()
@click.argument("kind", type=click.Choice([*KINDS, "reference"]), default="services")
def schema(kind: str) -> None:
    """Print the JSON Schema of what can be written, for an editor to check and complete it.

    KIND is services (for services.yaml), post (for what stands between the dashes of a post), update (for what
    stands under the heading of an update) or translation. "reference" prints every key in Markdown, to be read.
    """
    import json

    from statusgen.content.format import json_schema as declared
    from statusgen.content.format import reference

    text = (
        reference.make_reference() if kind == "reference" else json.dumps(declared.make_schema(kind), indent=2) + "\n"
    )
    click.echo(text, nl=False)
