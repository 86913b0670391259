"""What was changed, in the writer's words: the message of a commit."""

from collections.abc import Iterator

from statusgen.colleagues.merge import is_post, language_of, original_file
from statusgen.colleagues.trees import Changes, read_blobs
from statusgen.colleagues.work_tree import WorkTree
from statusgen.content.format.values import TIME_PATTERN
from statusgen.content.posts.split import RawPost, split_post
from statusgen.content.yaml.documents import read_yaml
from statusgen.git_network import Blob
from statusgen.text import decode_text, printable

_MAX_TITLE = 100
_MAX_LINES = 50


def describe_changes(tree: WorkTree, changes: Changes) -> list[str]:
    """Return a line for each change of the content, such as `Resolved: Online payment is down`; posts come first."""
    paths = sorted(changes, key=lambda path: (not is_post(tree, path), path))
    names = (blob.name for path in paths if is_post(tree, path) for blob in changes[path] if blob and blob.is_file)
    contents = read_blobs(tree.git, names)
    lines = []
    for path in paths:
        old, new = (_split(contents.get(blob.name, b"") if blob else b"") for blob in changes[path])
        shown = path.removeprefix(tree.prefix)
        if not is_post(tree, path):
            lines.append(f"{_verb(*changes[path])}: {shown}")
        elif language := language_of(path):
            lines.append(f"Translation ({language}): {_title(new or old, original_file(shown))}")
        else:
            word = _word(old, new) if old and new else _verb(*changes[path])
            lines.append(f"{word}: {_title(new or old, shown)}")
    return [printable(line) for line in lines]


def format_message(lines: list[str]) -> str:
    """Return the message of a commit: one line, or a first line and a list."""
    if len(lines) < 2:
        return "".join(f"{line}\n" for line in lines)
    more = f"and {len(lines) - 1} more {'change' if len(lines) == 2 else 'changes'}"
    listed = [f"- {line}" for line in lines[:_MAX_LINES]]
    return "\n".join([f"{lines[0]}, {more}", "", *listed, ""])


def _split(content: bytes) -> RawPost | None:
    return split_post(decode_text(content, "")[0], "")[0] if content else None


def _verb(old: Blob | None, new: Blob | None) -> str:
    return "New" if old is None else "Deleted" if new is None else "Changed"


def _word(old: RawPost, new: RawPost) -> str:
    """Return the state of the last update that was added, like `Resolved`; `Update` if it has none."""
    before = {update.heading.content for update in old.updates}
    added = [update.heading.content for update in new.updates if update.heading.content not in before]
    if not added:
        return "Changed"
    found = TIME_PATTERN.match(added[-1])
    state = added[-1][found.end() if found else 0 :].strip(" :.-")
    return state if state.replace(" ", "").isalpha() and len(state) < 20 else "Update"


def _title(post: RawPost | None, file: str) -> str:
    value = read_yaml(post.front_matter.content, file)[0].value if post else None
    title = value.get("title") if isinstance(value, dict) else None
    words = " ".join(str(title).split()) if title else file
    return f"{words[:_MAX_TITLE]}…" if len(words) > _MAX_TITLE else words


def describe_side(who: str, text: str) -> Iterator[str]:
    """Yield one of two texts, below who wrote it and when."""
    yield f"  {who}:"
    yield from (f"    {printable(line)}" for line in text.rstrip().split("\n"))
