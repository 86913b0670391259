"""`statusgen check --ready` says what is in place, what is not, and what nobody wrote down."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen.cli.main import main
from tests.support.wheels import write_wheel

NOW = 1714920312
DAY = 24 * 60 * 60
SITE = "site: {title: T, url: 'https://status.springfield.example/', timezone: America/Chicago%s}\nservices:\n%s"
TRASH = "  - {name: Trash, channels: [{kind: online, url: 'https://pay.%s.example/'}]}\n"
PLACES = """\
publish:
  - {id: main, to: 'ssh://web@www.springfield.example/srv/status'}
  - {id: spare, to: '%s'}
"""


class Town:
    """A site, and what is said of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "incidents").mkdir()
        self.write("", TRASH % "springfield")

    def write(self, settings: str, rest: str) -> None:
        (self.folder / "services.yaml").write_text(SITE % (settings, rest), encoding="utf-8")

    def ask(self, days: int = 0) -> Result:
        words = ["check", "--ready", "--source", str(self.folder)]
        return CliRunner().invoke(main, words, env={"SOURCE_DATE_EPOCH": str(NOW + days * DAY)})

    def answers(self, days: int = 0) -> dict[str, str]:
        """Return each answer by the beginning of what it is about."""
        lines = self.ask(days).output.splitlines()
        return {" ".join(line[11:].split()[:2]): line[:11].strip() for line in lines}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_what_is_not_in_place_is_named_with_what_to_do(town: Town) -> None:
    asked = town.ask()
    assert asked.exit_code == 3
    found = [line[:11].strip() for line in asked.output.splitlines()]
    assert found == ["not known", "no", "not known", "not known", "not known", "no", "no", "not known"]
    assert (
        "no         The page has another domain (springfield.example) than the city's other sites. services.yaml"
        in asked.output
    )
    assert "not known  The page is signed. In site/ there is no signature: statusgen build --sign KEY\n" in asked.output
    assert "no         Residents see whom to call. Write contacts: under site: in services.yaml.\n" in asked.output


def test_what_is_in_place_is_a_yes_and_what_nobody_knows_is_not(town: Town) -> None:
    settings = ", review: two, contacts: [{name: 311, phone: '311'}]"
    town.write(settings, TRASH % "city-of-springfield" + PLACES % "s3://status-springfield")
    (town.folder / "site").mkdir()
    (town.folder / "site" / "manifest.json.sig").write_text("signature", encoding="utf-8")
    asked = town.ask()
    assert asked.exit_code == 0, asked.output
    assert (
        "yes        Two independent places to publish. main is at springfield.example, spare is at amazonaws.com.\n"
        in asked.output
    )
    found = [line[:11].strip() for line in asked.output.splitlines()]
    assert found == ["yes", "yes", "not known", "not known", "yes", "yes", "yes", "not known"]


@pytest.mark.parametrize("spare", ["ssh://web@spare.springfield.example/srv", "file:///srv/status"])
def test_two_places_at_one_company_or_on_this_computer_are_one(town: Town, spare: str) -> None:
    town.write("", TRASH % "springfield" + PLACES % spare)
    assert town.answers()["Two independent"] == "no"


def test_a_kit_is_young_for_ninety_days(town: Town, tmp_path: Path) -> None:
    own = write_wheel(tmp_path / "own", "statusgen")
    write_wheel(tmp_path / "wheels", "pip")
    words = ["--wheels", str(tmp_path / "wheels"), "--statusgen", str(own), "--output", str(tmp_path / "kit.zip")]
    made = CliRunner().invoke(main, ["kit", "--source", str(town.folder), *words], env={"SOURCE_DATE_EPOCH": str(NOW)})
    assert made.exit_code == 0, made.output
    assert "A kit that is younger than 90 days. It was made on 2024-05-05." in town.ask(89).output
    assert town.answers(90)["A kit"] == "no"


def test_a_drill_counts_for_half_a_year(town: Town) -> None:
    drills = town.folder / "drills.md"
    drills.write_text("# Drills\n\n- 2024-05-05: city-network\n- 2023-11-02: our own\n- 2024-02-30: no day\n", "utf-8")
    assert "yes        A drill in the last six months. The last one was held on 2024-05-05.\n" in town.ask(183).output
    assert town.answers(184)["A drill"] == "no"
    drills.write_text("Nobody has held one.\n", encoding="utf-8")
    assert (
        "not known  A drill in the last six months. drills.md here notes none: statusgen drill\n" in town.ask().output
    )


def test_a_site_with_mistakes_is_not_asked_about(town: Town) -> None:
    town.write("", "  - {}\n")
    assert town.ask().exit_code == 1
