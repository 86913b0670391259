"""The version of statusgen that a host is told to install: in requirements.txt, in workflows, and in hooks.

Only what can be read with certainty is changed. What cannot is named in a remark, and left as it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from statusgen import __version__
from statusgen.cli.requirements import REQUIREMENTS_FILE

# As pip reads a line: https://pip.pypa.io/en/stable/reference/requirements-file-format/
_COMMENT = re.compile(r"(?:^|\s+)#.*$")
_OPTIONS = re.compile(r"\s+--[a-z].*$|\s*\\$")
_WHEEL = re.compile(r"(?P<folder>(?:[^\s#:/]+/)*)statusgen-(?P<version>[^-\s/]+)-py3-none-any\.whl(?P<rest>[\s\[;].*)?")
# In a text that is no list of requirements: a word of its own, which is not part of a path or of another name.
_PIN = re.compile(
    r"(?<![\w./-])(?P<before>statusgen(?:\[[^\]\n]*\])?[ \t]*===?[ \t]*)(?P<version>[^\s\"'`;,)\]]+)", re.I
)
_ACTION = re.compile(r"uses:[ \t]*[\"']?[^\s\"'#]+/statusgen@(?P<version>[^\s\"'#]+)")
_HOOK = re.compile(r"repo:[^\n#]*/statusgen(?:\.git)?[\"']?[ \t]*\n[ \t]*rev:[ \t]*(?P<version>\S+)")


class _Way(Enum):
    """How a line of requirements.txt names statusgen."""

    NUMBER = auto()
    WHEEL = auto()
    ADDRESS = auto()
    MANY = auto()
    """It allows several versions, or any."""
    UNCLEAR = auto()
    """It has the name of statusgen in it, and may or may not be about it."""


@dataclass(frozen=True)
class _Line:
    """A line of requirements.txt that names statusgen: its number, how, and the version or the address there."""

    number: int
    way: _Way
    content: str
    found: str = ""

    def __str__(self) -> str:
        return f"{REQUIREMENTS_FILE}:{self.number}"


@dataclass(frozen=True)
class Pins:
    """The text of requirements.txt for this version, the wheels that it names, and what is left to do by hand."""

    text: str
    wheels: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def renew_pins(text: str, requirement: str) -> Pins:
    """Return requirements.txt with this version in the way that the site has it: by number, by wheel or by address.

    `requirement` is the line that `init` would write.
    """
    if "\0" in text:
        return Pins(text, (), (f"{REQUIREMENTS_FILE} is not UTF-8, so nothing was read in it. Save it as UTF-8.",))
    lines = _find_lines(text)
    unclear = tuple(
        f"{line}: statusgen cannot read this with certainty: {line.content}. See that it is right for {__version__}."
        for line in lines
        if line.way is _Way.UNCLEAR
    )
    clear = [line for line in lines if line.way is not _Way.UNCLEAR]
    if not clear:
        none = f"{REQUIREMENTS_FILE} does not name statusgen, so it does not say which version a host installs."
        return Pins(text, (), unclear or (none,))
    if len(clear) > 1:
        numbers = ", ".join(str(line.number) for line in clear)
        many = f"{REQUIREMENTS_FILE} names statusgen in several lines ({numbers}), so none was changed. Leave one."
        return Pins(text, (), (many, *unclear))
    pins = _renew_line(text, clear[0], requirement)
    return Pins(pins.text, pins.wheels, (*pins.remarks, *unclear))


def read_version(text: str) -> str:
    """Return the one version that requirements.txt fixes, or the address that it installs from; empty if neither."""
    fixed = [line.found for line in _find_lines(text) if line.way in (_Way.NUMBER, _Way.WHEEL, _Way.ADDRESS)]
    return fixed[0] if len(fixed) == 1 else ""


def _find_lines(text: str) -> Sequence[_Line]:
    """Return the lines of requirements.txt that name statusgen."""
    contents = (_COMMENT.sub("", line).strip() for line in text.removeprefix("\ufeff").splitlines())
    found = (_read_line(number, content) for number, content in enumerate(contents, 1))
    return [line for line in found if line]


def _read_line(number: int, content: str) -> _Line | None:
    if "statusgen" not in content.casefold():
        return None
    if wheel := _WHEEL.fullmatch(content):
        is_inside = ".." not in PurePosixPath(wheel["folder"]).parts
        return _Line(number, _Way.WHEEL if is_inside else _Way.UNCLEAR, content, wheel["version"])
    try:
        requirement = Requirement(_OPTIONS.sub("", content))
    except InvalidRequirement:
        return _Line(number, _Way.UNCLEAR, content)
    if canonicalize_name(requirement.name) != "statusgen":
        return None
    if requirement.url:
        return _Line(number, _Way.ADDRESS, content, requirement.url)
    specifiers = [*requirement.specifier]
    if len(specifiers) == 1 and specifiers[0].operator in ("==", "===") and _is_version(specifiers[0].version):
        return _Line(number, _Way.NUMBER, content, specifiers[0].version)
    return _Line(number, _Way.MANY, content)


def _renew_line(text: str, line: _Line, requirement: str) -> Pins:
    """Return requirements.txt with another version in its one line that names statusgen."""
    if line.way is _Way.MANY:
        many = f"{line} allows more than one version ({line.content}), so a host installs the newest of them."
        return Pins(text, (), (many,))
    ours = requirement.removeprefix("statusgen @ ") if requirement.startswith("statusgen @ ") else ""
    if "--hash=" in text and line.found not in (__version__, ours):
        what = f"{REQUIREMENTS_FILE} has hashes: make it again with the tool that made it, for {__version__}."
        return Pins(text, (), (what,))
    if line.way is _Way.NUMBER:
        before, sign, after = line.content.partition("=")
        return Pins(_replace(text, line, f"{before}{sign}{after.replace(line.found, __version__, 1)}"))
    if line.way is _Way.WHEEL:
        return _renew_wheel(text, line)
    if ours:
        return Pins(_replace(text, line, line.content.replace(line.found, ours, 1)))
    what = f"{line} names an address: {line.found}. See that it is that of {__version__}."
    return Pins(text, (), (what,))


def _renew_wheel(text: str, line: _Line) -> Pins:
    name, new = (f"statusgen-{version}-py3-none-any.whl" for version in (line.found, __version__))
    folder = line.content.partition(name)[0]
    remark = f"When that is written, nothing needs {folder.removeprefix('./')}{name}: delete it."
    renewed = _replace(text, line, line.content.replace(name, new, 1))
    return Pins(renewed, (f"{folder}{new}",), (remark,) if name != new else ())


def _replace(text: str, line: _Line, content: str) -> str:
    lines = text.splitlines(keepends=True)
    lines[line.number - 1] = lines[line.number - 1].replace(line.content, content, 1)
    return "".join(lines)


def renew_version(text: str) -> str:
    """Return a text with this version wherever it has `statusgen==` and a version, but for comments."""
    return "".join(_renew_outside_comment(line) for line in text.splitlines(keepends=True))


def _renew_outside_comment(line: str) -> str:
    comment = _COMMENT.search(line)
    end = comment.start() if comment else len(line)
    return f"{_PIN.sub(_renew_pin, line[:end])}{line[end:]}"


def _renew_pin(found: re.Match[str]) -> str:
    return f"{found['before']}{__version__}" if _is_version(found["version"]) else found[0]


def _is_version(written: str) -> bool:
    try:
        return bool(Version(written))
    except InvalidVersion:  # such as 1.0.*
        return False


def find_other_pins(texts: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each version in files, here by their paths, that only a person can change."""
    for path, text in texts.items():
        for pattern, name in ((_ACTION, "the action"), (_HOOK, "the hook")):
            for found in pattern.finditer(text):
                if found["version"].removeprefix("v") != __version__:
                    line = text.count("\n", 0, found.start("version")) + 1
                    what = f"{path}:{line}: This uses {name} of statusgen at {found['version']}."
                    yield f"{what} Write the commit or the tag of {__version__}."
        for number, line_text in enumerate(text.splitlines(), 1):
            for found in _PIN.finditer(_COMMENT.sub("", line_text)):
                if not _is_version(found["version"]):
                    what = f"{path}:{number}: statusgen cannot read this with certainty: {found[0]}."
                    yield f"{what} See that it is right for {__version__}."
