"""The desk as someone uses it: its pages, its forms and its buttons, without a browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import html
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from statusgen.desk.drafts import Draft
from tests.support.desk import BROWSER, Visitor
from tests.support.sample_sites import read_site, text_of


class DeskForm:
    """The form of a draft as a browser shows it: what its fields say, and its words."""

    def __init__(self, page: str) -> None:
        self.root = html.document_fromstring(page)
        self.values: dict[str, list[str]] = {}
        form: Any = self.root.get_element_by_id("draft")
        for box in form.xpath(".//input[@value='' and (@type='radio' or @type='checkbox')]"):
            box.drop_tree()  # lxml takes it for one that says "on"
        for name, value in form.form_values():
            self.values.setdefault(name, []).append(value.removeprefix("\n"))

    @property
    def text(self) -> str:
        """The words of the page."""
        return text_of(self.root)

    @property
    def labels(self) -> dict[str, str]:
        """The label of each field, by its name."""
        return {label.get("for", ""): text_of(label) for label in self.root.iter("label")}

    def hint(self, name: str) -> str:
        """Return the hint of a field."""
        return text_of(self.root.get_element_by_id(f"{name}-hint"))

    def field_of(self, label: str) -> str:
        """Return the name of the field with a label."""
        return next(name for name, words in self.labels.items() if words == label)

    def find(self, id: str) -> str:
        """Return the words of a part of the page; "" if it is not there, or hidden."""
        found = self.root.xpath("//*[@id=$id][not(@hidden)]", id=id)
        return text_of(found[0]) if found else ""

    def links(self, id: str) -> list[str]:
        """Return the words of the links in a part of the page that are not hidden."""
        return [text_of(link) for link in self.root.xpath("//*[@id=$id]//li[not(@hidden)]//a", id=id)]

    def buttons(self) -> dict[str, str]:
        """Return the buttons of the form: their words, and what each does."""
        found = self.root.xpath("//form[@id='draft']//button[@name='act']")
        return {text_of(button): button.get("value", "") for button in found}


class DeskUser(Visitor):
    """Someone at the desk of a site, who fills in its forms."""

    def __init__(self, source: Path) -> None:
        read_site.cache_clear()
        super().__init__(source)

    def get(self, path: str = "") -> str:
        """Return a page of the desk, which must be there."""
        answer = self.client.get(self.home + path)
        assert answer.status_code == 200, (path, answer.status)
        return answer.text

    def post(self, path: str, fields: Mapping[str, object], follow: bool = True) -> str:
        """Send a form, follow where it leads, and return that page."""
        said = {"form-token": self.guard.form_token, **fields}
        body: dict[str, Any] = {"data": said}
        if any(isinstance(value, FileStorage) for value in fields.values()):
            boundary, content = encode_multipart(said)
            body = {"data": content, "content_type": f"multipart/form-data; boundary={boundary}"}
        answer = self.client.post(self.home + path, headers=BROWSER, **body, follow_redirects=follow)
        assert answer.status_code in ((200, 303) if follow else (303,)), (path, answer.status, answer.text[:300])
        return answer.text

    def begin(self, kind: str, post: str = "") -> "Writing":
        """Open a form."""
        known = {draft.id for draft in self.desk.drafts.list_all()}
        page = self.post("drafts", {"kind": kind, "post": post})
        new = next(draft for draft in self.desk.drafts.list_all() if draft.id not in known)
        return Writing(self, new.id, DeskForm(page))

    def preview(self, revision: str, path: str = "") -> str:
        """Return a page of the preview."""
        answer = self.client.get(f"/p/{self.guard.preview_key}/{revision}/{path}")
        assert answer.status_code == 200, (path, answer.status)
        return answer.text


@dataclass
class Writing:
    """A form that someone fills in; `form` is how it looks now."""

    user: DeskUser
    id: str
    form: DeskForm

    @property
    def draft(self) -> Draft:
        """What is kept of it."""
        found = self.user.desk.drafts.read(self.id)
        assert found
        return found

    def press(self, act: str = "keep", *, button: str = "act", **fields: str | list[str]) -> "Writing":
        """Fill in fields, by their names or labels with "_" for what names cannot have, and press a button."""
        said = {**self.form.values, **{self._name(key): value for key, value in fields.items()}, button: act}
        self.form = DeskForm(self.user.post(f"drafts/{self.id}", said))
        return self

    def fill(self, said: Mapping[str, str], act: str = "keep") -> "Writing":
        """Fill in fields by their names, or by what their labels say, and press a button."""
        return self.press(act, **{self._name(key): value for key, value in said.items()})

    def attach(self, name: str, content: bytes, **fields: str) -> "Writing":
        """Choose a file, and press the button that adds it."""
        return self.post_to("pictures", act="picture", picture=FileStorage(BytesIO(content), name), **fields)

    def post_to(self, path: str, **fields: object) -> "Writing":
        """Press a button that sends the form to an address of its own."""
        self.form = DeskForm(self.user.post(f"drafts/{self.id}/{path}", {**self.form.values, **fields}))
        return self

    def _name(self, key: str) -> str:
        return key if key in self.form.values else self.form.field_of(key) if key in self.form.labels.values() else key

    def written(self) -> dict[str, bytes]:
        """Return the files that it would write, by their paths."""
        outcome = self.user.desk.rehearse(self.draft)
        return {file.path: file.new for file in outcome.rehearsal.files}

    def mistakes(self) -> list[str]:
        """Return what keeps it from being written."""
        return [mistake.words or mistake.flag for mistake in self.user.desk.rehearse(self.draft).rehearsal.mistakes]

    def preview(self, path: str = "") -> str:
        """Return a page as residents would see it."""
        return self.user.preview(self.user.desk.rehearse(self.draft).revision, path)
