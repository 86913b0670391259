"""Two desks and a colleague who writes by command, all at once: every update of each survives, once."""

import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from statusgen.desk.publishing.job import Job, JobState, Step, StepKind, StepState, Trouble
from tests.faults.desks import own_state
from tests.faults.score import Score, first_cases, format_share
from tests.support.two_laptops import POST, Laptop, Server
from tests.support.web_server import serve_folder
from tests.support.writer import Writer, at_the_desk, make_services

_ROUNDS = 200
_ROUNDS_OF_A_POST = 20
_BEGIN = datetime(2024, 5, 5, 14, tzinfo=UTC)  # 9 AM in Chicago
_MAX_ATTEMPTS = 10
_STATUSES = ("", "degraded", "down", "working")


@dataclass
class _Desk:
    """Someone at a desk, with one post at a time: its words, its form and its publication."""

    name: str
    writer: Writer
    luck: random.Random
    words: str = ""
    draft: str = ""
    jobs: list[Job] = field(default_factory=list)

    def write(self, post: str) -> None:
        """Fill in the form, and look."""
        status = self.luck.choice(_STATUSES)
        self.draft = self.writer.write("update", post, text=self.words, **({"status__trash": status} if status else {}))

    def press(self) -> None:
        """Press "Publish now", and let it wait until someone says that it may go."""
        self._settle()
        self.jobs.append(self.writer.publish(self.draft, pause=-1))
        self.writer.await_job(self.jobs[-1].id, lambda job: job.state_of(Step(StepKind.WAIT)) is StepState.NOW)

    def go(self) -> None:
        """Let it go, and wait for nothing."""
        self.writer.press(f"jobs/{self.jobs[-1].id}/now")

    def finish(self) -> str:
        """Do what the desk offers until it is published; return what it stopped at, if it stops for good."""
        for _ in range(_MAX_ATTEMPTS):
            job = self.writer.await_job(self.jobs[-1].id)
            if job.state is JobState.PUBLISHED:
                return ""
            if job.trouble is Trouble.TWO_TEXTS:
                self.writer.press(f"jobs/{job.id}/retry", reopen="both")
                self._settle()
                self.jobs.append(self.writer.publish(self.draft))
            elif job.trouble and job.trouble.passes_by_itself:
                self.writer.press(f"jobs/{job.id}/retry")
            else:
                return f"{self.name}: {job.trouble}, {job.technical}"
        return f"{self.name}: not published after {_MAX_ATTEMPTS} attempts"

    def publish_alone(self, post: str) -> None:
        """Publish something while nobody else writes."""
        self.words, self.jobs = "All has been said.", []
        self.write(post)
        self.press()
        self.go()
        assert not self.finish()

    def list_troubles(self) -> Iterator[str]:
        """Yield what the publications of this round stopped at, on the way."""
        for job in self.jobs:
            yield from (
                str(entry.more["trouble"]) for entry in self.writer.job(job.id).entries if "trouble" in entry.more
            )

    def _settle(self) -> None:
        """Let both texts stay, if someone else has written meanwhile, and settle what only one can be right about."""
        for _ in range(_MAX_ATTEMPTS):
            if not self.writer.address.startswith("two-texts"):
                return
            facts = dict.fromkeys(re.findall(r'name="(fact/[^"]+)"', self.writer.page))
            answers = {fact.replace("/", "__"): self.luck.choice(["mine", "theirs"]) for fact in facts}
            self.writer.press(self.writer.address, what="both", seen=self.writer.hidden("seen"), **answers)


def measure_together(scratch: Path, every: int) -> Score:
    """Let two people at desks and one at a command line write of the same, in any order and at the same time."""
    luck, bad, troubles = random.Random(17), list[str](), Counter[str]()
    rounds, written = max(2, _ROUNDS // every), dict[str, list[str]]()
    with ExitStack() as stack:
        stack.enter_context(own_state(scratch))
        url = stack.enter_context(serve_folder(scratch / "www" / "current"))
        server = Server(scratch)
        ana, *laptops = (server.laptop(name) for name in ("Ana Reyes", "Dana Whitfield", "Lee Park"))
        ana.write("services.yaml", make_services(url, {"main": scratch / "www"}))
        desks = [
            _Desk(each.name, stack.enter_context(at_the_desk(each.site)), random.Random(luck.random()))
            for each in laptops
        ]
        for number in range(rounds):
            now = _set_clock(number)
            post = f"2024-05-05-trash-{number // _ROUNDS_OF_A_POST}"
            if post not in written:
                _begin_post(post, ana, laptops)
            written.setdefault(post, []).extend(_play_round(number, now, post, ana, desks, luck))
            faults = [fault for desk in desks if desk.words and (fault := desk.finish())]
            faults += _find_lost(written[post], post, server)
            bad += [f"round {number}: {'; '.join(faults)}"] if faults else []
            troubles.update(trouble for desk in desks for trouble in desk.list_troubles())
        _set_clock(rounds)
        desks[0].publish_alone(post)
        unseen = [*_find_unseen(written, scratch / "www")]
        del os.environ["SOURCE_DATE_EPOCH"]
    number = sum(map(len, written.values()))
    return Score(
        "two desks and another clone that write about the same incident, in any order and at the same time",
        "every update of each is there, once, for colleagues and for residents",
        f"{format_share(rounds - len(bad), rounds)} rounds, {number} updates; stops: {_say_counts(troubles)}",
        first_cases(bad + unseen),
    )


def _set_clock(number: int) -> datetime:
    """Let it be the time of a round."""
    now = _BEGIN + timedelta(minutes=7 * number)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(now.timestamp()))
    return now


def _begin_post(post: str, ana: Laptop, laptops: Iterable[Laptop]) -> None:
    """Let everybody have a post that says little yet."""
    ana.share()
    ana.write(f"incidents/{post}.md", POST)
    for each in (ana, *laptops):
        each.share()


def _play_round(
    number: int, now: datetime, post: str, ana: Laptop, desks: list[_Desk], luck: random.Random
) -> Iterator[str]:
    """Let each do what they do, mixed at random; yield the words that they write."""
    acts: list[list[Callable[[], None]]] = []
    for desk in desks:
        desk.words, desk.jobs = "", []
    writers: list[Laptop | _Desk] = [ana, *desks]
    for who in luck.sample(writers, luck.randint(1, 3)):
        words = f"Word {number} of {who.name}."
        yield words
        if isinstance(who, _Desk):
            who.words = words
            acts.append([partial(who.write, post), who.press, who.go])
        else:
            acts.append([partial(_say, ana, now, post, words)])
    while acts:
        mine = luck.choice(acts)
        mine.pop(0)()
        acts = [each for each in acts if each]


def _say(ana: Laptop, now: datetime, post: str, words: str) -> None:
    """Write an update by hand, in the first minute that has none, and share it."""
    ana.share()
    file = f"incidents/{post}.md"
    while (heading := f"{now.astimezone(ZoneInfo('America/Chicago')):%Y-%m-%d %H:%M}") in ana.read(file):
        now += timedelta(minutes=1)
    ana.add(heading, words, file)
    ana.share()


def _find_lost(written: list[str], post: str, server: Server) -> Iterator[str]:
    """Yield which words are not there once, in what is shared."""
    text = Laptop(server.origin, "").git("show", f"main:incidents/{post}.md")
    for words in written:
        if text.count(words) != 1:
            yield f"{words!r} is there {text.count(words)} times"


def _find_unseen(written: Mapping[str, list[str]], www: Path) -> Iterator[str]:
    """Yield which words residents do not see."""
    for post, said in written.items():
        page = (www / "current" / "incidents" / post / "index.html").read_text(encoding="utf-8")
        yield from (f"residents do not see {words!r}" for words in said if words not in page)


def _say_counts(troubles: Counter[str]) -> str:
    return ", ".join(f"{count} times {trouble}" for trouble, count in sorted(troubles.items())) or "never"
