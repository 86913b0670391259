"""The work grows linearly with the content, and is the same in several processes. Nothing is timed."""

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from benchmarks.corpus import AT, Corpus, write_site
from statusgen.board.board import make_board
from statusgen.content.format.values import parse_time
from statusgen.content.reader import read_content
from statusgen.files import File
from statusgen.lint.mistakes import find_mistakes
from statusgen.outputs.registry import all_files
from statusgen.problems import TemplateError
from statusgen.speed.parallel import run_ordered
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages


def make_files(folder: Path, processes: int = 1) -> list[File]:
    """Do everything that `build` does except writing."""
    content = read_content(folder, available_languages())
    assert content.site
    assert [*content.problems, *find_mistakes(content.site, content.texts)] == []
    now = make_board(content.site, parse_time(AT, content.site.zone).start)
    return list(all_files(now, Renderer(folder), processes))


def count_calls(work: Callable[[], Any]) -> int:
    """Count the Python functions that a piece of work calls, and the steps of generators."""
    count = 0

    def count_call(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(count_call)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def make_corpus(folder: Path, incidents: int) -> Path:
    write_site(Corpus(incidents, services=5), folder)
    return folder


def test_twice_as_many_incidents_are_twice_the_work(tmp_path: Path) -> None:
    sizes = (40, 80, 160)
    folders = [make_corpus(tmp_path / str(size), size) for size in sizes]
    make_files(folders[0])  # whatever is set up once
    some, more, most = (count_calls(partial(make_files, folder)) for folder in folders)
    assert most - more < 2.1 * (more - some)


def test_several_processes_make_the_same_files_in_the_same_order(tmp_path: Path) -> None:
    folder = make_corpus(tmp_path / "city", 200)
    alone = make_files(folder)
    assert make_files(folder, processes=3) == alone


def test_several_processes_read_the_same_and_find_the_same_mistakes(tmp_path: Path) -> None:
    folder = make_corpus(tmp_path / "city", 130)
    posts = sorted((folder / "incidents").glob("*.md"))
    for number in (0, 60, 129):
        text = posts[number].read_text(encoding="utf-8")
        posts[number].write_text(f"{text}\n[Elsewhere](nowhere.md)\n", encoding="utf-8")
    posts[61].write_text(f"{posts[61].read_text(encoding='utf-8')}\n[This]({posts[62].name})\n", encoding="utf-8")
    alone, together = (
        read_content(folder, available_languages()),
        read_content(folder, available_languages(), processes=3),
    )
    assert together == alone
    assert len({problem.place.file for problem in together.problems}) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process")
def test_an_error_in_another_process_is_told_as_if_there_were_one(tmp_path: Path) -> None:
    folder = make_corpus(tmp_path / "city", 200)
    (folder / "templates").mkdir()
    (folder / "templates" / "incident.html").write_text("\n{{ nothing_of_the_kind }}", encoding="utf-8")
    told = []
    for processes in (1, 3):
        with pytest.raises(TemplateError) as error:
            make_files(folder, processes)
        told.append(str(error.value))
    assert told[0] == told[1] == 'templates/incident.html:2: Nothing here is called "nothing_of_the_kind".'


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process")
def test_a_process_that_dies_leaves_nothing_out() -> None:
    first = os.getpid()

    def task(number: int) -> list[int]:
        if number == 3 and os.getpid() != first:
            os._exit(9)
        return [number, number]

    tasks = [lambda number=number: task(number) for number in range(50)]
    assert list(run_ordered(tasks, 2)) == [number for number in range(50) for _ in range(2)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process")
def test_a_process_that_dies_while_it_tells_leaves_nothing_out() -> None:
    first = os.getpid()

    class Deadly:
        def __reduce__(self) -> Any:
            if os.getpid() != first:
                os._exit(9)
            return Deadly, ()

    tasks: list[Callable[[], list[Any]]] = [lambda: [1], lambda: [2, Deadly()], lambda: [3]] * 10
    assert [one for one in run_ordered(tasks, 2) if isinstance(one, int)] == [1, 2, 3] * 10


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process")
def test_a_process_that_dies_halfway_through_telling_leaves_nothing_out() -> None:
    first = os.getpid()

    def task() -> list[bytes]:
        if os.getpid() != first:
            threading.Timer(0.1, os._exit, [9]).start()
        return [bytes(1_000_000)]

    made = run_ordered([lambda: [b""], *[task] * 9], 2)
    assert next(made) == b""
    # Nobody reads now, and no pipe takes in so much: it dies while it writes.
    while len(multiprocessing.active_children()) == 2:
        time.sleep(0.01)
    assert [len(each) for each in made] == [1_000_000] * 9


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process")
def test_stopping_early_leaves_no_process_behind() -> None:
    made = run_ordered([lambda: [bytes(100_000)]] * 100, 2)
    assert next(made) == bytes(100_000)
    assert len(multiprocessing.active_children()) == 2
    made.close()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("languages", [1, 2])
def test_the_corpus_is_the_same_each_time_and_has_no_mistakes(languages: int, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_site(Corpus(30, languages=languages), tmp_path / name)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.*")} for name in ("one", "two"))
    assert one == two
    content = read_content(tmp_path / "one", available_languages())
    assert content.site
    assert [*content.problems, *find_mistakes(content.site, content.texts)] == []
    assert len(content.site.incidents) == 30
