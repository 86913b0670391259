"""`statusgen init` creates a site that works at once, says nothing untrue, and is easy to change."""

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from click import Context
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from statusgen import __version__, scaffold
from statusgen.cli.main import main
from statusgen.content.format.json_schema import make_schema
from statusgen.model.services import ChannelKind
from statusgen.model.words import Words
from statusgen.problems import Place, StatusgenError
from tests.support.editor_yaml import load_yaml
from tests.support.language_server import start_editor
from tests.support.office import NOW
from tests.support.paths import ROOT
from tests.support.sample_sites import City

MORNING = "2024-05-05 09:45"
STARTERS = [*scaffold.STARTERS]


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words, env={"SOURCE_DATE_EPOCH": str(NOW)}, catch_exceptions=False)


def init(folder: Path, *words: str) -> Path:
    result = run("init", str(folder), *words)
    assert result.exit_code == 0, result.output
    return folder


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module", params=STARTERS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new site of each kind."""
    return init(tmp_path_factory.mktemp(request.param) / "site", "--starter", request.param)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A new city's site, with what each host needs."""
    hosts = [word for host in scaffold.HOSTS for word in ("--host", host)]
    return init(tmp_path / "city", *hosts)


# Each starter.


def test_it_has_no_mistake_and_needs_no_advice(site: Path, tmp_path: Path) -> None:
    whole = shutil.copytree(site, tmp_path / "whole")
    (whole / f"statusgen-{__version__}-py3-none-any.whl").touch()  # what init asks for
    result = run("check", "--strict", "--source", str(whole))
    assert result.output == "Mistakes: 0. Advice: 0.\n"
    assert result.exit_code == 0


def test_it_is_right_by_the_schema_that_comes_along(site: Path) -> None:
    text = (site / "services.yaml").read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema={scaffold.SCHEMA_FILE}\n")
    document = json.loads((site / scaffold.SCHEMA_FILE).read_text(encoding="utf-8"))
    assert document == make_schema("services")
    assert [error.message for error in Draft202012Validator(document).iter_errors(load_yaml(text))] == []


def test_its_page_says_that_it_is_being_set_up_and_that_no_problem_is_reported(site: Path) -> None:
    city = City(site)
    page = city.page(MORNING)
    assert "This page is being set up. Nothing on it is true yet." in page.words
    assert page.headline() == "No problems reported"
    for service in city.site.services:
        assert service.name.texts[0][1] in page.service(service.id)
        assert page.root.xpath("//section[h2/@id='unsaid']//*[@id=$id]", id=f"service-{service.id}"), service
    assert page.section("unsaid").startswith("No problem reported ")


def test_its_accessibility_contact_needs_only_its_signs_taken_away(site: Path, tmp_path: Path) -> None:
    text = (site / "services.yaml").read_text(encoding="utf-8")
    before, mark, after = text.partition("  # accessibility:\n")
    lines, end, rest = f"{mark}{after}".partition("\n\n")
    (tmp_path / "incidents").mkdir()
    taken = re.sub("(?m)^  # ", "  ", lines)
    (tmp_path / "services.yaml").write_text(f"{before}{taken}{end}{rest}", encoding="utf-8")
    city = City(tmp_path)
    for path in ("about/index.html", "es/about/index.html"):
        about = city.files(MORNING)[path].decode()
        assert all(
            each in about for each in ("555-0103", "mailto:accessibility@example.org", "example.org/accessibility")
        )
    alone = [words for words in all_words(city.site.accessibility) if len(words.texts) == 1]
    assert (city.site.accessibility is None, alone) == (False, [])


def test_search_engines_are_kept_away_from_it(site: Path) -> None:
    files = City(site).files(MORNING)
    assert b"Disallow: /\n" in files["robots.txt"]
    assert b'name="robots" content="noindex' in files["index.html"]


def test_it_speaks_spanish_throughout(site: Path) -> None:
    city = City(site)
    assert city.site.languages == ("en", "es")
    alone = [words.texts[0][1] for words in all_words(city.site) if len(words.texts) == 1]
    streets = re.compile(r"\d|PO Box|Central Station")
    assert [words for words in alone if not streets.search(words)] == []


def all_words(value: Any) -> Iterator[Words]:
    if isinstance(value, Words):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from all_words(one)
    elif is_dataclass(value) and not isinstance(value, Place | type):
        for field in fields(value):
            yield from all_words(getattr(value, field.name))


def test_it_shows_what_a_page_can_have(site: Path) -> None:
    content = City(site).site
    assert any(service.operator for service in content.services)
    assert any(service.essential for service in content.services)
    assert any(service.keywords for service in content.services)
    assert all(service.group for service in content.services)
    assert {group.id for group in content.groups} == {service.group for service in content.services}
    kinds = {way.kind for service in content.services for way in service.channels}
    assert {ChannelKind.ONLINE, ChannelKind.PHONE, ChannelKind.IN_PERSON} <= kinds


def test_its_numbers_and_addresses_are_nobodys(site: Path) -> None:
    for name, content in files(site).items():
        text = content.decode()
        if name == "services.yaml" or name.startswith("templates/"):
            numbers = re.findall(r"\d{3}-\d{4}\b", text)
            assert all(number.startswith("555-01") for number in numbers), (name, numbers)
            nationwide = {"www.identitytheft.gov", "www.robodeidentidad.gov", "988lifeline.org"}
            hosts = set(re.findall(r"https?://([\w.-]+)", text)) - nationwide
            assert all(host.endswith("example.org") for host in hosts), (name, hosts)


def test_its_readme_names_its_own_templates_and_real_commands(site: Path) -> None:
    readme = (site / "README.md").read_text(encoding="utf-8")
    assert "@" not in re.sub(r"\S+@\S+", "", readme)
    [row] = re.findall(r"^\| `templates/posts/` \|.*$", readme, re.MULTILINE)
    named = set(re.findall(r"`([a-z-]+)`", row))
    assert named == {path.stem for path in (site / "templates" / "posts").iterdir() if "." not in path.stem}
    typed = re.findall(r"(?:^ *|`)(?:\.venv/bin/)?statusgen ([a-z]+)([^`\n]*)", readme, re.MULTILINE)
    assert {"new", "update", "resolve", "check", "serve", "build"} <= {command for command, _ in typed}
    for command, rest in typed:
        known = main.get_command(Context(main), command)
        flags = [flag for option in known.params for flag in option.opts] if known else []
        assert all(flag in flags for flag in re.findall(r"--[a-z-]+", rest)), rest
    set_up = readme.partition("## Setup")[2]
    for line in (
        "git config --global user.name",
        "git init",
        "git remote add origin",
        "git add",
        "git commit",
        "git push --set-upstream origin",
    ):
        assert f"\n{line}" in set_up
    before = readme.partition("## Who does what")[0]
    assert len(before.splitlines()) < 40


def test_somebody_can_write_at_two_in_the_morning(tmp_path: Path) -> None:
    site = init(tmp_path / "site")
    words = ["--title", "Water bills cannot be paid online", "--since", "2:00", "--service", "water-bill/online=down"]
    result = run("new", "--source", str(site), *words, "--next", "12:00")
    assert result.exit_code == 0, result.output
    assert "1 service is not working as usual." in run("status", "--source", str(site)).output
    assert run("check", "--source", str(site)).exit_code == 0


# Laying out.


def test_it_is_laid_out_here_and_the_next_commands_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")  # without git, or anything else
    result = run("init")
    assert result.exit_code == 0
    said, commands = result.output.split("Next:\n")
    assert "GitHub Pages" in said
    assert [line.split()[1] for line in commands.splitlines()] == ["check", "serve", "new", "build"]
    assert "Ctrl-C" in commands
    assert run("check").exit_code == 0
    assert run("build").exit_code == 0
    assert "services.yaml" in said
    assert (tmp_path / "site" / "index.html").exists()


def test_it_says_how_to_get_there(tmp_path: Path) -> None:
    folder = tmp_path / "our city" / "page"
    said = run("init", str(folder)).output
    assert f"Next:\n  cd '{folder}'\n  statusgen check\n  statusgen serve" in said
    assert said.endswith("  statusgen new\n  statusgen build\n")


def test_whom_git_does_not_know_is_asked_before_the_first_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(variable, raising=False)
    settings = tmp_path / "settings"
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    settings.write_text("[user]\nuseConfigOnly = true\n")  # git guesses a name where the computer has a full one
    said = run("init", str(tmp_path / "first")).output
    typed = [shlex.split(line) for line in said.partition("Next:")[0].splitlines() if "git config" in line]
    assert [words[-2] for words in typed] == ["user.name", "user.email"]
    for words in typed:
        subprocess.run(words, check=True)
    assert "git config" not in run("init", str(tmp_path / "second")).output


@pytest.mark.parametrize("name", ["services.yaml", ".gitignore", "templates/posts/power.md"])
def test_it_overwrites_nothing(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("mine")
    result = run("init", str(tmp_path))
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == f"{tmp_path / name} already exists."
    assert result.stderr.endswith("Nothing was written.\n")
    assert files(tmp_path) == {name: b"mine"}


def test_it_names_all_that_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "README.md").mkdir()
    (tmp_path / ".vscode").write_text("a file where a folder has to be")
    (tmp_path / "services.yaml").symlink_to("nowhere")
    result = run("init", str(tmp_path))
    assert result.exit_code == 1
    named = [line.partition(" ")[0] for line in result.stderr.splitlines()[:-1]]
    assert named == [str(tmp_path / name) for name in (".vscode", "README.md", "services.yaml")]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".vscode", "README.md", "services.yaml"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("a note")
    result = run("init", str(tmp_path / "page"))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{tmp_path / 'page'} already exists.\n")
    assert (tmp_path / "page").read_text() == "a note"


def test_other_files_may_stay(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("ours")
    init(tmp_path)
    assert (tmp_path / "LICENSE").read_text() == "ours"


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "above" / "site"
    with pytest.raises(StatusgenError, match=r"cannot be written .*Nothing was left behind\."):
        scaffold.write_files({"a/b.md": b"text", "x" * 300: b"no disk takes such a name"}, folder)
    assert list(tmp_path.iterdir()) == []


def test_a_starter_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    result = run("init", str(tmp_path / "site"), "--starter", "village")
    assert result.exit_code == 2
    assert not (tmp_path / "site").exists()


def test_the_flags_offer_all_that_there_is() -> None:
    assert {path.stem for path in (scaffold.STARTER_FOLDER / "services").iterdir()} == set(scaffold.STARTERS)
    folders = {path.name for path in (scaffold.STARTER_FOLDER / "posts").iterdir() if path.is_dir()}
    assert {name for starter in scaffold.STARTERS.values() for name in starter.template_folders} == folders


def test_each_file_that_comes_along_is_laid_out_somewhere(city: Path) -> None:
    laid = set(files(city).values())
    for path in scaffold.STARTER_FOLDER.rglob("*"):
        if path.is_file() and path.parent.name in ("common", "hosts") and path.suffix != ".md":
            # Where the services of a form begin, those of the site stand.
            content = path.read_bytes().partition(b"# Until here.")[0].rstrip(b" ")
            assert any(each.startswith(content) for each in laid), path


def test_nothing_that_comes_along_looks_like_what_packages_leave_out() -> None:
    for path in scaffold.STARTER_FOLDER.rglob("*"):
        assert not path.name.startswith("."), path
        assert path.parent.name != "site"


def test_the_settings_are_what_their_programs_read(city: Path) -> None:
    settings = json.loads((city / ".vscode" / "settings.json").read_text())
    assert settings["yaml.schemas"] == {scaffold.SCHEMA_FILE: "services.yaml"}
    netlify = tomllib.loads((city / "netlify.toml").read_text())
    cloudflare = tomllib.loads((city / "wrangler.toml").read_text())
    assert netlify["build"]["publish"] == "site"
    assert cloudflare["pages_build_output_dir"] == "./site"
    assert netlify["build"]["command"] in (city / "wrangler.toml").read_text()


def test_an_editor_that_was_told_nothing_underlines_slips(city: Path) -> None:
    """The first line of services.yaml says where its schema is."""
    text = (city / "services.yaml").read_text(encoding="utf-8")
    slip = text + "    chanels: []\n"
    line = len(slip.splitlines())
    with start_editor({}) as opened:
        assert opened.problems((city / "services.yaml").as_uri(), text) == []
        assert opened.problems((city / "copy.yaml").as_uri(), slip) == [f"{line}: Property chanels is not allowed."]


# Which statusgen the hosts install.


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        (
            {"url": "https://git.example.org/statusgen", "vcs_info": {"vcs": "git", "commit_id": "ab12"}},
            "statusgen @ git+https://git.example.org/statusgen@ab12",
        ),
        (
            {"url": "https://example.org/statusgen-0.1.0-py3-none-any.whl", "archive_info": {}},
            "statusgen @ https://example.org/statusgen-0.1.0-py3-none-any.whl",
        ),
    ],
)
def test_hosts_install_from_the_address_that_was_used_here(
    origin: dict[str, Any], line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = init_with_installation(origin, tmp_path, monkeypatch)
    assert requirements(tmp_path / "site") == [line]
    assert "pip wheel" not in output


def test_the_wheel_that_was_installed_comes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = tmp_path / "down loads" / f"statusgen-{__version__}-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"a wheel")
    output = init_with_installation({"url": wheel.as_uri(), "archive_info": {}}, tmp_path, monkeypatch)
    assert requirements(tmp_path / "site") == [f"./{wheel.name}"]
    assert (tmp_path / "site" / wheel.name).read_bytes() == b"a wheel"
    assert "pip wheel" not in output


def test_check_says_that_a_host_has_nothing_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = tmp_path / f"statusgen-{__version__}-py3-none-any.whl"
    wheel.write_bytes(b"a wheel")
    init_with_installation({"url": wheel.as_uri(), "archive_info": {}}, tmp_path, monkeypatch)
    site = tmp_path / "site"
    assert "[nothing-to-install]" not in run("check", "--source", str(site)).output
    (site / wheel.name).unlink()
    line = len((site / "requirements.txt").read_text().splitlines())
    said = run("check", "--source", str(site)).output
    assert f"requirements.txt:{line}: advice: {wheel.name} is not in this folder" in said
    (site / "requirements.txt").write_text(f"statusgen @ https://example.org/{wheel.name}\n")
    assert "[nothing-to-install]" not in run("check", "--source", str(site)).output


@pytest.mark.parametrize("is_folder", [True, False])
def test_without_its_wheel_init_names_the_command_that_makes_it(
    is_folder: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is free in the package index can be anyone's tomorrow, so no version alone is asked for there."""
    origin = {"url": ROOT.as_uri(), "dir_info": {}} if is_folder else None
    output = init_with_installation(origin, tmp_path, monkeypatch)
    name = f"statusgen-{__version__}-py3-none-any.whl"
    assert requirements(tmp_path / "site") == [f"./{name}"]
    command = next(line.strip() for line in output.splitlines() if "pip wheel" in line)
    where = str(ROOT) if is_folder else f"statusgen=={__version__}"
    assert shlex.split(command) == ["pip", "wheel", "--no-deps", "--wheel-dir", str(tmp_path / "site"), where]


def init_with_installation(origin: dict[str, Any] | None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Lay out a site as a statusgen would that was installed from `origin`; return what it says."""
    installed = folder / "packages" / "statusgen-0.1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: statusgen\nVersion: 0.1.0\n")
    if origin:
        (installed / "direct_url.json").write_text(json.dumps(origin))
    monkeypatch.syspath_prepend(str(installed.parent))
    return run("init", str(folder / "site")).output


def requirements(site: Path) -> list[str]:
    lines = (site / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and line[0] != "#"]


# What opens the desk by a double-click.


def test_a_double_click_on_a_mac_opens_the_desk_of_its_folder(city: Path, tmp_path: Path) -> None:
    assert (city / "desk.command").stat().st_mode & 0o111
    home = tmp_path / "home" / ".local" / "bin"
    home.mkdir(parents=True)
    program = home / "statusgen"
    program.write_text('#!/bin/sh\necho "$@ in $PWD"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {"HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([city / "desk.command"], env=environment, cwd="/", capture_output=True, text=True, check=True)
    assert done.stdout == f"desk in {city}\n"


def test_without_statusgen_it_says_how_to_install_it(city: Path, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [city / "desk.command"]
    done = subprocess.run(command, env=environment, input="\n", capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f'pipx install "./statusgen-{__version__}-py3-none-any.whl"' in done.stdout


def test_on_windows_it_has_the_line_ends_that_windows_reads(city: Path) -> None:
    lines = (city / "desk.cmd").read_bytes().split(b"\n")
    assert lines[-1] == b""
    assert all(line.endswith(b"\r") for line in lines[:-1])
    assert b"  statusgen desk\r" in lines
