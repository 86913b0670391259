"""Sites that are edited at random: what is kept from one build to the next never shows."""

import os
import random
import shutil
from datetime import timedelta
from pathlib import Path

from benchmarks.corpus import Corpus, write_site
from statusgen.content.reader import read_content
from statusgen.speed.cache import Cache
from statusgen.wording.interface import available_languages
from tests.faults.score import Score, first_cases, format_share
from tests.support.edited_sites import KINDS, build_files, edit

_SEQUENCES, _STEPS = 500, 4


def measure_edited(scratch: Path, every: int) -> Score:
    """Edit sites, their cache and what is published, and build them after each step with the cache and without."""
    os.environ["XDG_CACHE_HOME"] = str(scratch / "cache")
    bad, compared = [], 0
    for seed in range(0, _SEQUENCES, every):
        folder = scratch / "city"
        write_site(Corpus(6, services=3, updates=2), folder)
        done, different = _edit_at_random(folder, random.Random(seed))
        compared += len(done)
        if different:
            bad.append(f"{seed}: {', '.join(done)}: {', '.join(sorted(different)[:5])}")
        shutil.rmtree(folder)
    return Score(
        "posts edited, added, renamed and deleted, other moments, damaged caches and published files, at random",
        "byte for byte what a build without a cache makes",
        format_share(compared - len(bad), compared),
        first_cases(bad),
    )


def _edit_at_random(folder: Path, dice: random.Random) -> tuple[list[str], set[str]]:
    """Return what was done, and the paths of the first build that differed."""
    cache, done = Cache(folder), []
    build_files(folder, cache)
    for _ in range(_STEPS):
        kind, number = dice.choice((*KINDS, "moment", "cache", "published", "touch")), dice.randrange(6)
        done.append(f"{kind} {number}")
        if kind == "cache":
            _damage(cache.folder or folder, dice)
        elif kind == "published":
            _damage(folder / "site", dice)
        elif kind == "touch":
            for path in (folder / "incidents").iterdir():
                os.utime(path, (number, number))
        else:
            edit(folder, kind, number)
        content = read_content(folder, available_languages())
        site = content.site
        if site is None or site.last_update_at is None or content.problems:
            break  # a post names one that is gone: nothing would be published
        at = site.last_update_at + timedelta(days=40 * number) if kind == "moment" else None
        kept, fresh = build_files(folder, cache, at), build_files(folder, None, at)
        if kept != fresh:
            return done, {path for path in kept.keys() | fresh.keys() if kept.get(path) != fresh.get(path)}
    return done, set()


def _damage(folder: Path, dice: random.Random) -> None:
    """Change one byte of a file, cut it off, or delete it."""
    path = dice.choice(sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".statusgen"))
    content = path.read_bytes()
    place = dice.randrange(len(content)) if content else 0
    changed = dice.choice((content[:place], content[:place] + b"#" + content[place + 1 :], None))
    if changed is None:
        path.unlink()
    else:
        path.write_bytes(changed)
