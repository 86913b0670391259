"""What is outside of this computer: what residents see, which copies are behind, and what colleagues have written.

It is asked for in a thread of its own, while somebody has the desk open: a network that is slow keeps no page waiting.
What others say of their services is looked at in another one; the memory of `follow` has what was seen there.
"""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

from statusgen.board.board import make_board
from statusgen.board.clock import read_clock
from statusgen.cli.moments import current_time
from statusgen.colleagues.share import Change
from statusgen.colleagues.take_in import take_in
from statusgen.desk.publishing.jobs import JobStore
from statusgen.desk.publishing.signing import find_signatures
from statusgen.desk.words import DeskWords, show_address
from statusgen.editor.private_folder import private_folder
from statusgen.editor.workspace import Workspace
from statusgen.follow.fetch import TIME_LIMIT
from statusgen.follow.following import Following
from statusgen.model.whole_site import Site
from statusgen.notify.environment import Environment
from statusgen.problems import StatusgenError
from statusgen.publish.read_back import Contact, MirrorState, compare_mirrors
from statusgen.speed.cache import Cache
from statusgen.wording.interface import available_languages

T = TypeVar("T")
_INTERVAL = 30.0  # seconds
_FOLLOW_INTERVAL = 120.0  # seconds; the pages of others are not ours to burden
_INTEREST = 90.0  # seconds for which an open page keeps the desk asking
_MAX_NEWS = 5
_MIRROR_GRACE = timedelta(minutes=15)


@dataclass(frozen=True)
class Outside:
    """What is known of the outside, at `asked_at`; None if nobody was asked yet.

    `is_reached` says whether there is a way to residents' page or to the colleagues' copy. `shown` is the moment of the
    page that residents see. `silent` are addresses that show no page, and `behind` those that show an older one than
    the others. `signatures` are those that the page has, by their paths. `news` are the last changes of colleagues, the
    newest first; `news_waits` says that they are brought together with what was written here when that is published.
    """

    asked_at: datetime | None = None
    is_reached: bool = False
    shown: datetime | None = None
    silent: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    signatures: frozenset[str] = frozenset()
    news: tuple[Change, ...] = ()
    news_waits: bool = False


class Watcher:
    """Keeps what is known of the outside of a site's folder up to date while `show_interest` is called."""

    def __init__(self, source: Path, read_site: Callable[[], Site]) -> None:
        self._source, self._read_site = source, read_site
        self._interest = 0.0
        self._wake = threading.Condition()
        self._threads: list[threading.Thread] = []
        self.outside = Outside()

    def show_interest(self) -> Outside:
        """Return what is known, and go on asking for a while."""
        with self._wake:
            self._interest = monotonic() + _INTEREST
            if not self._threads:
                watches = (("outside", self._watch), ("followed", self._watch_followed))
                self._threads = [threading.Thread(target=watch, daemon=True, name=name) for name, watch in watches]
                for thread in self._threads:
                    thread.start()
            self._wake.notify_all()
        return self.outside

    def _watch(self) -> None:
        while True:
            self._await_interest()
            self.outside = look_outside(self._source, self._read_site, self.outside)
            with self._wake:
                self._wake.wait(_INTERVAL)

    def _watch_followed(self) -> None:
        while True:
            self._await_interest()
            _try(lambda: look_at_followed(self._source, os.environ))
            sleep(_FOLLOW_INTERVAL)  # anything that is opened meanwhile

    def _await_interest(self) -> None:
        with self._wake:
            self._wake.wait_for(lambda: monotonic() < self._interest)


def look_outside(source: Path, read_site: Callable[[], Site], before: Outside) -> Outside:
    """Return what is outside now; what cannot be asked for stays as it was before, all of it if there is nobody."""
    colleagues = _try(lambda: _look_at_colleagues(source, before))
    site = _try(read_site)
    mirrors = (_try(lambda: _look_at_mirrors(site)) if site else None) or ()
    if colleagues is None and not mirrors:
        return before
    manifests = [state.manifest.moment for state in mirrors if state.manifest]
    return replace(
        colleagues or before,
        asked_at=current_time(),
        is_reached=any(state.contact is not Contact.NONE for state in mirrors)
        or (colleagues is not None and colleagues.is_reached),
        shown=max(manifests, default=before.shown),
        silent=tuple(state.url for state in mirrors if state.contact is not Contact.ANSWERED),
        behind=tuple(state.url for state in mirrors if state.is_behind),
        signatures=find_signatures(site.url) if site and site.targets and manifests else before.signatures,
    )


def look_at_followed(source: Path, environment: Environment, time_limit: float = TIME_LIMIT) -> None:
    """Look once at everything that a site follows, and remember what was seen.

    Raises ContentError if services.yaml has mistakes, and OutputError if it cannot be kept.
    """
    site = Workspace(source, available_languages(), Cache(source)).site
    if not site.follow:
        return
    now = current_time()
    reading = read_clock(site, now)
    following = Following(source, reading.site, now)
    following.look(environment, time_limit=time_limit)
    following.suggest(make_board(reading.site, reading.moment, with_next_change=False))  # what is over is settled


def describe_outside(outside: Outside, site: Site, now: datetime, words: DeskWords) -> Iterator[str]:
    """Yield sentences on the network, and on what residents see."""
    _ = words.gettext
    is_silent, copies = site.url in outside.silent, [url for url in site.mirrors if url not in outside.silent]
    if not outside.is_reached:
        yield _("No network. What you write is kept here.")
    elif is_silent and copies:
        said = {"page": show_address(site.url), "copy": show_address(copies[0])}
        yield _("%(page)s does not answer; %(copy)s does.") % said
    elif is_silent:
        yield _("%s does not answer. What you write is kept here.") % show_address(site.url)
    if outside.shown:
        shown = words.moment(outside.shown, now)
        is_seen = outside.is_reached and (copies or not is_silent)
        yield (_("Residents see the page of %s.") if is_seen else _("Residents saw the page of %s.")) % shown


def _try(look: Callable[[], T]) -> T | None:
    """Return what was seen; None if nobody could look."""
    try:
        return look()
    except (StatusgenError, OSError):
        return None


def _look_at_mirrors(site: Site) -> tuple[MirrorState, ...]:
    """Return what residents' page and its copies show; nothing for a demonstration, which has no residents."""
    if site.demonstration:
        return ()
    return compare_mirrors(dict.fromkeys((site.url, *site.mirrors)), current_time(), _MIRROR_GRACE)


def _look_at_colleagues(source: Path, before: Outside) -> Outside | None:
    """Return what colleagues have written; None if there are none."""
    # Not while a publication writes: it would find its folder changed, or somebody else at the shared copy.
    with JobStore(private_folder(source)).hold_site() as is_ours:
        if not is_ours:
            return before if before.asked_at else None
        news = take_in(source)
    if news is None:
        return None
    if news.why:
        return replace(before, is_reached=False)
    if not news.changes:
        return replace(before, is_reached=True, news_waits=False)
    told = (*news.changes, *before.news) if news.is_here else news.changes
    return replace(before, is_reached=True, news=tuple(dict.fromkeys(told))[:_MAX_NEWS], news_waits=not news.is_here)
