"""Jinja as the templates are written for it, and the theme's templates as Python, made before they are needed.

To compile all templates takes longer than to build a small site, so it is done when the package is made
(hatch_build.py, and `make` in a checkout): `compiled/` has a module for each. Its name is a digest of the template and
of what compiles it. One that was changed since has no such module, and is compiled when it is used, as the site's own
templates are.
"""

import hashlib
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
COMPILED = HERE / "compiled"


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, quicker with our own values, which a page asks for hundreds of times.

    They are frozen, and no part of Python's: there is nothing to hide but private names.
    """

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may see it."""
        if type(obj).__module__.startswith("statusgen."):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)


def make_environment(loader: jinja2.BaseLoader, sandboxed: bool) -> jinja2.Environment:
    """Everything is escaped unless it is known to be safe HTML, and a name that does not exist is a mistake.

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
    """The theme's templates, by the modules that were made of them as far as they are those of the same text."""

    def __init__(self, compiled: Path = COMPILED) -> None:
        super().__init__(TEMPLATES)
        self.compiled = compiled

    def load(self, environment: jinja2.Environment, name: str, globals: Any = None) -> jinja2.Template:
        """The template of this name; raises TemplateNotFound."""
        source, path, is_current = self.get_source(environment, name)
        module = self.compiled / f"{_module_name(source, environment.sandboxed)}.py"
        if not module.exists():
            return super().load(environment, name, globals)
        code = SourceFileLoader(module.stem, str(module)).get_code(module.stem)
        assert isinstance(code, CodeType)
        # Jinja tells by this file's name which template is to blame for an error.
        code = code.replace(co_filename=str(path))
        return environment.template_class.from_code(environment, code, globals or {}, is_current)


def _module_name(source: str, sandboxed: bool) -> str:
    """A digest of all that the Python of a template depends on."""
    parts = [jinja2.__version__, Path(__file__).read_text(encoding="utf-8"), str(sandboxed), source]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def compile_templates(report: Callable[[str], object]) -> None:
    """Make the modules of all templates, and remove those of others; `say` is told how many there are."""
    modules = set()
    for sandboxed in (True, False):
        env = make_environment(jinja2.FileSystemLoader(TEMPLATES), sandboxed)
        for name in env.list_templates():
            source = (TEMPLATES / name).read_text(encoding="utf-8")
            python = env.compile(source, name, str(TEMPLATES / name), raw=True)
            module = COMPILED / f"{_module_name(source, sandboxed)}.py"
            module.parent.mkdir(exist_ok=True)
            module.write_text(python, encoding="utf-8")
            modules.add(module)
    for module in {*COMPILED.glob("*.py")} - modules:
        module.unlink()
    report(f"{len(modules)} templates were compiled.")


if __name__ == "__main__":
    compile_templates(print)
