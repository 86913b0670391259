"""Makes the copy of a site in which a drill is held: the same content, and nothing by which it could reach anybody."""

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml

from statusgen.content.services import SERVICES_FILE
from statusgen.content.yaml.documents import YamlValue, read_yaml
from statusgen.drill.folder import DrillError
from statusgen.git import (
    CONTENT_PATHS,
    explain_missing_history,
    find_program,
    list_uncommitted,
    repository_top,
    run_git_text,
)
from statusgen.git_network import GitRefusal, NetworkGit, lacks_user
from statusgen.kit.make import FOLDER as KIT_FOLDER
from statusgen.kit.site_files import read_site_files
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


@dataclass(frozen=True)
class Original:
    """What a copy is made of: the `files` of a site, by their paths, or a `repository` of git with a `branch`.

    `folder` is where services.yaml is in it, "" for the top. `left_out` is what a copy lacks, by its paths.
    """

    folder: str = ""
    files: Mapping[str, bytes] | None = None
    repository: Path | None = None
    branch: str = ""
    left_out: Sequence[str] = ()


def require_git() -> None:
    """Raise DrillError without git, in which a drill keeps what was published when."""
    if not find_program("git"):
        raise DrillError("A drill keeps in git what residents saw, and there is no git here. Install git first.")


def find_original(source: Path) -> Original:
    """Return what is to be copied of the site in a folder: with its history, if git has one that can be read."""
    top = repository_top(source)
    branch = run_git_text(source, "symbolic-ref", "--short", "--quiet", "HEAD") if top else None
    if top is None or not branch or explain_missing_history(source):
        found = read_site_files(source, with_history=False)
        return Original(files=found.files, left_out=found.left_out)
    folder = source.resolve().relative_to(top).as_posix().removeprefix(".")
    # A copy has what is committed.
    return Original(folder, repository=top, branch=branch, left_out=list_uncommitted(source))


def unpack_kit(kit: Path, scratch: Path) -> Original:
    """Return the site in a kit, unpacking its history into a folder; raise DrillError for what is no whole kit."""
    try:
        with zipfile.ZipFile(kit) as archive:
            names = (name for name in archive.namelist() if name.startswith(f"{KIT_FOLDER}/"))
            files = {name.removeprefix(f"{KIT_FOLDER}/"): archive.read(name) for name in names}
        about = json.loads(files["kit.json"])
        sums = (line.partition("  ") for line in files["SHA256SUMS"].decode().splitlines())
        wrong = [path for digest, _, path in sums if hashlib.sha256(files.get(path, b"")).hexdigest() != digest]
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise DrillError(f"{kit} is not a kit. Name a zip that was made by: statusgen kit") from None
    if wrong:
        raise DrillError(f"{kit} is damaged: {', '.join(sorted(wrong))}. Take another copy of it.")
    folder = about["site"].removeprefix("site").lstrip("/")
    if "history.bundle" in files and about["branch"]:
        bundle = scratch / "history.bundle"
        bundle.write_bytes(files["history.bundle"])
        return Original(folder, repository=bundle, branch=about["branch"])
    return Original(folder, {path.removeprefix("site/"): files[path] for path in files if path.startswith("site/")})


def copy_site(original: Original, folder: Path) -> Path:
    """Copy a site into a new folder, and return the folder of its services.yaml. It has no remote."""
    folder.mkdir(parents=True)
    if original.repository:
        _copy_repository(original.repository, original.branch, folder)
    for path, content in (original.files or {}).items():
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise DrillError(f"There is a file in the kit that leads out of it: {path}. Take another copy of the kit.")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    site = folder / original.folder if original.folder else folder
    _refuse_links(site, folder.resolve())
    return site


def _refuse_links(site: Path, folder: Path) -> None:
    """Raise DrillError if content is a link that leads out of the copy: a drill would change what is there."""
    for part in CONTENT_PATHS:
        for path in (site / part, *(site / part).rglob("*")):
            if path.is_symlink() and not path.resolve().is_relative_to(folder):
                what = f"{path.relative_to(site)} is a link that leads out of the folder of the site."
                raise DrillError(f"{what} Put the file itself in its place first.")


def _copy_repository(repository: Path, branch: str, folder: Path) -> None:
    git = _open_git(folder, str(repository))
    try:
        git.run("init", "--quiet", "--template=", str(folder))
        commit = git.fetch(branch, "--update-shallow")
        if commit is None:
            raise DrillError(f"There is nothing in git yet on the branch {branch}. Commit the site first.")
        git.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
        git.run("update-ref", f"refs/heads/{branch}", commit)
        git.run("update-ref", "-d", "refs/heads/fetched")
        git.run("read-tree", "HEAD")
        git.run("checkout-index", "--all")
        if lacks_user():
            git.run("config", "user.name", "Drill")
            git.run("config", "user.email", "drill@example.invalid")
    except GitRefusal as error:
        raise DrillError(f"The site cannot be copied. Git said: {error}") from None


def _open_git(folder: Path, url: str = "") -> NetworkGit:
    return NetworkGit(folder / ".git", url, variables={"GIT_WORK_TREE": str(folder)}, timeout=_TIMEOUT)


def isolate_site(folder: Path, site: Site, url: str) -> None:
    """Let services.yaml of a copy say that it is a drill, seen at `url`, and name nobody that it could reach."""
    path = folder / SERVICES_FILE
    text, _ = decode_text(path.read_bytes(), SERVICES_FILE)
    value = read_yaml(text, SERVICES_FILE)[0].value
    assert isinstance(value, dict), "a site was made from it"
    path.write_text(_format(_isolate(value, site, url)), encoding="utf-8")
    _commit(folder)


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


def _commit(folder: Path) -> None:
    """Commit the changed services.yaml, so that what the writers commit is theirs alone."""
    top = repository_top(folder)
    if top is None:
        return
    git = _open_git(top)
    try:
        git.run("add", "--", str(folder / SERVICES_FILE))
        git.run("commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message=Make this a drill")
    except GitRefusal as error:
        raise DrillError(f"The copy of the site cannot be committed. Git said: {error}") from None
