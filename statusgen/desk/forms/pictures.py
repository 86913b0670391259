"""The pictures of a form: each below the text, with words for people who cannot see it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from statusgen.desk.drafts import Draft
from statusgen.desk.forms.form import Form, FormContext
from statusgen.desk.pictures import FILES, PictureStore
from statusgen.desk.questions import Field, FormPage, Question, Shape
from statusgen.desk.rehearse import DeskSession, Mistake, WrittenFile
from statusgen.editor.private_folder import private_folder

PICTURES = "pictures"
"""The field with the names of the pictures."""
SHOWS = "shows/"
"""Before the name of a picture: the field with what it shows."""
NEW_SHOWS = "new-shows"
"""The field with what the picture shows that is about to be added."""


# What means something in Markdown.
_SIGNS, _ESCAPED = re.compile(r"([\\\[\]*_`<>!&])"), r"\\\1"


def with_pictures(form: Form) -> Form:
    """Return a form that has a text with pictures below the text, too."""

    def make_page(context: FormContext) -> FormPage:
        page = form.make_page(context)
        if not any(field.name == "text" for field in page.fields()):
            return page
        _ = context.words.gettext
        question = Question(_("Pictures (optional)"), (_field(context),), is_optional=True)
        return replace(page, questions=(*page.questions, question))

    def make_flags(draft: Draft) -> Any:
        flags, shown = form.make_flags(draft), list(_show(draft))
        return replace(flags, text="\n\n".join(filter(None, [flags.text, *shown]))) if shown else flags

    def write(session: DeskSession, draft: Draft, flags: Any) -> None:
        session.add_files(_files(session, draft))
        form.write(session, draft, flags)

    return Form(make_page, make_flags, write)


def _field(context: FormContext) -> Field:
    _ = context.words.gettext
    names = context.draft.answers.get(PICTURES, ())
    flags = tuple(f"{SHOWS}{name}" for name in names)
    return Field(PICTURES, Shape.PICTURES, _("What does it show?"), flags=flags)


def show_pictures(pictures: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield each picture that has words as Markdown, which is how a text shows it."""
    for name, shows in pictures:
        words = " ".join(shows.split())
        if words:
            yield f"![{_SIGNS.sub(_ESCAPED, words)}](files/{name})"


def _show(draft: Draft) -> Iterator[str]:
    return show_pictures((name, draft.first(SHOWS + name)) for name in draft.answers.get(PICTURES, ()))


def _files(session: DeskSession, draft: Draft) -> Iterator[WrittenFile]:
    store = PictureStore(private_folder(session.workspace.folder))
    for name in draft.answers.get(PICTURES, ()):
        content = store.read(draft.id, name)
        if content is not None and draft.first(SHOWS + name).strip():
            yield WrittenFile(f"{FILES}/{name}", content, None)


def find_wordless(draft: Draft) -> Iterator[Mistake]:
    """Yield a mistake for each picture without words for people who cannot see it."""
    for name in draft.answers.get(PICTURES, ()):
        if not draft.first(SHOWS + name).strip():
            yield Mistake("", flag=SHOWS + name)
