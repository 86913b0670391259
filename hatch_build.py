"""What a wheel has that is made: compiled catalogs and templates, and what completes commands in each shell."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel.messages.frontend import CommandLineInterface
from click import Command
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Where each shell looks for them, below the folder of the Python that the wheel is installed for.
COMPLETIONS: dict[str, type[ShellComplete]] = {
    "share/bash-completion/completions/statusgen": BashComplete,
    "share/zsh/site-functions/_statusgen": ZshComplete,
    "share/fish/vendor_completions.d/statusgen.fish": FishComplete,
}


class MakingHook(BuildHookInterface):
    """What `make` does, with the same commands, whenever a wheel or an editable install is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - Hatch's signature
        """Compile, and write completions, before Hatch collects the files of the wheel."""
        self.compile_catalogs()
        sys.path.insert(0, self.root)
        from statusgen.theme.environment import compile_templates

        compile_templates(self.app.display_info)
        self.made = TemporaryDirectory()
        build_data["shared_data"] |= write_completions(Path(self.made.name))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - likewise
        """Delete what is in the wheel by now."""
        self.made.cleanup()

    def compile_catalogs(self) -> None:
        """Put a `.mo` beside every `.po`: of the pages, and of the desk."""
        for domain, room in (("statusgen", "theme"), ("desk", "desk")):
            locale = Path(self.root, "statusgen", room, "locale")
            if CommandLineInterface().run(["pybabel", "-q", "compile", "-D", domain, "-d", str(locale)]):
                raise ValueError("A message catalog is wrong; the lines above say where.")


def write_completions(folder: Path) -> dict[str, str]:
    """Write a script for each shell into a folder; return where each is to be installed, by its path."""
    scripts = {}
    for target, kind in COMPLETIONS.items():
        path = folder / kind.name
        # Bash's own method would ask for the version of the bash that is on the computer of the build.
        source = ShellComplete.source(kind(Command("statusgen"), {}, "statusgen", "_STATUSGEN_COMPLETE"))
        path.write_text(f"{source.strip()}\n", encoding="utf-8", newline="\n")
        scripts[str(path)] = target
    return scripts
