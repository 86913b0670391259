"""`statusgen drill`: whole stories, played with the writer's own commands by a clock that is given."""

import re
import shlex
from pathlib import Path

import pytest

from statusgen.content.services import read_services
from statusgen.drill.cast import cast_parts
from statusgen.drill.story import STORIES, read_story
from statusgen.wording.interface import available_languages
from tests.drill.office import PAGE, SITE, Office, list_files
from tests.support.documentation import code_blocks
from tests.support.paths import PACKAGE
from tests.support.repository import Repository
from tests.support.wheels import write_wheel

# A whole drill.


def test_a_drill_is_told_published_and_compared_and_reaches_nobody(repository: Repository, story: Path) -> None:
    office = Office(repository.folder)
    (repository.folder / "incidents" / "2024-05-04-unfinished.md").write_text("Not committed.\n", encoding="utf-8")
    before = list_files(repository.folder) | list_files(repository.folder.parent / "origin.git")
    begun = office.drill("--story", str(story), "--no-wait")
    assert "Not in the copy: incidents/\n" in begun
    assert "payments: water-bill/online (its words fit)" in begun
    assert "phones: 311/phone (its words fit)" in begun
    assert "Help desk" not in begun
    office.at(10)
    assert "12:10  Help desk: Nobody can use Pay a water bill: online.\n" in office.drill("--no-wait")
    assert "Help desk" not in office.drill("--no-wait"), "each piece of news comes once"
    office.at(15)
    about = "--title 'No payments' --service water-bill/online=down --since now --next 12:20"
    assert "2024-05-05-no-payments" in office.write(f"new {about} --text 'We are looking into it.'")
    published = office.publish("main")
    assert "Kept in git: " in published
    assert re.search(r"Residents see it at http://127\.0\.0\.1:\d+/ since 12:15 PM\.", published)
    office.at(30)
    office.drill("--no-wait")
    office.write("update no-payments --service 311/phone=down --next 13:30 --text 'Nobody can call 311 either.'")
    office.publish()
    office.at(40)
    office.drill("--no-wait")
    office.at(50)
    office.write("resolve no-payments --text 'All of it works again.'")
    # What people type out of habit stays in the drill, too.
    assert "ssh://web@www.springfield.example/srv/status: " in office.publish(
        "ssh://web@www.springfield.example/srv/status"
    )
    assert "so nobody is notified" in office.write("notify")
    office.at(70)
    assert f"It is noted in {repository.folder / 'drills.md'}. Commit that file." in office.drill("--end")
    assert office.report == next(code_blocks(PAGE, "text"))
    assert repository.git("-C", str(office.site), "remote") == ""
    now = list_files(repository.folder) | list_files(repository.folder.parent / "origin.git")
    noted = now.pop(str(repository.folder / "drills.md"))
    assert (now, noted) == (before, b"# Drills\n\n- 2024-05-05: our-story\n")
    pages = [path for path in (office.site / "site").rglob("*.html") if path.name != "embed.html"]
    assert len(pages) > 20
    assert "Drill: Springfield &amp; status" in (office.site / "site" / "index.html").read_text("utf-8")
    silent = [path for path in pages if not re.search("This is a drill|Esto es un simulacro", path.read_text("utf-8"))]
    assert silent == []


def test_what_somebody_puts_back_into_the_copy_sends_nothing(town: Path, story: Path) -> None:
    office = Office(town)
    office.drill("--story", str(story), "--no-wait")
    services = office.site / "services.yaml"
    services.write_text(services.read_text("utf-8") + SITE[SITE.index("notify:") : SITE.index("services:")], "utf-8")
    refused = office.run("notify", "--source", str(office.site))
    assert refused.exit_code == 1
    assert "this is the site of a drill, from which nothing is sent to anyone" in refused.stderr
    again = office.run("drill", "--source", str(office.site))
    assert "This is the site of a drill." in again.stderr


# In the terminal.


def test_enter_goes_on_to_the_next_news_and_done_ends_it(town: Path, story: Path) -> None:
    office = Office(town)
    told = office.drill("--story", str(story), input="\n\ndone\n")
    assert "12:10  Help desk: " in told
    assert "12:30  Help desk: " in told
    assert "12:40  " not in told
    assert "It lasted from 12:00 to 12:30." in told
    assert "- Nothing was published in the drill." in office.report
    assert "- Call 311: phone: never wrong" in office.report
    assert "so this is not noted as a drill." in told
    assert not (town / "drills.md").exists()


def test_a_drill_begins_from_a_kit(repository: Repository, story: Path) -> None:
    folder = repository.folder.parent
    own = write_wheel(folder / "own", "statusgen")
    write_wheel(folder / "wheels", "pip")
    office = Office(repository.folder)
    kit = office.run(
        "kit",
        "--source",
        str(repository.folder),
        "--wheels",
        str(folder / "wheels"),
        "--statusgen",
        str(own),
        "--output",
        str(folder / "kit.zip"),
    )  # fmt: skip - as it is typed
    assert kit.exit_code == 0, kit.output
    office.drill("--story", str(story), "--kit", str(folder / "kit.zip"), "--no-wait")
    assert "More\n" in repository.git("-C", str(office.site), "log", "--format=%s")
    assert repository.git("-C", str(office.site), "remote") == ""
    office.at(15)
    office.write(
        "new --title 'No payments' --service water-bill/online=down --since now --next 13:00 --text 'We look.'"
    )
    office.publish()
    ended = office.drill("--end")
    assert "add this line to drills.md, beside services.yaml of your site: - 2024-05-05: our-story\n" in ended
    (folder / "kit.zip").write_bytes(b"no zip")
    office.folder = folder / "other"
    broken = office.run("drill", str(office.folder), "--kit", str(folder / "kit.zip"))
    assert "kit.zip is not a kit." in broken.stderr
    assert not office.folder.exists()


# Stories.


def test_each_mistake_in_a_story_is_named_with_its_line(town: Path, tmp_path: Path) -> None:
    text = """\
name: A night
begins: 2 a.m.
ends: "1:00"
services:
  payments: {name: Payments, service: water-bil}
news:
  - {at: "0:30", from: Help desk, text: "{payment} is down."}
  - {at: "soon", from: Help desk, text: It is down., says: {payments: broken}}
"""
    (tmp_path / "night.yaml").write_text(text, encoding="utf-8")
    office = Office(town)
    refused = office.run("drill", str(office.folder), "--source", str(town), "--story", str(tmp_path / "night.yaml"))
    assert refused.exit_code == 1
    lines = [line.split(" ")[0] for line in refused.stderr.splitlines()]
    assert lines[:-1] == [f"night.yaml:{line}:" for line in (2, 5, 8, 8)]
    assert not office.folder.exists()
    text = text.replace("2 a.m.", '"02:00"').replace("bil}", "bill}").replace("soon", "0:20").replace("broken", "down")
    truth = "truth:\n" + "".join(f'  - {{service: payments, status: down, from: "0:{at}"}}\n' for at in (10, 20))
    (tmp_path / "night.yaml").write_text(text + truth, encoding="utf-8")
    refused = office.run("drill", str(office.folder), "--source", str(town), "--story", str(tmp_path / "night.yaml"))
    assert [line.split(": ")[0] for line in refused.stderr.splitlines()][:-1] == [
        f"night.yaml:{line}" for line in (7, 8, 11)
    ]


@pytest.mark.parametrize(
    "starter", sorted((PACKAGE / "starter" / "services").glob("*.yaml")), ids=lambda path: path.stem
)
def test_the_stories_that_come_with_it_can_be_told_of_each_kind_of_site(starter: Path) -> None:
    site, _, mistakes = read_services(starter.read_text(encoding="utf-8"), starter.parent, available_languages())
    assert site, mistakes
    for path in STORIES.glob("*.yaml"):
        castings = cast_parts(read_story(path, site), site, {})
        keys = [each.key.split("/")[0] for each in castings if each.key]
        if starter.stem == "city" and path.stem == "payment-vendor":
            # What the page has as its example works in a site that was begun with it.
            chosen = dict(part.split("=") for part in re.findall(r"--service (\S+=\S+)", PAGE.read_text("utf-8")))
            assert {each.part: each.key for each in cast_parts(read_story(path, site), site, chosen)}.items() >= {
                *chosen.items()
            }
        assert len(keys) == len({*keys}) == min(len(castings), len(site.services))


def test_a_part_goes_to_whom_somebody_chose_or_who_fits_or_who_is_next(town: Path) -> None:
    site, _, _ = read_services(SITE, town, available_languages())
    assert site
    story = read_story(STORIES / "city-network.yaml", site)
    cast = {each.part: (each.key, each.why) for each in cast_parts(story, site, {"phones": "trash"})}
    assert cast == {
        "payments": ("water-bill/online", "its words fit"),
        "permits": ("library", "nothing fits, so the next service"),
        "phones": ("trash", "you chose it"),
        "emergency": ("311/phone", "nothing fits, so the next service"),
        "water": (None, "there are no more services"),
        "trash": (None, "there are no more services"),
    }


# The page in docs/.


def test_each_command_of_the_page_works(town: Path, story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(town)
    monkeypatch.setenv("BROWSER", "true")  # the desk opens one
    story.rename(town / "our-story.yaml")
    office = Office(town)
    commands = [shlex.split(line) for block in code_blocks(PAGE, "sh") for line in block.splitlines()]
    for number, (name, *words) in enumerate(commands):
        assert name == "statusgen"
        office.seconds = number * 24 * 60 * 60  # each on a day of its own, as folders are named
        done = office.run(*words, input="done\n")
        assert done.exit_code in ((0, 3) if words[0] == "check" else (0,)), done.output
