"""Compile the message catalogs and the theme's templates whenever a wheel or an editable install is made."""

import sys
from pathlib import Path
from typing import Any

from babel.messages.frontend import CommandLineInterface
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilingHook(BuildHookInterface):
    """What `make` does, with the same commands."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - Hatch's signature
        """Compile before Hatch collects the files of the wheel."""
        self.compile_catalogs()
        sys.path.insert(0, self.root)
        from statusgen.theme.environment import compile_templates

        compile_templates(self.app.display_info)

    def compile_catalogs(self) -> None:
        """Put a `.mo` beside every `.po`: of the pages, and of the desk."""
        for domain, room in (("statusgen", "theme"), ("desk", "desk")):
            locale = Path(self.root, "statusgen", room, "locale")
            if CommandLineInterface().run(["pybabel", "-q", "compile", "-D", domain, "-d", str(locale)]):
                raise ValueError("A message catalog is wrong; the lines above say where.")
