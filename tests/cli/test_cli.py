"""The command line: it does what it is asked, explains what went wrong, and never damages what was published."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statusgen import __version__
from statusgen.cli.main import COMMANDS, main

SERVICES = """\
site:
  title: Springfield service status
  url: https://status.springfield.example/
  timezone: America/Chicago
services:
  - {id: trash, name: Trash pickup}
  - {id: water-bill, name: Pay a water bill}
"""

POST = """\
---
title: Water bills cannot be paid
started: 2024-05-04 08:00
services:
  water-bill: {status: down, do: Pay at the counter.}
---
We are looking into it.

## 2024-05-06 09:00 Resolved

It was the cable.
"""

# The smallest PNG there is: one white dot.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)
DRAFT = """\
---
title: The secret festival
draft: true
started: 2024-05-04 08:00
services: {trash: degraded}
---
Not yet.

![A white dot](files/secret.png)
"""


class Springfield:
    """A small city's folder, and the command run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"
        self.write("services.yaml", SERVICES)
        self.write("incidents/2024-05-04-water.md", POST)

    def write(self, name: str, content: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def run(self, command: str, *options: str, epoch: str | None = None) -> Result:
        arguments = [command, "--source", str(self.folder), *options]
        return CliRunner().invoke(main, arguments, env={"SOURCE_DATE_EPOCH": epoch}, catch_exceptions=False)

    def build(self, *options: str) -> str:
        result = self.run("build", *options)
        assert result.exit_code == 0, result.output
        return result.output

    def published(self) -> dict[str, bytes]:
        files = (path for path in self.site.rglob("*") if path.is_file())
        return {path.relative_to(self.site).as_posix(): path.read_bytes() for path in files}

    def mentions(self, words: str) -> list[str]:
        """Return the published files that contain words, or have them in their names."""
        return [path for path, content in self.published().items() if words in path or words.encode() in content]


@pytest.fixture
def city(tmp_path: Path) -> Springfield:
    return Springfield(tmp_path / "springfield")


def run_process(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "statusgen", *arguments], capture_output=True, text=True, check=False)


# What build says and does.


def test_build_says_what_it_wrote_how_long_it_took_and_when_to_build_again(city: Springfield) -> None:
    said = city.build("--at", "2024-05-05 12:00").splitlines()
    written = len(city.published()) - 1  # without statusgen's own list
    built = re.escape(str(city.site / "index.html"))
    assert re.fullmatch(rf"Built {built} in \d+\.\d s: {written} written, 0 unchanged, 0 removed\.", said[0])
    assert said[1:] == ["It shows 2024-05-05 12:00 CDT.", "Rebuild it by 2024-05-06 00:00 CDT."]


def test_building_again_leaves_everything_as_it_is(city: Springfield) -> None:
    city.build("--at", "2024-05-05 12:00")
    # What is published; the list of our own files is not, and is made again.
    before = {path: path.stat().st_mtime_ns for path in city.site.rglob("[!.]*") if path.is_file()}
    said = city.build("--at", "2024-05-05 12:00")
    assert f"0 written, {len(before)} unchanged, 0 removed." in said
    assert {path: path.stat().st_mtime_ns for path in city.site.rglob("[!.]*") if path.is_file()} == before


def test_what_is_no_longer_there_is_removed_and_counted(city: Springfield) -> None:
    city.build("--at", "2024-05-05 12:00")
    (city.folder / "incidents" / "2024-05-04-water.md").unlink()
    removed = re.search(r"(\d+) removed", city.build("--at", "2024-05-05 12:00", "--allow-empty"))
    assert removed
    assert int(removed[1]) >= 1
    assert city.mentions("2024-05-04-water") == []


def test_a_site_in_which_nothing_will_ever_change_need_not_be_built_again(city: Springfield) -> None:
    (city.folder / "incidents" / "2024-05-04-water.md").unlink()
    assert "Rebuild it" not in city.build("--at", "2024-05-05")


def test_the_site_goes_where_it_is_asked_to(city: Springfield, tmp_path: Path) -> None:
    assert f"Built {tmp_path / 'public' / 'index.html'}" in city.build("--output", str(tmp_path / "public"))
    assert (tmp_path / "public" / "index.html").is_file()
    assert not city.site.exists()


def test_a_folder_with_somebody_else_s_files_is_not_touched(city: Springfield) -> None:
    city.write("site/thesis.txt", "ten years of work")
    result = city.run("build")
    assert result.exit_code == 1
    assert "thesis.txt" in result.stderr
    assert city.published() == {"thesis.txt": b"ten years of work"}


# Which moment is shown.


def test_a_date_alone_means_its_last_minute(city: Springfield) -> None:
    assert "It shows 2024-05-15 23:59 CDT." in city.build("--at", "2024-05-15")


def test_the_environment_may_fix_the_moment(city: Springfield) -> None:
    # https://reproducible-builds.org/specs/source-date-epoch/
    result = city.run("build", epoch="1714910400")
    assert "It shows 2024-05-05 07:00 CDT." in result.output
    assert "It shows 2024-05-15 23:59 CDT." in city.run("build", "--at", "2024-05-15", epoch="1714910400").output


@pytest.mark.parametrize("epoch", ["yesterday", "-1e9", "99999999999999999"])
def test_a_moment_in_the_environment_that_is_none_is_a_mistake(city: Springfield, epoch: str) -> None:
    result = city.run("build", epoch=epoch)
    assert result.exit_code == 2
    assert "SOURCE_DATE_EPOCH" in result.stderr
    assert not city.site.exists()


def test_a_demonstration_shows_the_moment_that_it_tells_of(city: Springfield) -> None:
    demonstration = "  demonstration: A drill.\n  as_of: last update\nservices:"
    city.write("services.yaml", SERVICES.replace("services:", demonstration))
    assert "It shows 2024-05-06 09:00 CDT." in city.run("build", epoch="1714910400").output
    assert "It shows 2024-05-05 12:00 CDT." in city.build("--at", "2024-05-05 12:00")


def test_an_update_dated_ahead_is_not_published_before_its_time(city: Springfield) -> None:
    city.build("--at", "2024-05-06 08:59")
    assert city.mentions("It was the cable.") == []
    assert city.mentions("update-2024-05-06") == []
    assert "Rebuild it by 2024-05-06 09:00 CDT." in city.build("--at", "2024-05-06 08:00")
    city.build("--at", "2024-05-06 09:00")
    assert "incidents/2024-05-04-water/index.html" in city.mentions("It was the cable.")


# Drafts.


def test_a_draft_is_nowhere(city: Springfield) -> None:
    city.build("--at", "2024-05-05 12:00")
    before = city.published()
    city.write("incidents/2024-05-04-festival.md", DRAFT)
    city.write("incidents/files/secret.png", DOT)
    city.build("--at", "2024-05-05 12:00")
    assert city.published() == before


def test_a_draft_is_shown_to_anyone_who_asks(city: Springfield) -> None:
    city.write("incidents/2024-05-04-festival.md", DRAFT)
    city.write("incidents/files/secret.png", DOT)
    city.build("--at", "2024-05-05 12:00", "--drafts")
    assert "index.html" in city.mentions("The secret festival")
    assert city.published()["incidents/files/secret.png"] == DOT


def test_a_picture_comes_with_the_update_that_shows_it(city: Springfield) -> None:
    city.write("incidents/2024-05-04-water.md", POST + "\n![A white dot](files/dot.png)\n")
    city.write("incidents/files/dot.png", DOT)
    city.build("--at", "2024-05-05 12:00")
    assert city.mentions("dot.png") == []
    city.build("--at", "2024-05-06 12:00")
    assert city.published()["incidents/files/dot.png"] == DOT


# Mistakes.


def test_a_mistake_leaves_what_is_published_byte_for_byte(city: Springfield) -> None:
    city.build("--at", "2024-05-05 12:00")
    before = city.published()
    city.write("incidents/2024-05-05-trash.md", POST.replace("water-bill:", "trash-pickup:"))
    result = city.run("build", "--at", "2024-05-05 12:00")
    assert result.exit_code == 1
    assert city.published() == before


def test_all_mistakes_are_told_at_once_each_with_its_file_and_line(city: Springfield) -> None:
    city.write("incidents/2024-05-04-water.md", POST.replace("status: down", "status: dwon"))
    city.write("incidents/2024-05-05-trash.md", POST.replace("water-bill:", "trsh:"))
    result = city.run("build")
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith("incidents/2024-05-04-water.md:5: ")
    assert 'Did you mean "down"?' in lines[0]
    assert lines[1].startswith("incidents/2024-05-05-trash.md:5: ")
    assert 'Did you mean "trash"?' in lines[1]
    assert lines[2:] == ["2 mistakes. Nothing was written."]
    assert not city.site.exists()


def test_a_mistake_in_a_template_leaves_what_is_published_byte_for_byte(city: Springfield) -> None:
    city.build("--at", "2024-05-05 12:00")
    before = city.published()
    city.write("templates/404.html", "{% extends 'theme/404.html' %}\n{% block content %}{{ nobody }}{% endblock %}\n")
    result = city.run("build", "--at", "2024-05-05 12:00")
    assert result.exit_code == 1
    assert result.stderr.startswith("templates/404.html:2: ")
    assert city.published() == before


def test_a_folder_without_services_says_what_is_missing(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["build", "--source", str(tmp_path)])
    assert result.exit_code == 1
    assert "services.yaml" in result.stderr
    assert list(tmp_path.iterdir()) == []


# check.


def test_check_finds_nothing_wrong_and_writes_nothing(city: Springfield) -> None:
    result = city.run("check", "--at", "2024-05-07")
    assert (result.exit_code, result.output) == (0, "Mistakes: 0. Advice: 0.\n")
    assert not city.site.exists()


def test_check_gives_advice_which_strict_does_not_let_pass(city: Springfield) -> None:
    promising = POST.replace("started:", "next_update: 2024-05-05 09:00\nnot_known: [Why]\nstarted:")
    promising = promising.replace("Pay at the counter.", "Pay at the counter. Automatic payments go on.")
    city.write("incidents/2024-05-04-water.md", promising.partition("\n## ")[0])
    advised = city.run("check", "--at", "2024-05-05 10:00")
    assert advised.exit_code == 0
    assert advised.output.splitlines()[-1] == "Mistakes: 0. Advice: 1."
    assert "advice: " in advised.output
    assert city.run("check", "--at", "2024-05-05 10:00", "--strict").exit_code == 1
    assert city.run("check", "--at", "2024-05-05 08:00", "--strict").exit_code == 0


def test_check_fails_on_mistakes(city: Springfield) -> None:
    city.write("incidents/2024-05-04-water.md", POST.replace("status: down", "status: dwon"))
    result = city.run("check")
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == "Mistakes: 1. Advice: 0."


def test_check_speaks_to_github(city: Springfield) -> None:
    city.write("incidents/2024-05-04-water.md", POST.replace("status: down", "status: 100%"))
    result = city.run("check", "--format", "github")
    assert result.exit_code == 1
    assert result.output.startswith("::error file=incidents/2024-05-04-water.md,line=5::")
    assert "100%25" in result.output


def test_check_speaks_to_programs(city: Springfield) -> None:
    city.write("incidents/2024-05-04-water.md", POST.replace("status: down", "status: dwon"))
    (found,) = json.loads(city.run("check", "--format", "json").output)
    assert found["file"] == "incidents/2024-05-04-water.md"
    assert (found["line"], found["kind"]) == (5, "mistake")
    assert "dwon" in found["what"]
    assert 'Did you mean "down"?' in found["hint"]
    assert json.loads(Springfield(city.folder).run("check", "--format", "json", "--at", "2024-05-07").output) == []


# status.


def test_status_shows_problems_first(city: Springfield) -> None:
    result = city.run("status", "--at", "2024-05-05 12:00")
    assert result.exit_code == 0
    assert "1 service is not working as usual." in result.output
    assert "Pay at the counter." in result.output
    assert result.output.index("Pay a water bill") < result.output.index("Trash pickup")
    assert not city.site.exists()


def test_status_for_programs_has_every_service(city: Springfield) -> None:
    document = json.loads(city.run("status", "--json", "--at", "2024-05-05 12:00").output)
    assert document["version"] == 1
    assert document["at"] == "2024-05-05T12:00:00-05:00"
    assert document["next_change"] == "2024-05-06T00:00:00-05:00"
    assert [(service["id"], service["status"]) for service in document["services"]] == [
        ("trash", "not_said"),
        ("water-bill", "down"),
    ]
    later = json.loads(city.run("status", "--json", "--at", "2024-05-06 09:00").output)
    assert {service["id"]: service["status"] for service in later["services"]} == {
        "trash": "not_said",
        "water-bill": "working",
    }


def test_status_says_nothing_of_drafts(city: Springfield) -> None:
    city.write("incidents/2024-05-04-festival.md", DRAFT)
    city.write("incidents/files/secret.png", DOT)
    assert "festival" not in city.run("status", "--json", "--at", "2024-05-05 12:00").output


# Asking wrongly, and asking for help.


@pytest.mark.parametrize(
    "arguments",
    [
        ["biuld"],
        ["build", "--frobnicate"],
        ["build", "--source", "no/such/folder"],
        ["build", "--at", "teatime"],
        ["build", "--at", "2024-02-30"],
        ["build", "--at", "2024-03-10 02:30"],  # the clocks skip that time
        ["check", "--format", "xml"],
        ["serve", "--port", "many"],
    ],
)
def test_asking_wrongly_exits_with_2_and_says_how_to_ask(
    city: Springfield, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(city.folder)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert not city.site.exists()


def test_the_help_lists_every_command_in_a_line_each() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == [*COMMANDS]
    width = max(map(len, COMMANDS))
    for name, summary in COMMANDS.items():
        assert f"  {name:<{width}}  {summary}" in listed
        assert CliRunner().invoke(main, [name, "--help"]).output.startswith(f"Usage: main {name} ")


@pytest.mark.parametrize("command", ["build", "check", "status", "serve"])
def test_every_command_explains_itself(command: str) -> None:
    assert command in CliRunner().invoke(main, ["--help"]).output
    result = CliRunner().invoke(main, [command, "-h"])
    assert result.exit_code == 0
    assert "--source" in result.output
    assert "--at" in result.output


def test_the_version_is_that_of_the_package() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"statusgen, version {__version__}\n"


def test_python_can_run_it_as_a_module() -> None:
    result = run_process("--version")
    assert (result.returncode, result.stdout) == (0, f"statusgen, version {__version__}\n")
    assert run_process("frobnicate").returncode == 2


def test_a_command_with_a_slip_in_its_name_is_told_right() -> None:
    result = CliRunner().invoke(main, ["biuld"])
    assert result.exit_code == 2
    assert "Did you mean 'build'?" in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="it takes a shell of POSIX")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "< /dev/null", "| cat"])
def test_a_command_succeeds_even_if_nobody_listens(closed: str, tmp_path: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m statusgen init {shlex.quote(str(tmp_path / 'page'))} {closed}"
    result = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "page" / "services.yaml").exists()


def test_a_command_that_fails_says_so_to_the_shell(tmp_path: Path) -> None:
    for words, code in ((["check", "--source", str(tmp_path)], 1), (["biuld"], 2)):
        assert subprocess.run([sys.executable, "-m", "statusgen", *words], capture_output=True).returncode == code


def imported_modules(*words: str) -> set[str]:
    """Return the modules imported after a command has run in its own process."""
    script = (
        "import sys\n"
        "from statusgen.cli.main import main\n"
        f"main({[*words]}, standalone_mode=False)\n"
        "print(*sys.modules)\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(result.stdout.splitlines()[-1].split())


def test_the_list_of_commands_needs_none_of_them() -> None:
    ours = {name for name in imported_modules("--help") if name.startswith("statusgen.")}
    assert ours == {"statusgen.cli", "statusgen.cli.main"}


def test_help_does_not_wait_for_large_libraries() -> None:
    large = {"pydantic", "jinja2", "lxml", "babel", "yaml", "markdown", "feedgen", "flask", "werkzeug", "waitress"}
    assert not imported_modules("build", "--help") & large


def test_only_what_serves_waits_for_a_web_server(tmp_path: Path) -> None:
    (tmp_path / "services.yaml").write_text(SERVICES, encoding="utf-8")
    modules = imported_modules("build", "--source", str(tmp_path), "--output", str(tmp_path / "site"))
    assert "jinja2" in modules
    assert not modules & {"flask", "werkzeug", "waitress"}


def test_what_the_system_refuses_is_told_in_a_sentence() -> None:
    result = CliRunner().invoke(main, ["build", "--output", "x" * 300])
    assert result.exit_code == 1
    assert "File name too long" in result.output
    assert "Traceback" not in result.output
