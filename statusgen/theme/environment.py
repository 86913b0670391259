"""Jinja as the templates are written for it, and the theme's templates as Python, made before they are needed.

To compile all templates takes longer than to build a small site, so it is done when the package is made
(hatch_build.py, and `make` in a checkout): `compiled/` has modules for Jinja's ModuleLoader. Their folder is named by a
digest of all templates and of what compiles them. When one has changed since, there is no such folder, and they are
compiled when they are used, as the site's own templates are.
"""

import shutil
from collections.abc import Callable, MutableMapping
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from statusgen.speed.cache import digest

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
COMPILED = HERE / "compiled"


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, faster with our own values, which a page reads hundreds of times.

    They are frozen, and no part of Python's: there is nothing to hide but private names.
    """

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Return whether a template may see it."""
        if type(obj).__module__.startswith("statusgen."):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)


def make_environment(loader: jinja2.BaseLoader, sandboxed: bool) -> jinja2.Environment:
    """Return an environment that escapes everything but safe HTML, and in which an unknown name is a mistake.

    What strangers may have written is `sandboxed`.
    """
    kind = Sandbox if sandboxed else jinja2.Environment
    result = kind(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    result.policies["ext.i18n.trimmed"] = True
    # The i18n extension adds this method to the environment; the style counts when a template is compiled.
    vars(result)["install_null_translations"](newstyle=True)
    return result


class ThemeLoader(jinja2.FileSystemLoader):
    """The theme's templates: from their modules if those were made of all templates as they are, or from their text."""

    def __init__(self, compiled: Path = COMPILED) -> None:
        super().__init__(TEMPLATES)
        folder = compiled / _source_digest()
        self.module_folders = {True: folder / "sandboxed", False: folder / "plain"}

    def load(
        self, environment: jinja2.Environment, name: str, globals: MutableMapping[str, object] | None = None
    ) -> jinja2.Template:
        """Return the template of this name; raise TemplateNotFound."""
        modules = jinja2.ModuleLoader(self.module_folders[environment.sandboxed])
        try:
            template = modules.load(environment, name, globals)
        except jinja2.TemplateNotFound:
            return super().load(environment, name, globals)
        template.filename = str(TEMPLATES / name)  # which is to blame for an error in it
        return template


def _source_digest() -> str:
    """Return a digest of everything that the Python of the templates depends on."""
    files = [Path(__file__), *sorted(path for path in TEMPLATES.iterdir() if path.is_file())]
    texts = (file.read_text("utf-8", "surrogateescape") for file in files)
    return digest([jinja2.__version__, *(file.name for file in files), *texts])[:32]


def compile_templates(report: Callable[[str], object]) -> None:
    """Make the modules of all templates in place of earlier ones, and report how many there are."""
    shutil.rmtree(COMPILED, ignore_errors=True)
    loader = ThemeLoader()
    for sandboxed, folder in loader.module_folders.items():
        make_environment(loader, sandboxed).compile_templates(folder, zip=None, ignore_errors=False)
    report(f"{2 * len(loader.list_templates())} templates were compiled.")


if __name__ == "__main__":
    compile_templates(print)
