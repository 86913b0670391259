"""Compiles the message catalogues whenever a wheel or an editable install is made."""

from pathlib import Path
from typing import Any

from babel.messages.frontend import CommandLineInterface
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    """Puts a `statusgen.mo` beside every `statusgen.po`, as `make` does with the same command."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - Hatch's signature
        """Compile before Hatch collects the files of the wheel."""
        locale = Path(self.root, "statusgen", "theme", "locale")
        # With nothing to compile, pybabel would stop with an error.
        if not any(locale.glob("*/LC_MESSAGES/statusgen.po")):
            return
        command = ["pybabel", "-q", "compile", "-D", "statusgen", "-d", str(locale)]
        if CommandLineInterface().run(command):
            raise ValueError("A message catalogue is wrong; the lines above say where.")
