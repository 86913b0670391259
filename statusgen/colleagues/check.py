"""Mistakes that a merge makes of contents that are sound one by one."""

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from statusgen.colleagues.merge import is_post, original_file
from statusgen.colleagues.trees import SHARED_PATHS
from statusgen.colleagues.work_tree import WorkTree
from statusgen.content.languages import CATALOGS_FOLDER
from statusgen.content.posts.links import INCIDENTS_FOLDER
from statusgen.content.reader import read_content
from statusgen.content.services import SERVICES_FILE
from statusgen.lint.mistakes import find_mistakes
from statusgen.problems import Problem
from statusgen.speed.parallel import processor_count
from statusgen.wording.interface import available_languages


def find_new_mistakes(tree: WorkTree, merged: str, before: Iterable[str], changed: Iterable[str]) -> list[Problem]:
    """Return the mistakes in the content of a tree or commit that none of those before has, in the order of files.

    `changed` are the paths that differ between any of these. Unless the services are among them, the other posts are
    not read: anything wrong in one of them now was wrong before.
    """
    paths = {*changed}
    unchanged = frozenset[str]() if _has_shared_names(tree, paths) else _list_other_posts(tree, merged, paths)
    found = _find_mistakes(tree, merged, unchanged)
    if found:
        known = {(each.place.file, each.what) for other in before for each in _find_mistakes(tree, other, unchanged)}
        found = {each for each in found if (each.place.file, each.what) not in known}
    return sorted(found)


def _has_shared_names(tree: WorkTree, paths: Iterable[str]) -> bool:
    """Return whether a file is among these that says which names and languages there are for all posts."""
    return any(path.removeprefix(tree.prefix).partition("/")[0] in (SERVICES_FILE, CATALOGS_FOLDER) for path in paths)


def _list_other_posts(tree: WorkTree, files: str, changed: Iterable[str]) -> frozenset[str]:
    """Return the files of all incidents of which no file is among the changed ones, by their paths within the site."""
    touched = {original_file(path) for path in changed if is_post(tree, path)}
    posts = (path for path in tree.git.read_tree(files, [f"{tree.prefix}{INCIDENTS_FOLDER}"]) if is_post(tree, path))
    return frozenset(path.removeprefix(tree.prefix) for path in posts if original_file(path) not in touched)


def _find_mistakes(tree: WorkTree, files: str, unread: frozenset[str]) -> set[Problem]:
    with TemporaryDirectory() as folder:
        site = extract(tree, files, Path(folder))
        content = read_content(site, available_languages(), quarantined=unread, processes=processor_count())
    mistakes = find_mistakes(content.site, content.texts, content.problems) if content.site else ()
    return {*content.problems, *mistakes}


def extract(tree: WorkTree, files: str, folder: Path) -> Path:
    """Write the content of a tree or commit into a folder, and return where the site is in it."""
    asked = [f"{tree.prefix}{name}" for name in SHARED_PATHS]
    paths = b"".join(os.fsencode(path) + b"\0" for path in tree.git.read_tree(files, asked))
    tree.git.run("read-tree", "--reset", files)
    tree.git.run("checkout-index", "-f", "-z", "--stdin", f"--prefix={folder}/", input=paths)
    return folder / tree.prefix
