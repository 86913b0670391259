"""Makes the copy of a site in which a drill is held: the same content, and nothing by which it could reach anybody.

The copy is made from plain files, those of the content alone, and never by git: so there is no link, no setting and no
filter in it. It always has a repository of its own, else git would take the one around the drill's folder for its own.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from statusgen import git_lfs
from statusgen.colleagues.trees import SHARED_PATHS
from statusgen.content.posts.commits import read_blobs
from statusgen.content.services import SERVICES_FILE
from statusgen.content.yaml.documents import YamlValue, read_yaml
from statusgen.drill.folder import DrillError, mark_copy
from statusgen.git import (
    explain_missing_history,
    find_program,
    list_uncommitted,
    repository_top,
    run_git,
    run_git_text,
)
from statusgen.git_files import find_common_dir, find_git_dir
from statusgen.git_network import FILE_MODE, NOBODY, Blob, GitRefusal, NetworkGit, dates_of, lacks_user
from statusgen.kit.plain_paths import is_plain_path
from statusgen.kit.site_files import read_site_files
from statusgen.kit.unpack import unpack_site
from statusgen.model.whole_site import Site
from statusgen.text import decode_text

EXERCISE = {
    "en": "This is a drill. Nothing on this page is true. It is made for staff to practice, and not for residents.",
    "es": "Esto es un simulacro. Nada de lo que dice esta página es cierto. Es para que practique el personal, no "
    "para los residentes.",
}
"""What every page of a drill says at its top, by language; English in languages that are not here."""
TITLE = {"en": "Drill: %s", "es": "Simulacro: %s"}
"""What the site is called in a drill, likewise: its desk has that name, too, so nobody takes it for the real one."""
_TIMEOUT = 600  # seconds, for a long history
_BRANCH = "refs/heads/main"
_UNKNOWN = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "@999999999999 +0000")
"""The date of a commit of which nobody knows when its content was first published: git takes it, and nobody else."""


@dataclass(frozen=True)
class Original:
    """What a copy is made of.

    `files` are those of the content, by their paths within the site. `folder` is where the site is in its repository,
    "" for the top. `history` is a repository of git, or a bundle, with its `branch`; None for none. `git_dir` has what
    Git LFS keeps. `left_out` is what a copy lacks, by its paths.
    """

    files: Mapping[str, bytes]
    folder: str = ""
    history: Path | None = None
    branch: str = ""
    git_dir: Path | None = None
    left_out: Sequence[str] = ()


def require_git() -> None:
    """Raise DrillError without git, in which a drill keeps what was published when."""
    if not find_program("git"):
        raise DrillError("A drill keeps in git what residents saw, and there is no git here. Install git first.")


def find_original(source: Path) -> Original:
    """Return what is to be copied of the site in a folder: what is committed, if git has a history that can be read."""
    top = repository_top(source)
    git_dir = find_common_dir(find_git_dir(top)) if top else None
    branch = run_git_text(source, "symbolic-ref", "--short", "--quiet", "HEAD") if top else None
    if top is None or not branch or explain_missing_history(source) or not (listed := _list_committed(source)):
        found = read_site_files(source, with_history=False)
        left_out = [path for path in found.left_out if _is_content(path)]
        return Original(found.files, git_dir=git_dir, left_out=left_out)
    names = {path: blob.name for path, blob in listed.items() if blob.is_file}
    contents = dict(read_blobs(source, sorted({*names.values()})))
    files = {path: contents[name] for path, name in names.items() if name in contents}
    folder = source.resolve().relative_to(top).as_posix().removeprefix(".")
    left_out = sorted({*list_uncommitted(source), *({*listed} - {*files})})
    return Original(files, folder, top, branch, git_dir, left_out)


def _list_committed(source: Path) -> dict[str, Blob]:
    """Return the files of the content in the last commit, by their paths within the site."""
    answer = os.fsdecode(run_git(source, "ls-tree", "-r", "-z", "HEAD", "--", *SHARED_PATHS) or b"")
    entries = (entry.partition("\t") for entry in answer.split("\0") if entry)
    # Each is "MODE KIND NAME\tPATH" (git-ls-tree, "output format").
    return {path: Blob(head.split(" ")[0], head.split(" ")[2]) for head, _, path in entries}


def unpack_kit(kit: Path, scratch: Path) -> Original:
    """Return the site in a kit, its history in a folder; raise KitError for what is no whole kit."""
    site = unpack_site(kit)
    prefix = f"{site.folder}/" if site.folder else ""
    paths = {path: path.removeprefix(prefix) for path in site.files if path.startswith(prefix)}
    files = {inner: site.files[path] for path, inner in paths.items() if _is_content(inner)}
    bundle = scratch / "history.bundle"
    bundle.write_bytes(site.history)
    return Original(files, site.folder, bundle if site.history else None, site.branch)


def _is_content(path: str) -> bool:
    return path.partition("/")[0] in SHARED_PATHS


def copy_site(original: Original, folder: Path) -> Path:
    """Copy a site into a new folder, with a repository of its own; return the folder of its services.yaml."""
    if SERVICES_FILE not in original.files:
        what = f"There is no {SERVICES_FILE} that could be copied."
        raise DrillError(f"{what} If it is a link, put the file itself in its place first.")
    folder.mkdir(parents=True)
    git = _open_git(folder, str(original.history or ""))
    try:
        options = [f"--object-format={_read_format(original.history)}"] if original.history else []
        git.run("init", "--quiet", "--template=", *options, str(folder))
        mark_copy(folder)
        git.run("symbolic-ref", "HEAD", _BRANCH)
        if lacks_user():
            git.run("config", "user.name", "Drill")
            git.run("config", "user.email", "drill@example.invalid")
        site = folder / original.folder
        _write_files(original, site)
        if original.history:
            _fetch_history(git, original.branch)
        else:
            _commit(git, folder, site, "The site before the drill", _UNKNOWN)
    except GitRefusal as error:
        raise DrillError(f"The site cannot be copied. Git said: {error}") from None
    return site


def _write_files(original: Original, site: Path) -> None:
    written = []
    for path, content in original.files.items():
        place = site / path
        if not (is_plain_path(path) and place.resolve().is_relative_to(site.resolve())):
            raise DrillError(f"This file leads out of the site, or into the folder of git: {path}. Rename it first.")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        written.append(place)
    if original.git_dir:
        git_lfs.fill_pointers(written, original.git_dir)


def _read_format(history: Path) -> str:
    """Return how a repository or a bundle names its objects."""
    if history.is_dir():
        return run_git_text(history, "rev-parse", "--show-object-format") or "sha1"
    with history.open("rb") as bundle:
        return "sha256" if b"@object-format=sha256\n" in bundle.read(200) else "sha1"


def _fetch_history(git: NetworkGit, branch: str) -> None:
    """Let the copy go on from the last commit of a branch."""
    commit = git.fetch(branch)
    if commit is None:
        raise DrillError(f"The history of the site has no branch {branch}. Take another copy of the kit.")
    git.run("update-ref", _BRANCH, commit)
    git.run("update-ref", "-d", "refs/heads/fetched")


def _open_git(folder: Path, url: str = "") -> NetworkGit:
    return NetworkGit(folder / ".git", url, variables={"GIT_WORK_TREE": str(folder)}, timeout=_TIMEOUT)


def _commit(git: NetworkGit, folder: Path, site: Path, message: str, dates: Mapping[str, str]) -> None:
    """Commit the content as it is on the disk, byte for byte, and nothing else."""
    paths = [path.relative_to(folder).as_posix() for path in _list_files(site)]
    names = git.run_text("hash-object", "-w", "--no-filters", "--stdin-paths", input=os.fsencode("\n".join(paths)))
    blobs = [Blob(FILE_MODE, name) for name in names.split()]
    tree = git.write_tree(dict(zip(paths, blobs, strict=True)))
    head = git.try_run("rev-parse", "--verify", "--quiet", _BRANCH).stdout.decode().strip()
    git.run("update-ref", _BRANCH, git.commit(tree, [head], message, by={**NOBODY, **dates}))


def _list_files(site: Path) -> Iterator[Path]:
    for part in SHARED_PATHS:
        yield from (path for path in (site / part, *(site / part).rglob("*")) if path.is_file())


def isolate_site(folder: Path, copy: Path, site: Site, url: str, begins: datetime) -> None:
    """Let services.yaml of a copy say that it is a drill, seen at `url`, and name nobody that it could reach.

    That is committed as of when the drill begins, so what the writers commit is theirs alone. `folder` is the top of
    the copy, `copy` has services.yaml.
    """
    path = copy / SERVICES_FILE
    text, _ = decode_text(path.read_bytes(), SERVICES_FILE)
    value = read_yaml(text, SERVICES_FILE)[0].value
    assert isinstance(value, dict), "a site was made from it"
    path.write_text(_format(_isolate(value, site, url)), encoding="utf-8")
    try:
        _commit(_open_git(folder), folder, copy, "Make this a drill", dates_of(begins))
    except GitRefusal as error:
        raise DrillError(f"The copy of the site cannot be committed. Git said: {error}") from None


def _isolate(value: dict[str, YamlValue], site: Site, url: str) -> dict[str, YamlValue]:
    settings = value["site"]
    assert isinstance(settings, dict), "a site was made from it"
    words: dict[str, YamlValue] = {language: _say(EXERCISE, language) for language in site.languages}
    titles: dict[str, YamlValue] = {language: _say(TITLE, language) % text for language, text in site.title.texts}
    own: dict[str, YamlValue] = {"title": titles, "url": url, "demonstration": words}
    kept = {key: each for key, each in settings.items() if key not in ("as_of", "hub")}
    ids = [target.id for target in site.targets] or ["drill"]
    # Any name of a place: in the site of a drill, all of them are the drill's own (`Drill.place`).
    places: list[YamlValue] = [{"id": id, "to": f"git+file:///drill/{id}"} for id in ids]
    others = {key: each for key, each in value.items() if key not in ("notify", "follow")}
    return {**others, "site": {**kept, **own}, "publish": places}


def _say(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language, texts["en"])


def _format(value: YamlValue) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000)
