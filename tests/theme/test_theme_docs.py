"""docs/themes/: the example does what it says from the first line to the last, and the tables name what there is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from statusgen.cli.main import main
from statusgen.theme.environment import TEMPLATES
from tests.support.documentation import code_blocks
from tests.support.paths import DOCS, ROOT

EXAMPLE, REFERENCE = DOCS / "themes" / "example.md", DOCS / "themes" / "templates.md"


@pytest.mark.skipif(sys.platform == "win32", reason="The page's commands are those of a Unix shell")
def test_the_example_does_what_it_says(tmp_path: Path) -> None:
    make, check, build = code_blocks(EXAMPLE, "bash")
    run(make, tmp_path)
    site = tmp_path / "status-page"
    [logo], [keys], [base, front] = (list(code_blocks(EXAMPLE, kind)) for kind in ("xml", "yaml", "html"))
    (site / "static" / "logo.svg").write_text(logo, encoding="utf-8")
    services = site / "services.yaml"
    services.write_text(services.read_text(encoding="utf-8").replace("\nsite:\n", f"\n{keys}", 1), encoding="utf-8")
    run(check, site)
    page = (site / "site" / "index.html").read_text(encoding="utf-8")
    assert "--accent:#6a1b9a" in page
    assert 'src="static/logo.svg"' in page
    (site / "templates" / "base.html").write_text(base, encoding="utf-8")
    (site / "templates" / "front.html").write_text(front, encoding="utf-8")
    run(build, site)
    for path, line, heading in (
        ("index.html", "Questions about this page? Call 311.", ">Contact</h2>"),
        ("es/index.html", "¿Preguntas sobre esta página? Llame al 311.", ">Contacto</h2>"),
    ):
        page = (site / "site" / path).read_text(encoding="utf-8")
        assert line in page
        assert page.count(heading) == 1
        assert page.index("<h1>") < page.index(heading) < page.index('id="unsaid"'), "it is below the headline"
    (site / "templates" / "base.html").write_text(base.replace("super()", "site.name"), encoding="utf-8")
    [message] = code_blocks(EXAMPLE, "text")
    result = CliRunner().invoke(main, ["build", "--source", str(site)])
    assert result.exit_code == 1
    assert message.strip() in result.output


def run(script: str, folder: Path) -> None:
    """Run a block of commands in a folder; `statusgen` is the one that is tested."""
    script = f'statusgen() {{ "{sys.executable}" -m statusgen "$@"; }}\n{script}'
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_table_names_each_template_and_its_blocks() -> None:
    rows = re.findall(r"^\| (`[a-z4-]+\.(?:html|svg)`[^|]*) \| ([^|]+) \|$", REFERENCE.read_text("utf-8"), re.MULTILINE)
    listed = {file: names(blocks) for files, blocks in rows for file in re.findall("`([^`]+)`", files)}
    assert set(listed) == {path.name for path in TEMPLATES.iterdir()}
    for file, blocks in listed.items():
        there = set(re.findall(r"{% block (\w+)", (TEMPLATES / file).read_text(encoding="utf-8")))
        inherited = {"title", "description", "head", "back", "content"} if file != "base.html" else set()
        assert there - inherited <= blocks <= there | inherited, file


def names(cell: str) -> set[str]:
    return set(re.findall("`([a-z]+)`", cell))


def test_a_template_can_use_each_name_of_the_table(tmp_path: Path) -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| ", REFERENCE.read_text("utf-8").partition("## Names")[2], re.MULTILINE)
    found = {re.split(r"\W", name)[0] or "_" for row in rows for name in re.findall("`([^`]+)`", row)}
    assert {"board", "site", "t", "_", "page", "editions", "poster"} <= found
    anywhere = sorted(found - {"service", "incident"})  # these are on a page of one
    (tmp_path / "templates").mkdir()
    mentions = "".join(f"{{% set x = {name} %}}" for name in anywhere)
    template = f'{{% extends "theme/about.html" %}}{{% block footer %}}{mentions}{{{{ super() }}}}{{% endblock %}}'
    (tmp_path / "templates" / "about.html").write_text(template, encoding="utf-8")
    (tmp_path / "incidents").mkdir()
    head = "site: {title: T, url: 'https://t.example/', timezone: America/Chicago}\n"
    (tmp_path / "services.yaml").write_text(f"{head}services: [{{name: Trash}}]\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["build", "--source", str(tmp_path), "--at", "2024-05-06"])
    assert result.exit_code == 0, result.output
