"""What `to:` may say, and that nothing in it can become a flag or a word of a shell."""

import pytest

from statusgen.content.format.target_addresses import parse_target_address
from statusgen.model.targets import TargetAddress
from statusgen.problems import InvalidValue


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("file:///srv/status/", TargetAddress("file", "", "/srv/status", "file:///srv/status/")),
        ("ssh://web@h.example:2222/srv", TargetAddress("ssh", "h.example", "/srv", "", user="web", port=2222)),
        ("ssh://[::1]:22/srv", TargetAddress("ssh", "[::1]", "/srv", "", port=22)),
        ("ssh://h/srv/s%C3%A3o", TargetAddress("ssh", "h", "/srv/são", "")),
        ("git+ssh://git@h/a.git#pages", TargetAddress("git+ssh", "h", "/a.git", "", user="git", branch="pages")),
        ("git+file:///a.git", TargetAddress("git+file", "", "/a.git", "", branch="gh-pages")),
        ("s3://bucket/folder/", TargetAddress("s3", "bucket", "folder", "")),
    ],
)
def test_an_address_is_taken_apart(text: str, address: TargetAddress) -> None:
    found = parse_target_address(text)
    assert found.text == text
    for part in ("scheme", "host", "path", "user", "port", "branch"):
        assert getattr(found, part) == getattr(address, part), part


@pytest.mark.parametrize(
    "text",
    [
        "/srv/status",
        "file:srv/status",
        "file:-rf/status",
        "file://host/srv/status",
        "ssh://-oProxyCommand=x/srv",
        "ssh://-l@host/srv",
        "ssh://web:secret@host/srv",
        "ssh://host",
        "ssh://host/",
        "ssh://host/srv/../etc",
        "ssh://host:port/srv",
        *(f"ssh://host/srv/{char}x" for char in "$`'\"\\*?;&|<>()[]{}!^ \x01"),
        "ssh://host/srv/%0Ax",
        "ssh://host/srv?x=1",
        "http://host/srv",
        "ext::sh -c x",
        "git+ext::sh -c x",
        "git+file:///a.git#-x",
        "git+file:///a.git#a..b",
        "git+file:///a.git#a.lock",
    ],
)
def test_what_could_be_a_flag_or_a_word_of_a_shell_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_target_address(text)
