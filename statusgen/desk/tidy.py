"""Deletes what was kept of drafts and publications once nothing can need it anymore.

A draft that says something stays until somebody puts it away, a publication until it is over, and the last one always.
What is over goes after a while, and what belongs to it goes with it. As long as there is anything that cannot be read,
because another version wrote it, nothing goes that it may need.
"""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from statusgen.desk.contents import Contents
from statusgen.desk.drafts import DraftStore
from statusgen.desk.pictures import PictureStore
from statusgen.desk.publishing.job import Job
from statusgen.desk.publishing.jobs import JobStore
from statusgen.editor.draft_folder import DraftFolder

KEPT_FOR = timedelta(days=30)
"""How long what is over is kept: publications, drafts that were put away, and forms that say nothing."""
_JUST_NOW = timedelta(days=1)
"""What is younger may belong to something that is about to be written."""


def tidy(folder: Path, now: datetime) -> None:
    """Delete from a site's private folder what nothing needs at a moment; raise OSError if something cannot be."""
    jobs, drafts = JobStore(folder), DraftFolder(folder)
    _tidy_jobs(jobs, now)
    kept = jobs.list_all()
    if len(kept) < len(jobs.list_folders()):
        return
    _tidy_drafts(folder, drafts, {job.plan.draft for job in kept}, now)
    for path in PictureStore(folder).list_folders():
        if not drafts.exists(path.name) and _is_older(path, _JUST_NOW, now):
            shutil.rmtree(path, ignore_errors=True)
    needed = _list_contents(kept, drafts)
    for path in Contents(folder).list_files():
        if path.name not in needed and _is_older(path, _JUST_NOW, now):
            path.unlink(missing_ok=True)


def _tidy_jobs(jobs: JobStore, now: datetime) -> None:
    """Delete the publications that are over for long, and what is left of those that nobody can read."""
    readable = jobs.list_all()
    for job in readable[1:]:
        last = job.entries[-1].at if job.entries else job.plan.at
        if job.is_over and now - last > KEPT_FOR:
            jobs.forget(job.id)
    for path in jobs.list_folders():
        if path.name not in {job.id for job in readable} and _is_older(path, KEPT_FOR, now):
            jobs.forget(path.name)


def _tidy_drafts(folder: Path, drafts: DraftFolder, needed: set[str], now: datetime) -> None:
    """Delete drafts that were put away, and forms that say nothing, unless a publication may bring them back."""
    put_away = [drafts.put_away_path(id) for id in drafts.list_ids(put_away=True)]
    empty = [drafts.path(draft.id) for draft in DraftStore(folder).list_all() if not draft.answers]
    for path in (*put_away, *empty):
        if path.stem not in needed and _is_older(path, KEPT_FOR, now):
            path.unlink(missing_ok=True)


def _list_contents(kept: list[Job], drafts: DraftFolder) -> set[str]:
    """Return the digests of what publications write or replace, and of the posts that drafts are compared with."""
    needed = {digest for job in kept for file in job.plan.more for digest in (file.old, file.new)}
    for is_put_away in (False, True):
        for id in drafts.list_ids(put_away=is_put_away):
            lines = drafts.read(id, put_away=is_put_away) or []
            needed |= {str(line["base"]) for line in lines if "base" in line}
    return needed


def _is_older(path: Path, age: timedelta, now: datetime) -> bool:
    """Return whether a file, or what is in a folder, was written so long ago; not if it is gone."""
    try:
        return now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > age
    except FileNotFoundError:
        return False
