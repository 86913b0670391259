"""Makes the files for `statusgen init`: a whole site to begin with, from the files in `starter/`.

Their names have no leading dot there, since packaging tools leave out files that look hidden or that git ignores.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from statusgen.editor.save import save_file
from statusgen.problems import OutputError, StatusgenError

STARTER_FOLDER = Path(__file__).parent / "starter"
TEMPLATE_FOLDER = STARTER_FOLDER / "posts"
RELEASED_FILE = STARTER_FOLDER / "released.json"
"""The SHA-256 of each file in `starter/` as a release had it, by its name there, with the first release that did."""
SCHEMA_FILE = ".vscode/services.schema.json"

_COMMON_FILES = {
    "README.md": "common/README.md",
    ".editorconfig": "common/editorconfig",
    ".gitignore": "common/gitignore",
    ".pre-commit-config.yaml": "common/pre-commit-config.yaml",
    ".vscode/extensions.json": "common/vscode-extensions.json",
    ".vscode/settings.json": "common/vscode-settings.json",
    "desk.cmd": "common/desk.cmd",
    "desk.command": "common/desk.command",
    "requirements.txt": "common/requirements.txt",
}
# A Mac starts only what may be run.
_STARTED_BY_DOUBLE_CLICK = ("desk.command",)


@dataclass(frozen=True)
class Starter:
    """A kind of publisher: what it is called, and the folders of templates that fit it, besides the general ones."""

    publisher: str
    template_folders: tuple[str, ...]

    def template_files(self) -> list[Path]:
        """Return the templates of posts that fit it and their translations, from A to Z."""
        folders = (TEMPLATE_FOLDER, *(TEMPLATE_FOLDER / name for name in self.template_folders))
        return sorted((path for folder in folders for path in folder.glob("*.md")), key=lambda path: path.name)


@dataclass(frozen=True)
class Host:
    """A place to publish a site: what it is called, and its files, each with its name in `starter/hosts/`."""

    title: str
    files: Mapping[str, str]


STARTERS = {
    "city": Starter("a city", ("city", "water")),
    "library": Starter("a library", ("library",)),
    "utility": Starter("a utility", ("utility", "water")),
    "transit": Starter("a transit agency", ("transit",)),
    "school": Starter("a school district", ("school",)),
}
_NOTIFY = {"notify.sh": "notify.sh"}
_FOLLOW = {".github/workflows/follow.yml": "github-follow.yml"}
_REBUILD = {".github/workflows/rebuild.yml": "rebuild.yml", **_FOLLOW, **_NOTIFY}
HOSTS = {
    "github": Host(
        "GitHub Pages",
        {
            ".github/workflows/publish.yml": "github.yml",
            ".github/workflows/post.yml": "github-post.yml",
            **_FOLLOW,
            **_NOTIFY,
        },
    ),
    "gitlab": Host("GitLab Pages", {".gitlab-ci.yml": "gitlab.yml", **_NOTIFY}),
    "netlify": Host("Netlify", {"netlify.toml": "netlify.toml", **_REBUILD}),
    "cloudflare": Host("Cloudflare Pages", {"wrangler.toml": "wrangler.toml", **_REBUILD}),
    "server": Host("your own web server", {name: name for name in ("statusgen.service", "statusgen.timer")}),
}


def list_sources(hosts: Iterable[str]) -> dict[str, str]:
    """Return the files that a site with these of `HOSTS` has besides its content, each with its name in `starter/`."""
    return _COMMON_FILES | {target: f"hosts/{source}" for host in hosts for target, source in HOSTS[host].files.items()}


def read_source(name: str) -> bytes:
    """Return a file of `starter/`."""
    return (STARTER_FOLDER / name).read_bytes()


def fill_readme(template_names: Iterable[str], hosts: Iterable[str]) -> bytes:
    """Return the README of a site with these prepared texts, and with what is to be done at each of `HOSTS`."""
    templates = ", ".join(f"`{name}`" for name in template_names) or "none yet"
    publish = "\n\n".join(read_source(f"hosts/{host}.md").decode().strip() for host in hosts)
    readme = read_source(_COMMON_FILES["README.md"]).decode()
    return readme.replace("@TEMPLATES@", templates).replace("@PUBLISH@", publish).encode()


def make_schema_file() -> bytes:
    """Return what an editor reads to help with services.yaml."""
    from statusgen.content.format.json_schema import make_schema  # it loads every shape of the format

    return (json.dumps(make_schema("services"), indent=2) + "\n").encode()


def make_files(starter: str, hosts: Iterable[str], requirement: str, services: bytes | None = None) -> dict[str, bytes]:
    """Return every file of a new site by its path, for one of `STARTERS` and some of `HOSTS`.

    `requirement` has the lines of requirements.txt that install statusgen on the hosts. With a services.yaml of its
    own, `services`, it gets no templates of posts: those are about the starter's services.
    """
    # They load every shape of the format, which would make `--help` slow.
    from statusgen.content.services import read_services
    from statusgen.forms import FILES as FORM_FILES
    from statusgen.forms import fill_choices
    from statusgen.wording.interface import available_languages

    # In one order, so that `statusgen upgrade` knows the README again.
    wanted = set(hosts)
    hosts = [host for host in HOSTS if host in wanted]
    posts = STARTERS[starter].template_files() if services is None else []
    files = {target: read_source(source) for target, source in list_sources(hosts).items()}
    files["README.md"] = fill_readme((path.stem for path in posts if "." not in path.stem), hosts)
    files["requirements.txt"] += f"{requirement}\n".encode()
    files["services.yaml"] = services or read_source(f"services/{starter}.yaml")
    files[SCHEMA_FILE] = make_schema_file()
    # Git does not keep empty folders, and the reader skips files that begin with a dot.
    files["incidents/.gitkeep"] = b""
    files |= {f"templates/posts/{path.name}": path.read_bytes() for path in posts}
    site, _, _ = read_services(files["services.yaml"].decode(), STARTER_FOLDER, available_languages())
    if site:  # each starter's can be read, and an own one that cannot is refused elsewhere
        files |= {name: fill_choices(files[name].decode(), site, name).encode() for name in FORM_FILES if name in files}
    return files


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files into a folder, which is created if it does not exist; all of them, or none.

    Raises StatusgenError if one exists already or cannot be written.
    """
    blocking = sorted(set(_find_conflicts(files, folder)))
    if blocking:
        hint = "Move it, or choose another folder. Nothing was written."
        raise StatusgenError("\n".join([*(f"{path} already exists." for path in blocking), hint]))
    created: list[Path] = []
    try:
        for name, content in files.items():
            _make_folders((folder / name).parent, created)
            with (folder / name).open("xb") as file:
                created.append(folder / name)
                file.write(content)
            if name in _STARTED_BY_DOUBLE_CLICK:
                (folder / name).chmod(0o755)
    except OSError as error:
        _roll_back(created)
        reason = error.strerror or "unknown reason"
        raise StatusgenError(f"{error.filename} cannot be written ({reason}). Nothing was left behind.") from None


def replace_files(files: Mapping[str, tuple[bytes | None, bytes]], folder: Path) -> None:
    """Write files of a site again: all of them, or none. Each has what it contains before, or None, and what after.

    Raises OutputError if one is behind a link, cannot be written, or was changed in the meantime.
    """
    begun: list[str] = []
    try:
        for name, (old, new) in files.items():
            if not (folder / name).resolve().is_relative_to(folder.resolve()):
                raise OutputError(f"{name} is outside this site, behind a link. Nothing was written.")
            begun.append(name)
            save_file(folder / name, new, old)
            if old is None and name in _STARTED_BY_DOUBLE_CLICK:
                (folder / name).chmod(0o755)
    except BaseException:  # also after Ctrl-C, which is not an Exception
        for name in reversed(begun):
            _put_back(folder / name, *files[name])
        raise


def _put_back(path: Path, old: bytes | None, new: bytes) -> None:
    """Undo a change of a file, if it was made."""
    if not path.is_file() or path.read_bytes() != new:
        return
    if old is None:
        path.unlink()
    else:
        save_file(path, old, new)


def _find_conflicts(files: Iterable[str], folder: Path) -> Iterator[Path]:
    """Yield the files that exist already, and files where there must be folders."""
    for name in files:
        path = folder / name
        if os.path.lexists(path):
            yield path
        for above in path.relative_to(folder).parents:
            if os.path.lexists(folder / above) and not (folder / above).is_dir():
                yield folder / above


def _make_folders(folder: Path, created: list[Path]) -> None:
    """Make a folder and those above it, and add the new ones to `created`."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir()
        created.append(path)


def _roll_back(created: list[Path]) -> None:
    for path in reversed(created):
        with suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
