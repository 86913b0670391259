"""Names for several services at once stand for what the city itself runs."""

from pathlib import Path

from click.testing import CliRunner

from statusgen.cli.main import main
from tests.support.telling import make_town

SERVICES = """
    operators: {lifeline: {name: 988 Lifeline, kind: other}, works: {name: Public Works}}
    services:
      - {id: bill, name: Pay a bill, channels: [{id: online, kind: online}]}
      - {id: permits, name: Permits, operator: works, channels: [{id: online, kind: online}]}
      - id: crisis
        name: Crisis line
        operator: lifeline
        channels: [{id: chat, kind: online}, {id: letters, kind: mail}]
"""
SAID = ("--title", "Our systems are down", "--since", "8:00", "--at", "2024-05-05 09:00", "--yes")


def test_all_online_leaves_out_what_others_run(tmp_path: Path) -> None:
    make_town(tmp_path, SERVICES)
    said = CliRunner().invoke(main, ["new", "--source", str(tmp_path), *SAID, "--service", "all/online=down"])
    assert said.exit_code == 0, said.output
    [post] = (tmp_path / "incidents").glob("*.md")
    text = post.read_text(encoding="utf-8")
    assert "bill/online: down" in text
    assert "permits/online: down" in text
    assert "crisis" not in text


def test_a_kind_that_only_others_have_matches_nothing(tmp_path: Path) -> None:
    make_town(tmp_path, SERVICES)
    said = CliRunner().invoke(main, ["new", "--source", str(tmp_path), *SAID, "--service", "all/mail=down"])
    assert "matches no service" in said.output
    assert said.exit_code == 2
