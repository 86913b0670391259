"""Work shared out among processes: both cores of a small machine read posts and write pages.

The processes are forks of this one, so they know all that it knows and nothing has to be sent to them. Where the system
cannot fork safely (Windows, macOS), or has one processor, everything is done here, with the same outcome.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, TypeVar

if TYPE_CHECKING:  # it takes as long to be imported as to read some posts
    from multiprocessing.connection import Connection

T = TypeVar("T")
S = TypeVar("S")
Task = Callable[[], Iterable[T]]

# So many tasks for each process may be done, or being done, before what they made is taken.
_TASKS_AHEAD = 4
# The bytes of the number of a task.
_NUMBER_SIZE = 4


def processor_count() -> int:
    """How many processors there are for this process's forks; 1 where there can be none."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def run_ordered(tasks: Sequence[Task[T]], process_count: int) -> Generator[T, None, None]:
    """What the tasks make, in their order, however many processes do them.

    Tasks are begun only a few ahead of what is taken, so memory does not grow with them. A task that fails is done once
    more here, where its error can be told; when a process dies, all that is left is done here.
    """
    process_count = min(process_count, len(tasks))
    if process_count < 2:
        for task in tasks:
            yield from task()
    else:
        yield from _run_in_forks(tasks, process_count)


def chunks(items: Sequence[S], size: int) -> Iterator[Sequence[S]]:
    """The things in pieces of work, in their order."""
    return (items[first : first + size] for first in range(0, len(items), size))


def _run_in_forks(tasks: Sequence[Task[T]], process_count: int) -> Iterator[T]:
    from multiprocessing.connection import wait

    made: dict[int, list[T] | None] = {}
    given = 0
    with ExitStack() as whole, ExitStack() as running:
        # What is known by now stays to the end: no collector need look at it, in any process, and so they share it.
        gc.freeze()
        whole.callback(gc.unfreeze)
        # Whichever process is free draws the next number, so none waits while there is work.
        to_draw, to_give = whole.enter_context(_pipe())
        pipes = [running.enter_context(_start_process(tasks, to_draw, to_give)) for _ in range(process_count)]
        # Then those that wait end at once, all together; what is still at work is terminated.
        running.callback(to_give.close)
        for number, task in enumerate(tasks):
            while pipes and given < min(len(tasks), number + _TASKS_AHEAD * process_count):
                to_give.write(given.to_bytes(_NUMBER_SIZE, "big"))
                given += 1
            while pipes and number not in made:
                try:
                    ready = wait(pipes)
                    made.update(pipe.recv() for pipe in pipes if pipe in ready)
                except (EOFError, OSError):  # one has died, perhaps while it was sending
                    running.close()
                    pipes = []  # all that is left is done here
            known = made.pop(number, None)
            yield from task() if known is None else known


@contextmanager
def _pipe() -> Iterator[tuple[int, BinaryIO]]:
    to_draw, given = os.pipe()
    try:
        with open(given, "wb", buffering=0) as to_give:  # noqa: PTH123 - it is no path
            yield to_draw, to_give
    finally:
        os.close(to_draw)


@contextmanager
def _start_process(tasks: Sequence[Task[T]], queue_reader: int, queue_writer: BinaryIO) -> "Iterator[Connection]":
    """A fork that does the tasks whose numbers it draws; it ends at the end of the block, whatever it does then."""
    from multiprocessing import get_context

    forks = get_context("fork")
    ours, theirs = forks.Pipe(duplex=False)
    process = forks.Process(target=_run_tasks, args=(tasks, queue_reader, queue_writer, ours, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()
        ours.close()


def _run_tasks(
    tasks: Sequence[Task[T]], queue_reader: int, queue_writer: BinaryIO, receiver: "Connection", sender: "Connection"
) -> None:
    # The first process decides what an interruption means. When it is gone, so is its end of each pipe; the forks hold
    # ends of those that were made before them, and so they end one after the other.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    receiver.close()
    queue_writer.close()
    with suppress(BrokenPipeError):
        while drawn := os.read(queue_reader, _NUMBER_SIZE):
            number = int.from_bytes(drawn, "big")
            try:
                made: list[T] | None = [*tasks[number]()]
            except Exception:
                made = None
            sender.send((number, made))
