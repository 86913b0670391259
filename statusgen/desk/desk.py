"""The desk of one site: what is there now, what is being written, and what it would come to."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from statusgen.board.board import make_board
from statusgen.board.clock import read_clock
from statusgen.board.model.whole_board import Board
from statusgen.cli.moments import current_time
from statusgen.cli.write_report import read_update_clock
from statusgen.desk.contents import Contents
from statusgen.desk.drafts import Draft, DraftStore
from statusgen.desk.forms.form import Form, FormContext
from statusgen.desk.forms.pictures import find_wordless
from statusgen.desk.forms.registry import FORMS
from statusgen.desk.kinds import FormKind
from statusgen.desk.outside import Watcher
from statusgen.desk.pictures import PictureStore
from statusgen.desk.publishing.jobs import JobStore
from statusgen.desk.rehearse import Rehearsal, rehearse
from statusgen.desk.words import DeskWords
from statusgen.editor.private_folder import private_folder
from statusgen.editor.workspace import Workspace
from statusgen.model.whole_site import Site
from statusgen.preview.snapshot import Snapshot
from statusgen.speed.cache import Cache
from statusgen.wording.interface import available_languages

_MAX_SNAPSHOTS = 6


@dataclass(frozen=True)
class SiteNow:
    """The site as it is in the folder, and everything on it at the moment, drafts of posts included."""

    workspace: Workspace
    board: Board

    @property
    def site(self) -> Site:
        """The site."""
        return self.board.site


@dataclass(frozen=True)
class Outcome:
    """What a draft would come to: the rehearsal, and the name of that state of it in addresses of the preview."""

    rehearsal: Rehearsal
    revision: str


class Desk:
    """The desk of the site in `source`.

    A publication waits `pause` seconds before it leaves, unless told otherwise, and its page is signed with `keys`.
    """

    def __init__(self, source: Path, pause: int = 10, keys: Sequence[Path] = ()) -> None:
        self.source = source
        self.pause = pause
        self.keys = keys
        self.folder = private_folder(source)
        self.drafts = DraftStore(self.folder)
        self.contents = Contents(self.folder)
        self.pictures = PictureStore(self.folder)
        self.jobs = JobStore(self.folder, keys)
        self.watcher = Watcher(source, lambda: self.read_site().site)
        self._zone: ZoneInfo | None = None
        self._snapshots: OrderedDict[str, Snapshot] = OrderedDict()
        self._lock = Lock()

    def read_site(self) -> SiteNow:
        """Read the folder; raise ContentError if services.yaml has mistakes. Posts with mistakes are left out."""
        workspace = Workspace(self.source, available_languages(), Cache(self.source))
        now, self._zone = self.now(workspace.site), workspace.site.zone
        reading = read_clock(workspace.site, now, drafts=True)
        return SiteNow(workspace, make_board(reading.site, reading.moment, drafts=True, with_next_change=False))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the site, as it was read last."""
        return self._zone or self.read_site().site.zone

    def now(self, site: Site) -> datetime:
        """Return the time, which a site for demonstrations fixes."""
        return site.fixed_moment or current_time()

    def open_draft(self, kind: FormKind, post: str) -> Draft:
        """Begin a draft about a post, or about a new one."""
        base = self.keep_text(self.read_site(), post)
        return self.drafts.create(kind, post, base, current_time())

    def keep_text(self, now: SiteNow, post: str) -> str:
        """Keep a post's text as it is, to compare it later with what it is then; return its digest, "" if none."""
        text = _read_post(now, post)
        return "" if text is None else self.contents.keep(text)

    def is_behind(self, now: SiteNow, draft: Draft) -> bool:
        """Return whether the post that a draft is about was changed since the person saw it."""
        return self.post_digest(now, draft.post) != draft.base

    def post_digest(self, now: SiteNow, post: str) -> str:
        """Return the digest (SHA-256) of a post's file; "" if there is none."""
        text = _read_post(now, post)
        return "" if text is None else sha256(text).hexdigest()

    def form_of(self, draft: Draft) -> Form:
        """Return the form of a draft."""
        return FORMS[draft.kind]

    def context(self, draft: Draft, language: str, now: SiteNow) -> FormContext:
        """Return what the form of a draft is made from."""
        words = DeskWords(language, now.site.zone)
        return FormContext(now.board, draft, words, now.board.incident_by_id.get(draft.post), self.source)

    def rehearse(self, draft: Draft) -> Outcome:
        """Return what a draft would come to now, and keep its pages for the preview."""
        form = self.form_of(draft)
        outcome = rehearse(
            self.source, lambda session, flags: form.write(session, draft, flags), form.make_flags(draft)
        )
        outcome = replace(outcome, mistakes=(*outcome.mistakes, *find_wordless(draft)))
        revision = ""
        if outcome.files and outcome.report:
            written = b"".join(file.new for file in outcome.files)
            revision = sha256(f"{draft.id} {outcome.report.now}".encode() + written).hexdigest()[:24]
            self._keep_snapshot(revision, outcome)
        return Outcome(outcome, revision)

    def _keep_snapshot(self, revision: str, outcome: Rehearsal) -> None:
        assert outcome.report
        with self._lock:
            if revision in self._snapshots:
                self._snapshots.move_to_end(revision)
                return
        report = outcome.report
        reading = read_update_clock(report.dry_run.site, report.now, report.past)
        # Posts that are drafts are nobody's business but the writer's; residents will not see them.
        shown = tuple(each for each in reading.site.incidents if not each.draft)
        snapshot = Snapshot(replace(reading.site, incidents=shown), reading.moment, self.source)
        with self._lock:
            self._snapshots[revision] = snapshot
            while len(self._snapshots) > _MAX_SNAPSHOTS:
                self._snapshots.popitem(last=False)

    def snapshot(self, revision: str) -> Snapshot | None:
        """Return the pages of a state of a draft, while they are kept."""
        with self._lock:
            return self._snapshots.get(revision)


def _read_post(now: SiteNow, post: str) -> bytes | None:
    """Return a post's file; None if there is none."""
    found = next((each for each in now.site.incidents if each.id == post), None)
    return now.workspace.read_bytes(found) if found else None
