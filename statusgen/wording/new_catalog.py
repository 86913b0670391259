"""The catalog of a language that the package does not have, as its translators get it."""

from dataclasses import dataclass
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import normalize, read_po, write_po

from statusgen.content.catalogs import is_translated, plural_forms, read_catalog
from statusgen.content.languages import english_name, plural_names
from statusgen.wording.interface import CATALOGS, DOMAIN, available_languages

_COMMENT = """\
# The fixed words of the status pages in {name}.
#
# Each msgid is a text in English; write it in {name} into the msgstr below it. What is in %(…)s stays as it is: the
# page puts a name, a number or a date there.{forms}
# What is left empty is shown in another language and marked. "statusgen language {code}" adds the texts of a newer
# version and keeps what is written here; "statusgen check" names what cannot be used.
# Write your name at Last-Translator, or "machine" if no person has checked it: then the page says so."""


@dataclass(frozen=True)
class NewCatalog:
    """A catalog as it is to be written: its text, and how many of its messages are translated, new and gone."""

    text: str
    translated: int
    total: int
    added: int
    gone: int


def lay_out_catalog(language: str, before: str | None) -> NewCatalog:
    """Return the catalog of a language with every message of the pages; what is translated in `before` stays.

    Messages of `before` that the pages no longer have stand at its end, as comments (gettext's "obsolete"). Raises
    PoFileError if it cannot be read.
    """
    messages = _english_messages()
    found = read_catalog(before) if before else Catalog()
    # One that is in use again has its translation back.
    known = {_key(message): message for message in (*found.obsolete.values(), *found) if message.id}
    made = Catalog()
    for message in messages:
        _add(made, message, known.pop(_key(message), None), language)
    gone = [message for message in known.values() if _has_words(message)]
    made.obsolete.update((str(_key(message)), message) for message in gone)
    before_keys = {_key(message) for message in found if message.id}
    return NewCatalog(
        _write(made, _make_header(language, found if before else None)),
        translated=sum(is_translated(message) for message in made if message.id),
        total=len(messages),
        added=sum(_key(message) not in before_keys for message in messages),
        gone=len(gone),
    )


def _add(made: Catalog, message: Message, old: Message | None, language: str) -> None:
    """Add a message with what is translated of it, and with what its translators noted."""
    empty = ("",) * len(plural_names(language)) if message.pluralizable else ""
    made.add(
        message.id,
        string=old.string if old and _has_words(old) else empty,
        locations=message.locations,
        flags={*message.flags - {"fuzzy"}, *(("fuzzy",) if old and old.fuzzy else ())},
        auto_comments=message.auto_comments,
        user_comments=old.user_comments if old else (),
        context=message.context,
    )


def _english_messages() -> list[Message]:
    """Return every message of the pages. Each catalog of the package has them all."""
    language = next(code for code in available_languages() if (CATALOGS / code).is_dir())
    with (CATALOGS / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _key(message: Message) -> tuple[str | None, str]:
    return message.context or None, message.id if isinstance(message.id, str) else message.id[0]


def _has_words(message: Message) -> bool:
    return any(message.string) if isinstance(message.string, list | tuple) else bool(message.string)


def _make_header(language: str, before: Catalog | None) -> str:
    """Return the head of a catalog. Babel's own would have a date in it, and no plural forms of a rare language."""
    names, name = plural_names(language), english_name(language)
    forms = f"\n# Its forms of a text with a number are {' and '.join(names)}, from msgstr[0] on." if names[1:] else ""
    headers = {
        "Project-Id-Version": "statusgen pages",
        "Last-Translator": dict(before.mime_headers).get("Last-Translator", "") if before else "",
        "Language": language,
        "Language-Team": name,
        "Plural-Forms": plural_forms(language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    lines = [normalize(f"{key}: {value}\n") for key, value in headers.items()]
    return "\n".join([_COMMENT.format(name=name, code=language, forms=forms), 'msgid ""', 'msgstr ""', *lines, "\n"])


def _write(catalog: Catalog, header: str) -> str:
    target = BytesIO()
    write_po(target, catalog, width=0, include_lineno=False, omit_header=True)
    return header + target.getvalue().decode()
