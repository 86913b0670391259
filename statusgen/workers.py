"""Work shared out among processes: both cores of a small machine read posts and write pages.

The processes are forks of this one, so they know all that it knows and nothing has to be sent to them. Where the system
cannot fork safely (Windows, macOS), or has one processor, everything is done here, with the same outcome.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")
S = TypeVar("S")
Task = Callable[[], Iterable[T]]


def processors() -> int:
    """How many processors there are for this process's forks; 1 where there can be none."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def shared_out(tasks: Sequence[Task[T]], processes: int) -> Generator[T, None, None]:
    """What the tasks make, in their order, however many processes do them.

    The first is done here, so that whatever is set up at first use is there for all. A process waits until what it made
    is taken, so memory does not grow with the tasks. A task at which one fails, or dies, is done once more here, where
    its error can be told.
    """
    processes = min(processes, len(tasks) - 1)
    if processes < 2:
        for task in tasks:
            yield from task()
        return
    yield from tasks[0]()
    yield from _in_forks(tasks[1:], processes)


def pieces(things: Sequence[S], size: int) -> Iterator[Sequence[S]]:
    """The things in pieces of work, in their order: the very first by itself, since it is done before all others."""
    ends = [0, *range(min(1, len(things)), len(things), size), len(things)]
    return (things[first:last] for first, last in pairwise(ends) if first < last)


def _in_forks(tasks: Sequence[Task[T]], processes: int) -> Iterator[T]:
    from multiprocessing import get_context

    forks, pipes = get_context("fork"), []
    running = []
    # What is known by now stays to the end: no collector need look at it, in any process, and so they share it.
    gc.freeze()
    try:
        for number in range(processes):
            ours, theirs = forks.Pipe(duplex=False)
            process = forks.Process(target=_work, args=(tasks[number::processes], ours, theirs), daemon=True)
            process.start()
            theirs.close()
            running.append(process)
            pipes.append(ours)
        for number, task in enumerate(tasks):
            made = _received(pipes[number % processes])
            yield from task() if made is None else made
    finally:
        gc.unfreeze()
        for process in running:
            process.terminate()
        for process in running:
            process.join()
        for pipe in pipes:
            pipe.close()


def _work(tasks: Sequence[Task[T]], ours: Connection, theirs: Connection) -> None:
    # The first process decides what an interruption means. It also closes the pipe, if no other holds this end of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ours.close()
    with suppress(BrokenPipeError):
        for task in tasks:
            try:
                made = [*task()]
            except Exception:
                made = None
            theirs.send(made)


def _received(pipe: Connection) -> list[Any] | None:
    try:
        made: list[Any] | None = pipe.recv()
    except EOFError:
        made = None
    return made
