"""Where somebody holds a drill, in tests."""

import shlex
from contextlib import AbstractContextManager
from pathlib import Path

from click.testing import CliRunner, Result

from statusgen.cli.main import main
from statusgen.cli.run_drill import showing
from statusgen.drill.folder import read_drill
from tests.support.paths import DOCS

PAGE = DOCS / "writers" / "drills.md"
NOON = 1714928400  # 2024-05-05 12:00 in Chicago
SITE = """\
site:
  title: Springfield & status
  url: https://status.springfield.example/
  timezone: America/Chicago
  languages: [en, es]
  as_of: last update
  demonstration: This is set up.
  hub: https://hub.example/
publish:
  - {id: main, to: 'ssh://web@www.springfield.example/srv/status'}
  - {id: spare, to: 's3://status-springfield', url: 'https://spare.example/'}
notify:
  channels:
    - {id: list, kind: webhook, since: 2024-05-01 00:00, to: 'https://hook.example/x'}
services:
  - {name: {en: Library, es: Biblioteca}, channels: [{kind: online}]}
  - {name: {en: Pay a water bill, es: Pagar el agua}, id: water-bill, channels: [{kind: online}, {kind: in_person}]}
  - {name: {en: Trash pickup, es: Basura}, id: trash}
  - {name: {en: Call 311, es: Llamar al 311}, id: "311", channels: [{kind: phone}]}
"""


class Office:
    """Where somebody holds a drill: a clock that goes on when it is told to, and the drill's folder."""

    def __init__(self, source: Path) -> None:
        self.source, self.folder, self.seconds = source, source.parent / "drill", 0

    @property
    def site(self) -> Path:
        """The folder of the services.yaml of the copy."""
        return read_drill(self.folder).site

    def at(self, minute: int) -> None:
        """Let it be so many minutes after the beginning, by the clock of a drill of the usual speed."""
        self.seconds = minute * 6

    def run(self, *words: str, input: str = "") -> Result:
        return CliRunner().invoke(main, [*words], input=input, env={"SOURCE_DATE_EPOCH": str(NOON + self.seconds)})

    def drill(self, *words: str, input: str = "") -> str:
        done = self.run("drill", str(self.folder), "--source", str(self.source), *words, input=input)
        assert done.exit_code == 0, done.output
        return done.output

    def write(self, command: str) -> str:
        done = self.run(*shlex.split(command), "--source", str(self.site), "--yes")
        assert done.exit_code == 0, done.output
        return done.output

    def publish(self, *words: str) -> str:
        """Publish while residents' page is shown, as it is while the drill is told."""
        with self.showing():
            done = self.run("publish", *words, "--source", str(self.site), "--wait", "0")
        assert done.exit_code == 0, done.output
        return done.output

    def showing(self) -> AbstractContextManager[object]:
        """Show the page that residents would see, as a drill does while it is told."""
        return showing(read_drill(self.folder))

    @property
    def report(self) -> str:
        return (self.folder / "drill-report.md").read_text(encoding="utf-8")


def list_files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
