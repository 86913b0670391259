"""Templates → text: the theme's, and in front of them the site's own.

A file in the site's `templates/` wins over the theme's file of the same name, and may build on it with
`{% extends "theme/base.html" %}`. Where a site has templates, all are rendered in Jinja's sandbox.
"""

import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from markupsafe import Markup

from statusgen.problems import Place, Problem, TemplateError
from statusgen.text import did_you_mean
from statusgen.theme.environment import TEMPLATES as THEME
from statusgen.theme.environment import ThemeLoader, make_environment
from statusgen.wording.interface import InterfaceLanguage

PACKAGE = Path(__file__).parent.parent
STATIC = Path(__file__).parent / "static"
SITE_TEMPLATES = "templates"
# What Jinja says of a name that does not exist, in plain words.
_PLAIN_MESSAGES = (
    (re.compile(r"^'(\w+)' is undefined$"), r'Nothing here is called "\1"'),
    (re.compile(r"^'(?:\w+\.)*(\w+) object' has no attribute '(\w+)'$"), r'A \1 has no "\2"'),
)


class TemplateMessages:
    """The messages of one language as templates ask for them, as Jinja's extension has it in its new style.

    That extension works out each anew; a page says the same a hundred times.
    """

    def __init__(self, interface: InterfaceLanguage) -> None:
        self.interface = interface
        self.cache: dict[str, Markup] = {}

    def gettext(self, message: str, /, **parts: Any) -> Markup:
        """A message, with its parts put in."""
        if parts:
            return Markup(self.interface.gettext(message)) % parts
        if message not in self.cache:
            self.cache[message] = Markup(self.interface.gettext(message)) % {}
        return self.cache[message]

    def ngettext(self, one: str, many: str, number: int, /, **parts: Any) -> Markup:
        """A message that counts."""
        return Markup(self.interface.ngettext(one, many, number)) % {"num": number, **parts}

    def pgettext(self, context: str, message: str, /, **parts: Any) -> Markup:
        """A message whose translation depends on where it stands."""
        return Markup(self.interface.pgettext(context, message)) % {"context": context, **parts}


class Renderer:
    """The templates of one site in `folder`, as they are when each is first used."""

    def __init__(self, folder: Path) -> None:
        self.site_templates = folder / SITE_TEMPLATES
        # A site keeps other things there as well: what its posts are begun with.
        self.has_site_templates = any(self.site_templates.rglob("*.html")) or any(self.site_templates.rglob("*.svg"))
        theme = ThemeLoader()
        site_loader = ChoiceLoader([FileSystemLoader(self.site_templates), theme, PrefixLoader({"theme": theme})])
        self.environment = make_environment(
            site_loader if self.has_site_templates else theme, sandboxed=self.has_site_templates
        )

    def use_language(self, interface: InterfaceLanguage) -> None:
        """Render in this language from now on."""
        messages = TemplateMessages(interface)
        self.environment.globals |= {
            "_": messages.gettext,
            "gettext": messages.gettext,
            "ngettext": messages.ngettext,
            "pgettext": messages.pgettext,
        }

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The template `name` with these values; raises TemplateError with the file and line of a mistake."""
        try:
            return self.environment.get_template(name).render(context)
        except TemplateSyntaxError as error:
            raise TemplateError(
                Problem(self.to_place(error.filename, error.lineno), _plain_sentence(error.message))
            ) from error
        except TemplateNotFound as error:
            hint = did_you_mean(str(error.name), self.environment.list_templates())
            place = self.template_place(error) or self.to_place(str(self.site_templates / name), 1)
            raise TemplateError(Problem(place, f'There is no template "{error.name}".', hint)) from error
        except RecursionError as error:
            what = "This template extends or includes itself."
            hint = f'To build on the theme\'s, write {{% extends "theme/{name}" %}}.'
            raise TemplateError(Problem(self.to_place(str(self.site_templates / name), 1), what, hint)) from error
        except UnicodeDecodeError as error:
            raise TemplateError(self.encoding_problem(name)) from error
        except Exception as error:
            # Whatever a template of the site does wrong (a missing name, a wrong type) surfaces as some exception.
            blamed = self.template_place(error)
            if blamed is None and (self.site_templates / name).exists():
                blamed = self.to_place(str(self.site_templates / name), 1)
            if blamed is None:
                raise
            raise TemplateError(Problem(blamed, _error_message(error))) from error

    def template_place(self, error: Exception) -> Place | None:
        """The line of a template that is to blame; Jinja rewrites the traceback to name templates.

        That is the innermost line of the site's own templates, or of the theme's where nothing of ours came after.
        """
        files = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
        for filename, line in reversed(files):
            if Path(filename).is_relative_to(self.site_templates):
                return self.to_place(filename, line)
        ours = [item for item in files if Path(item[0]).is_relative_to(PACKAGE)]
        if ours and Path(ours[-1][0]).is_relative_to(THEME):
            return self.to_place(*ours[-1])
        return None

    def encoding_problem(self, name: str) -> Problem:
        """The mistake of a template that is no text in UTF-8: `name`, or one that it uses."""
        for path in (self.site_templates / name, *sorted(self.site_templates.rglob("*.html"))):
            content = path.read_bytes() if path.is_file() else b""
            try:
                content.decode()
            except UnicodeDecodeError as error:
                place = self.to_place(str(path), content.count(b"\n", 0, error.start) + 1)
                return Problem(place, "This line is not in UTF-8.", "Save the file with UTF-8 encoding.")
        return Problem(
            self.to_place(str(self.site_templates / name), 1), "A template is not in UTF-8.", "Save it in UTF-8."
        )

    def to_place(self, filename: str | None, line: int | None) -> Place:
        """A file of the site's or of the theme's templates, as the writer knows it."""
        path = Path(filename or "")
        for root, label in ((self.site_templates, SITE_TEMPLATES), (THEME, "theme")):
            if path.is_relative_to(root):
                return Place(f"{label}/{path.relative_to(root).as_posix()}", line or 1)
        return Place(path.name or SITE_TEMPLATES, line or 1)


def _error_message(error: Exception) -> str:
    prefix = "" if isinstance(error, TemplateRuntimeError) else f"{type(error).__name__}: "
    return _plain_sentence(f"{prefix}{error}")


def _plain_sentence(message: str | None) -> str:
    message = " ".join((message or "This template cannot be used").split())
    for pattern, plain in _PLAIN_MESSAGES:
        message = pattern.sub(plain, message)
    return message if message.endswith(".") else f"{message}."
