"""Publications that are interrupted at each of their requests, while someone reads: with real stores."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from signal import SIGKILL
from threading import Event

from statusgen.problems import PublishError
from statusgen.publish.built_site import BuiltSite
from tests.faults.score import Score, first_cases, format_share
from tests.support.cutting_proxy import Fault, Proxy, run_proxy
from tests.support.publishing import (
    REFUSED,
    assert_whole,
    list_files,
    make_edition,
    publish,
    publish_elsewhere,
    reading,
    record_at,
)
from tests.support.stores import Bucket, run_azurite, run_seaweed

_SHORT = 1.5  # seconds of the lease of a publication that gives up
# What happens to one request, and whether the publication then has to come to its end by itself.
_ONCE: dict[Fault, bool] = {
    "cut": True,
    "lost": True,
    "late": True,
    "slow": True,
    "503 SlowDown": True,
    "403 AccessDenied": False,
}


@dataclass
class _Trial:
    """An edition that is there, and two that are to follow."""

    make_bucket: Callable[[], Bucket]
    editions: tuple[BuiltSite, BuiltSite, BuiltSite]
    reads: int = 0

    def count_requests(self) -> int:
        """Return how many requests a publication of the second edition makes."""
        bucket = self.make_bucket()
        publish(bucket, self.editions[0])
        with run_proxy(bucket.port) as proxy:
            publish(bucket.behind(proxy.port), self.editions[1])
            return len(proxy.requests)

    def run(self, case: str, number: int, interrupt: Callable[[Bucket, Proxy], str]) -> list[str]:
        """Interrupt a publication of the second edition, publish once more, and return what was wrong."""
        bucket = self.make_bucket()
        publish(bucket, self.editions[0])
        next_one = self.editions[1 + number % 2]  # as it was meant to be, or with another change by then
        try:
            with run_proxy(bucket.port) as proxy, reading(bucket) as reader:
                wrong = interrupt(bucket.behind(proxy.port), proxy)
                proxy.wait_for_late()  # what a network delivers after the next publication, nobody can make undone
                publish(bucket, next_one)  # which has to wait for nobody
            self.reads += reader.reads
            assert_whole(bucket, next_one)
            assert list_files(bucket) - {*record_at(bucket).retired} == {*next_one.digests}
        except (AssertionError, PublishError, OSError) as error:
            return [f"{case}: {error!r}"]
        return [f"{case}: {each}" for each in (*reader.bad, wrong) if each]


def measure_killed(scratch: Path, every: int) -> Score:
    """Kill the publisher at each of its requests, before and after the store got it."""
    cases, reads, bad = 0, 0, list[str]()
    for name, trial in _trials(scratch, every):
        for number in range(0, 2 * trial.count_requests(), every):
            at, is_passed = divmod(number, 2)
            case = f"{name}, {'after' if is_passed else 'before'} request {at}"
            cases += 1
            bad += trial.run(case, number, partial(_kill, at, "lost" if is_passed else "cut", trial))
        reads += trial.reads
    return _score("the publisher killed at each of its requests to a bucket", cases, reads, bad)


def measure_faults(scratch: Path, every: int) -> Score:
    """Let each request of a publication fail once in each way, and each from one on for good."""
    cases, reads, bad = 0, 0, list[str]()
    for name, trial in _trials(scratch, every):
        for number in range(0, (len(_ONCE) + 1) * trial.count_requests(), every):
            at, way = divmod(number, len(_ONCE) + 1)
            cases += 1
            if way == len(_ONCE):
                bad += trial.run(f"{name}, the network gone at request {at}", number, partial(_lose_network, at, trial))
            else:
                fault = [*_ONCE][way]
                bad += trial.run(f"{name}, {fault} at request {at}", number, partial(_fail_once, at, fault, trial))
        reads += trial.reads
    return _score(
        "each request to a bucket cut, lost, late, slow, failed, refused; the network gone at it",
        cases,
        reads,
        bad,
    )


def _trials(scratch: Path, every: int) -> Iterator[tuple[str, _Trial]]:
    one, two, three = (make_edition(scratch / str(number), number, pages=4) for number in (1, 2, 3))
    for name, run in {"SeaweedFS": run_seaweed, "Azurite": run_azurite}.items():
        if name == "SeaweedFS" or every == 1:
            with run() as make_bucket:
                yield name, _Trial(make_bucket, (one, two, three))


def _kill(at: int, fault: Fault, trial: _Trial, bucket: Bucket, proxy: Proxy) -> str:
    started, running = Event(), list[BaseProcess]()

    def judge(number: int, _request: str) -> Fault:
        if number < at:
            return ""
        started.wait(30)
        running[0].kill()
        return fault if number == at else "cut"

    proxy.restart(judge)
    running.append(publish_elsewhere(bucket, trial.editions[1].folder))
    started.set()
    running[0].join(60)
    return "" if running[0].exitcode in (0, -SIGKILL) else f"it ended with {running[0].exitcode}"


def _fail_once(at: int, fault: Fault, trial: _Trial, bucket: Bucket, proxy: Proxy) -> str:
    proxy.restart(lambda number, _request: fault if number == at else "")
    try:
        publish(bucket, trial.editions[1])
    except PublishError as error:
        if _ONCE[fault]:
            return f"it did not come to its end: {error}"
        if "Residents " not in str(error):
            return f"it does not say what residents see: {error}"
    return ""


def _lose_network(at: int, trial: _Trial, bucket: Bucket, proxy: Proxy) -> str:
    proxy.restart(lambda number, _request: "cut" if number >= at else "")
    process = publish_elsewhere(bucket, trial.editions[1].folder, _SHORT)
    process.join(60)
    return "" if process.exitcode == REFUSED else f"it ended with {process.exitcode}"


def _score(measure: str, cases: int, reads: int, bad: list[str]) -> Score:
    spoilt = len({case.partition(":")[0] for case in bad})
    return Score(
        measure,
        "no page without its parts, none older after a newer one; the next publication heals all of it",
        f"{format_share(cases - spoilt, cases)} healed, {reads:,} reads meanwhile",
        first_cases(bad),
    )
