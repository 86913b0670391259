"""What the preview shows: the last good site, what is wrong with the files now, and when to build again."""

import json
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from statusgen.board.board import make_board
from statusgen.board.clock import ClockReading
from statusgen.content.reader import Content
from statusgen.lint import registry
from statusgen.model.whole_site import Site
from statusgen.preview.frame_data import list_stops, make_frame_data
from statusgen.preview.snapshot import Snapshot, Snapshots
from statusgen.problems import ContentError, Problem, StatusgenError, TemplateError

_POLL_INTERVAL = 0.3  # seconds
_HEARTBEAT_INTERVAL = 15.0  # seconds; only writing to a closed page shows that it was closed


@dataclass(frozen=True)
class PreviewSource:
    """What is previewed: the site in `folder`.

    `read` returns what the folder holds now, with all mistakes; `read_clock` returns the moment at which to show a
    site, and the site then, each time it is called. `list_files` lists the files from which all of it is made.
    """

    folder: Path
    read: Callable[[], tuple[Content, list[Problem]]]
    read_clock: Callable[[Site], ClockReading]
    list_files: Callable[[], Iterable[Path]]
    drafts: bool = True


@dataclass(frozen=True)
class PreviewState:
    """The last good site, None until there is one, and the data for the frame, as JSON.

    `version` identifies all of it, and `is_valid` is whether the files have no mistakes. `moment_by_name` are the
    moments that can be requested, by their names.
    """

    version: str = ""
    is_valid: bool = False
    snapshots: Snapshots | None = None
    moment_by_name: Mapping[str, datetime] = field(default_factory=dict)
    frame_data: str = ""

    def snapshot(self, moment: str | None) -> Snapshot | None:
        """Return the site at the moment of that name, or at the present one; None if there is none."""
        if self.snapshots is None:
            return None
        if moment is None:
            return self.snapshots.current
        return self.snapshots.at(self.moment_by_name[moment]) if moment in self.moment_by_name else None


class Preview:
    """Holds what is shown. The watching thread changes it; the threads that answer requests read it."""

    def __init__(self, source: PreviewSource, say: Callable[[str], None]) -> None:
        self._source, self._say = source, say
        self._changed = threading.Condition()
        self._build_count, self._snapshot_count = 0, 0
        self._session_id = secrets.token_hex(4)  # a frame may outlive the server, so versions must differ
        self._built_from: frozenset[tuple[Path, int, int]] = frozenset()
        self.state = PreviewState()
        self.is_closed = False

    def watch(self, stop: threading.Event) -> None:
        """Build again when a file or the clock changes the site, about three times a second, until `stop` is set."""
        while not stop.wait(_POLL_INTERVAL):
            if self._scan_files() != self._built_from or self.is_due():
                self.build()

    def _scan_files(self) -> frozenset[tuple[Path, int, int]]:
        """Return every file with its time and size: two scans differ if one was changed, added or removed."""
        found = set()
        with suppress(OSError, StatusgenError):  # the build says what is wrong
            for path in self._source.list_files():
                with suppress(OSError):
                    status = path.stat()
                    found.add((path, status.st_mtime_ns, status.st_size))
        return frozenset(found)

    def build(self) -> None:
        """Build; mistakes go to `say` and to the frame, and the last good site stays."""
        self._built_from = self._scan_files()
        before = self.state.snapshots
        problems: list[Problem] = []
        failure = ""
        try:
            snapshots, advice = self._build_snapshots()
            # The writer waits for the pages. Problems with the other files are reported a moment later.
            self._set_state(True, snapshots, advice)
            snapshots.current.make_all()
        except ContentError as error:
            problems = [*error.problems]
        except TemplateError as error:
            problems = [error.problem]
        except StatusgenError as error:
            failure = str(error)
        except OSError as error:  # some editors save by removing a file for a moment
            failure = f"{error.filename or 'A file'} cannot be read: {error.strerror or error}."
        if problems or failure:
            self._set_state(False, before, problems, failure)
            self._say(failure or "\n".join(str(problem) for problem in problems))
        elif self._build_count > 1:
            self._say("Built again.")

    def _build_snapshots(self) -> tuple[Snapshots, list[Problem]]:
        """Return the site as it is in the files now, with its pages, and advice; raise StatusgenError for a mistake."""
        content, problems = self._source.read()
        if content.site is None or problems:
            raise ContentError(problems)
        reading = self._source.read_clock(content.site)
        snapshots = Snapshots(reading.site, reading.moment, self._source.folder, self._source.drafts)
        snapshots.current.make_pages()
        now = make_board(reading.site, reading.moment, with_next_change=False)
        return snapshots, sorted(set(registry.find_advice(reading.site, content.texts, now, reading)))

    def _set_state(
        self, is_valid: bool, snapshots: Snapshots | None, problems: list[Problem], failure: str = ""
    ) -> None:
        self._build_count += 1
        self._snapshot_count += snapshots is not self.state.snapshots
        version = f"{self._session_id}-{self._build_count}"
        stops = list_stops(snapshots) if snapshots else ()
        data = make_frame_data(snapshots, stops, problems, failure) | {
            "good": is_valid,
            "pages": f"{self._session_id}-{self._snapshot_count}",
        }
        moments = {stop.name: stop.at for stop in stops}
        with self._changed:
            self.state = PreviewState(version, is_valid, snapshots, moments, json.dumps(data))
            self._changed.notify_all()

    def is_due(self) -> bool:
        """Return whether the clock has changed the site since it was built; False while the files have mistakes."""
        snapshots = self.state.snapshots
        if not self.state.is_valid or snapshots is None or snapshots.current.board.next_change is None:
            return False
        return self._source.read_clock(snapshots.site).moment >= snapshots.current.board.next_change

    def wait_for_change(self, seen_version: str) -> PreviewState:
        """Return what is shown, once its version is not `seen_version`, or after a while in any case."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_closed or self.state.version != seen_version, _HEARTBEAT_INTERVAL)
            return self.state

    def close(self) -> None:
        """Let all threads that wait for a change go on and end."""
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()
