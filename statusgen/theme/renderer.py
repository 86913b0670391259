"""Templates → text: the site's own templates, and behind them the theme's.

A file in the site's `templates/` overrides the theme's file of the same name, and may extend it with `{% extends
"theme/base.html" %}`. If a site has templates, all are rendered in Jinja's sandbox, and they are read as posts are:
nothing that lies outside the site's folder.
"""

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    nodes,
)
from jinja2.loaders import split_template_path
from markupsafe import Markup

from statusgen.content.disk import list_files, read_file, walk_files
from statusgen.problems import InvalidValue, Place, Problem, TemplateError
from statusgen.text import MAX_TEXT_BYTES, did_you_mean
from statusgen.theme.environment import TEMPLATES as THEME
from statusgen.theme.environment import ThemeLoader, make_environment
from statusgen.wording.foreign_text import drop_second_periods
from statusgen.wording.interface import InterfaceLanguage

PACKAGE = Path(__file__).parent.parent
STATIC = Path(__file__).parent / "static"
SITE_TEMPLATES = "templates"
# Jinja's messages about names that do not exist, in plain words.
_PLAIN_MESSAGES = (
    (re.compile(r"^'(\w+)' is undefined$"), r'Nothing here is called "\1"'),
    (re.compile(r"^'(?:\w+\.)*(\w+) object' has no attribute '(\w+)'$"), r'A \1 has no "\2"'),
)


class TemplateMessages:
    """The messages of one language in the form that templates use: safe HTML with its parts filled in.

    They behave as those of Jinja's i18n extension in its new style. That looks each message up again every time; here a
    message without parts is looked up once, for a page has the same ones a hundred times.
    """

    def __init__(self, interface: InterfaceLanguage) -> None:
        self.interface = interface
        self.cache: dict[str, Markup] = {}

    def gettext(self, message: str, /, **parts: object) -> Markup:
        """Return a message with its parts filled in."""
        if parts:
            return _fill(self.interface.gettext(message), parts)
        if message not in self.cache:
            self.cache[message] = Markup(self.interface.gettext(message)) % {}
        return self.cache[message]

    def ngettext(self, one: str, many: str, number: int, /, **parts: object) -> Markup:
        """Return a message that depends on a number."""
        return _fill(self.interface.ngettext(one, many, number), {"num": number, **parts})

    def pgettext(self, context: str, message: str, /, **parts: object) -> Markup:
        """Return a message that is translated differently in different contexts."""
        return _fill(self.interface.pgettext(context, message), {"context": context, **parts})


def _fill(message: str, parts: Mapping[str, object]) -> Markup:
    return Markup(drop_second_periods(message, parts)) % parts


# The messages of the page that is being rendered. They cannot be among a template's values: a template that another one
# imports without its context (`{% import "…" as … %}`) is run once for all pages, and keeps what it finds by name.
_current: ContextVar[TemplateMessages] = ContextVar("current messages")
_MESSAGE_FUNCTIONS = {
    "_": lambda message, /, **parts: _current.get().gettext(message, **parts),
    "gettext": lambda message, /, **parts: _current.get().gettext(message, **parts),
    "ngettext": lambda one, many, number, /, **parts: _current.get().ngettext(one, many, number, **parts),
    "pgettext": lambda context, message, /, **parts: _current.get().pgettext(context, message, **parts),
}


class _SiteLoader(FileSystemLoader):
    """The templates of the site in `folder`; one that is a link out of it, or no file at all, is a mistake."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / SITE_TEMPLATES)
        self.folder = folder

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text and its path; raise TemplateNotFound, or TemplateError for a mistake."""
        name = "/".join((SITE_TEMPLATES, *split_template_path(template)))
        try:
            content = read_file(self.folder, self.folder / name, MAX_TEXT_BYTES)
        except FileNotFoundError:
            raise TemplateNotFound(template) from None
        except InvalidValue as error:
            raise TemplateError(Problem(Place(name), error.what, error.hint)) from None
        text, file = content.decode().replace("\r\n", "\n"), str(self.folder / name)
        tree = environment.parse(text, template, file)
        if known := _inherited_blocks(environment, tree):
            for block in tree.body:
                if isinstance(block, nodes.Block) and block.name not in known:
                    what = f'There is no block "{block.name}" in the template that this one extends.'
                    raise TemplateError(Problem(Place(name, block.lineno), what, did_you_mean(block.name, known)))
        return text, file, lambda: True


def _inherited_blocks(environment: Environment, tree: nodes.Template) -> set[str]:
    """Return the names of all blocks that a template can fill; none if it extends no other, or a missing one."""
    extended = tree.find(nodes.Extends)
    if not extended or not isinstance(extended.template, nodes.Const) or not environment.loader:
        return set()
    try:
        text, _, _ = environment.loader.get_source(environment, extended.template.value)
    except TemplateNotFound:
        return set()  # rendering says which, and where
    parent = environment.parse(text)
    return {block.name for block in parent.find_all(nodes.Block)} | _inherited_blocks(environment, parent)


class Renderer:
    """The templates of the site in `folder`, each read when it is first used.

    Those that were compiled are shared with other renderers of the same `bytecode_cache`.
    """

    def __init__(self, folder: Path, bytecode_cache: BytecodeCache | None = None) -> None:
        self.folder, self.site_templates = folder, folder / SITE_TEMPLATES
        found = [*list_files(folder, SITE_TEMPLATES)]
        self.problem = next((problem for problem in found if isinstance(problem, Problem)), None)
        # A site keeps other files there as well: templates of posts.
        self.has_site_templates = any(isinstance(path, Path) and path.suffix in (".html", ".svg") for path in found)
        theme = ThemeLoader()
        site_loader = ChoiceLoader([_SiteLoader(folder), theme, PrefixLoader({"theme": theme})])
        self.environment = make_environment(
            site_loader if self.has_site_templates else theme, sandboxed=self.has_site_templates
        )
        self.environment.bytecode_cache = bytecode_cache
        self.environment.globals |= _MESSAGE_FUNCTIONS
        self.messages: dict[tuple[str, bool], TemplateMessages] = {}

    @contextmanager
    def in_language(self, interface: InterfaceLanguage) -> Iterator[None]:
        """Let templates find their messages in this language, until the end of the block."""
        key = interface.language, interface.marks
        if key not in self.messages:
            self.messages[key] = TemplateMessages(interface)
        before = _current.set(self.messages[key])
        try:
            yield
        finally:
            _current.reset(before)

    def render(self, name: str, values: Mapping[str, object], interface: InterfaceLanguage) -> str:
        """Return the template `name` with these values in one language.

        Raises TemplateError with the file and line of a mistake.
        """
        if self.problem:
            raise TemplateError(self.problem)
        try:
            with self.in_language(interface):
                return self.environment.get_template(name).render(values)
        except TemplateError:
            raise
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
            # A mistake in a template of the site (a missing name, a wrong type) can raise any exception.
            cause = self.template_place(error)
            if cause is None and (self.site_templates / name).exists():
                cause = self.to_place(str(self.site_templates / name), 1)
            if cause is None:
                raise
            raise TemplateError(Problem(cause, _error_message(error))) from error

    def template_place(self, error: Exception) -> Place | None:
        """Return the line of a template that caused an error, or None if no template did.

        Jinja rewrites tracebacks so that they have the lines of templates. The innermost line of the site's own
        templates is to blame; otherwise one of the theme's, unless code of this package failed after it.
        """
        lines = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
        for filename, line in reversed(lines):
            if Path(filename).is_relative_to(self.site_templates):
                return self.to_place(filename, line)
        own_lines = [(filename, line) for filename, line in lines if Path(filename).is_relative_to(PACKAGE)]
        if own_lines and Path(own_lines[-1][0]).is_relative_to(THEME):
            return self.to_place(*own_lines[-1])
        return None

    def encoding_problem(self, name: str) -> Problem:
        """Return the mistake of a template that is not in UTF-8: `name`, or one that it uses."""
        for path in (
            self.site_templates / name,
            *sorted(path for path in walk_files(self.site_templates) if path.suffix == ".html"),
        ):
            content = b""
            try:
                with suppress(FileNotFoundError, InvalidValue):
                    content = read_file(self.folder, path, MAX_TEXT_BYTES)
                content.decode()
            except UnicodeDecodeError as error:
                place = self.to_place(str(path), content.count(b"\n", 0, error.start) + 1)
                return Problem(place, "This line is not in UTF-8.", "Save the file with UTF-8 encoding.")
        return Problem(
            self.to_place(str(self.site_templates / name), 1), "A template is not in UTF-8.", "Save it in UTF-8."
        )

    def to_place(self, filename: str | None, line: int | None) -> Place:
        """Return a file of the site's or the theme's templates under the name that the writer knows."""
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
