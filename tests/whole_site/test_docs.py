"""Everything that the documentation tells people to type or write works."""

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from statusgen.cli.check import IS_NOT_READY
from statusgen.cli.import_site import HAS_QUESTIONS
from statusgen.cli.main import COMMANDS, main
from statusgen.lint.registry import RULES
from tests.support.documentation import code_blocks
from tests.support.importing import SAMPLES
from tests.support.paths import DOCS, README, ROOT
from tests.support.telling import make_town
from tests.support.two_laptops import Laptop

WRITERS = DOCS / "writers"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


# In a block of its own, or at the end of a row of a table.
_TO_TYPE = re.compile(r"^( *)```sh\n(?P<block>.*?)^\1```$|\| `(?P<row>statusgen [^`]+)` \|$", re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[str]:
    """Return what a page tells people to type, in order; a line that ends with a backslash continues in the next."""
    found = (each["block"] or each["row"] for each in _TO_TYPE.finditer(page.read_text(encoding="utf-8")))
    return [line.strip() for block in found for line in block.replace("\\\n", " ").splitlines() if line.strip()]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
@pytest.mark.usefixtures("example")
def test_each_command_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other, ten minutes apart, so that each finds what those before it have written."""
    for number, command in enumerate(commands(page)):
        name, *arguments = shlex.split(command)
        if name == "statusgen":
            if arguments in (["serve"], ["desk"], ["new"]) or arguments[0] in ("publish", "kit", "drill"):
                arguments.append(
                    "--help"
                )  # they would wait for someone, or a host or an index; they have tests of their own
            if arguments == ["undo"]:
                arguments.append("--yes")
                keep_in_git(Path())
            if arguments[0] == "import":
                copy_source(Path(arguments[2]))
            monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_800_000_000 + 600 * number))
            result = CliRunner().invoke(main, arguments)
            advised = "--strict" in arguments
            has_questions = arguments[0] == "import" and result.exit_code == HAS_QUESTIONS
            is_not_ready = "--ready" in arguments and result.exit_code == IS_NOT_READY
            assert result.exit_code == 0 or advised or has_questions or is_not_ready, (command, result.output)
            if "--template" in arguments:  # it has blanks to fill in, and nothing can be built before that
                written = arguments[arguments.index("--template") + 1]
                next(Path("incidents").glob(f"2027-*{written}.md")).unlink()


def copy_source(path: Path) -> None:
    """Put another status page where a command expects it."""
    if path.suffix:
        shutil.copy(SAMPLES / "table" / path.name, path)
    else:
        shutil.copytree(SAMPLES / "cstate-harbor", path)


def keep_in_git(folder: Path) -> None:
    """Commit what there is, and change it once more."""
    laptop = Laptop(folder, "Ada")
    laptop.git("init", "--quiet")
    laptop.git("add", "--all")
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@springfield.example")
    laptop.git(*who, "commit", "--quiet", "--message=The site")
    with next((folder / "incidents").glob("*.md")).open("a", encoding="utf-8") as post:
        post.write("\nA last word.\n")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_each_command_in_a_sentence_has_these_flags(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for found in re.findall(r"`statusgen ([a-z][^`]*)`", text):
        name, *words = found.split()
        assert name in COMMANDS, found
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group) and words:
            command = command.commands[words[0]]
        assert command
        flags = {flag for option in command.params for flag in option.opts}
        assert {word.partition("=")[0] for word in words if word.startswith("--")} <= flags | {"--help"}, found


def test_each_other_command_is_a_target_of_make() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    others = {line for page in PAGES for line in commands(page) if not line.startswith("statusgen ")}
    assert {"make site", "make test"} <= others
    for line in others:
        make, target = line.split()
        assert make == "make"
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), line


def test_the_least_site_of_the_readme_is_sound(tmp_path: Path) -> None:
    services, *_ = code_blocks(README, "yaml")
    post, *_ = code_blocks(README, "markdown")
    write_site(tmp_path, services, {"2024-05-05-water-bill.md": post})
    result = CliRunner().invoke(main, ["check", "--source", str(tmp_path), "--at", "2024-05-05 09:00"])
    assert result.exit_code == 0, result.output
    result = CliRunner().invoke(main, ["status", "--source", str(tmp_path), "--at", "2024-05-05 09:00"])
    assert "1 service is not working as usual." in result.output


def test_the_examples_for_writers_are_sound(tmp_path: Path) -> None:
    page = WRITERS / "by-hand.md"
    *_, services = code_blocks(WRITERS / "services.md", "yaml")
    entry = next(block for block in code_blocks(page, "yaml") if block.startswith("services:"))
    services += "  - {id: permits, name: Building permits}\n  - {id: trash, name: Trash pickup}\n"
    [first] = code_blocks(WRITERS / "night.md", "markdown")
    [second] = code_blocks(page, "markdown")
    planned, notice = code_blocks(WRITERS / "planned-work.md", "markdown")
    posts = {
        "2024-05-05-network.md": f"{first}\n{second}",
        "2024-05-06-entries.md": f"---\ntitle: Every kind of entry\nstarted: 2024-05-06\n{entry}---\nText.\n",
        "2024-05-01-meters.md": planned,
        "2024-05-06-fraud.md": notice,
    }
    write_site(tmp_path, services, posts)
    result = CliRunner().invoke(main, ["check", "--source", str(tmp_path), "--at", "2024-05-07"])
    assert result.exit_code == 0, result.output


@pytest.mark.usefixtures("example")
def test_the_post_and_the_update_for_a_phone_are_sound() -> None:
    post, update = code_blocks(WRITERS / "one-page.md", "markdown")
    Path("incidents/2024-05-05-water-bill.md").write_text(f"{post}\n{update}", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--at", "2024-05-05 05:01"])
    assert result.exit_code == 0, result.output
    advice = re.findall(r"(?m)^incidents/2024-05-05-water-bill\.md:.*\[([a-z-]+)\]$", result.output)
    assert advice == ["untranslated"], "nothing else is missing"


def test_the_page_says_what_the_example_of_only_what_somebody_said_promises(tmp_path: Path) -> None:
    section = (WRITERS / "what-pages-say.md").read_text(encoding="utf-8")
    post = section.partition("```markdown\n")[2].partition("```")[0]
    rows = dict(re.findall(r"^\| (May \d) \| (.+) \|$", section, re.MULTILINE))
    town = make_town(tmp_path, SERVICES_OF_THE_EXAMPLE, x=post)
    for day, row in rows.items():
        told = town.at(f"2024-05-0{day[-1]} 12:00")
        words, _, no_longer = row.partition("no longer")
        shown = told.text.replace("\n  ", ": ") + "".join(told.forms.values())
        for each in re.findall(r'"([^"]+)"', words):
            subject, _, said = each.rpartition(": ")
            pattern = rf"{re.escape(subject)}[^.\n]*?:? ?\(?{re.escape(said)}"
            assert re.search(pattern, shown), (day, each)
        told.assert_never(*re.findall(r'"([^"]+)"', no_longer))


SERVICES_OF_THE_EXAMPLE = """
    services:
      - id: bill
        name: Pay a bill
        channels:
          - {id: online, kind: online}
          - {id: autopay, kind: automatic, name: Autopay}
          - {id: desk, kind: in_person, name: Desk}
      - {id: calls, name: 911 calls}
      - {id: parks, name: Parks}
      - {id: permits, name: Permits}
"""


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in PAGES:
        text = re.sub(r"`[^`\n]+`", "", page.read_text(encoding="utf-8"))  # what is quoted leads elsewhere
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def write_site(folder: Path, services: str, posts: dict[str, str]) -> None:
    (folder / "services.yaml").write_text(services, encoding="utf-8")
    (folder / "incidents").mkdir()
    for name, text in posts.items():
        (folder / "incidents" / name).write_text(text, encoding="utf-8")


def test_the_rules_of_advice_are_those_that_there_are() -> None:
    text = (WRITERS / "checking.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \|$", text, re.MULTILINE))
    assert described == {rule.name: (rule.find.__doc__ or "").strip() for rule in RULES}
