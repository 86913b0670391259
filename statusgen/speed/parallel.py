"""Tasks run in several processes, in order: both cores of a small machine read posts and write pages.

The processes are forks of this one: they share its memory, so no task has to be sent to them. Where the system cannot
fork safely (Windows, macOS), or has one processor, everything is done here, with the same outcome.

ProcessPoolExecutor does nearly the same, but all its processes answer through one pipe: if one is killed while it
sends, for lack of memory for example, the others keep that pipe open and the parent waits forever.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, BinaryIO, TypeVar

if TYPE_CHECKING:  # it takes as long to import as some posts to read
    from multiprocessing.connection import Connection

T = TypeVar("T")
S = TypeVar("S")
Task = Callable[[], Iterable[T]]

# So many tasks for each process may be done, or in progress, before their results are taken.
_TASKS_AHEAD = 4
# The bytes of the number of a task: so few bytes in a pipe are never split between readers.
_NUMBER_SIZE = 4


def processor_count() -> int:
    """Return how many processors there are for this process's forks; 1 if there can be none."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def run_ordered(tasks: Sequence[Task[T]], process_count: int) -> Generator[T, None, None]:
    """Yield the results of the tasks in the tasks' order, however many processes do them.

    Tasks are begun only a few ahead of what is taken, so memory does not grow with them. A task that fails is done
    once more here, where its error can be told; if a process dies, everything that is left is done here.
    """
    process_count = min(process_count, len(tasks))
    if process_count < 2:
        for task in tasks:
            yield from task()
    else:
        yield from _run_in_forks(tasks, process_count)


def chunks(items: Sequence[S], size: int) -> Iterator[Sequence[S]]:
    """Yield the items in pieces of work, in their order."""
    return (items[first : first + size] for first in range(0, len(items), size))


def _run_in_forks(tasks: Sequence[Task[T]], process_count: int) -> Iterator[T]:
    from multiprocessing.connection import wait

    results: dict[int, list[T] | None] = {}
    begun = 0
    with ExitStack() as stack, ExitStack() as running:
        # What exists by now stays to the end: no collector need look at it in any process, so its memory stays shared.
        gc.freeze()
        stack.callback(gc.unfreeze)
        # Any process that is free takes the next number, so none waits while there is work.
        queue, writing_end = os.pipe()
        stack.callback(os.close, queue)
        numbers = stack.enter_context(open(writing_end, "wb", buffering=0))  # noqa: PTH123 - it is a descriptor
        pipes = [_start_process(tasks, queue, numbers, running) for _ in range(process_count)]
        # Closing it ends all that wait at once; those still at work are terminated.
        running.callback(numbers.close)
        for number, task in enumerate(tasks):
            while pipes and begun < min(len(tasks), number + _TASKS_AHEAD * process_count):
                numbers.write(begun.to_bytes(_NUMBER_SIZE, "big"))
                begun += 1
            while pipes and number not in results:
                try:
                    ready = wait(pipes)
                    results.update(pipe.recv() for pipe in pipes if pipe in ready)
                except (EOFError, OSError):  # one has died, perhaps while it was sending
                    running.close()
                    pipes = []  # everything that is left is done here
            known = results.pop(number, None)
            yield from task() if known is None else known


def _start_process(tasks: Sequence[Task[T]], queue: int, numbers: BinaryIO, running: ExitStack) -> "Connection":
    """Start a fork that does the tasks whose numbers it takes from the queue; return the pipe with its results.

    It ends when `running` does, even in the middle of a task.
    """
    from multiprocessing import get_context

    forks = get_context("fork")
    receiver, sender = forks.Pipe(duplex=False)
    process = forks.Process(target=_run_tasks, args=(tasks, queue, numbers, receiver, sender), daemon=True)
    process.start()
    sender.close()
    for action in (receiver.close, process.join, process.terminate):  # the last is the first to be done
        running.callback(action)
    return receiver


def _run_tasks(
    tasks: Sequence[Task[T]], queue: int, numbers: BinaryIO, receiver: "Connection", sender: "Connection"
) -> None:
    # Only the parent decides what an interruption means. When it is gone, so is its end of each pipe; later forks hold
    # ends of the pipes made before them, so they end one after the other.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    receiver.close()
    numbers.close()
    with suppress(BrokenPipeError):
        while taken := os.read(queue, _NUMBER_SIZE):
            number = int.from_bytes(taken, "big")
            try:
                results: list[T] | None = [*tasks[number]()]
            except Exception:
                results = None
            sender.send((number, results))
