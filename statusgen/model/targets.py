"""Where a site is published."""

from dataclasses import dataclass
from typing import Annotated, Literal

from statusgen.keys import Id, Key, Link

Scheme = Literal["file", "ssh", "s3", "az", "gs", "git+ssh", "git+https", "git+file"]


@dataclass(frozen=True, slots=True)
class TargetAddress:
    """Where a target is: what `to:` says, taken apart.

    `host` is a server, a bucket or a container, empty for what is on this computer. `path` is a folder on it, a prefix
    in the bucket, or a repository; `branch` is that of a repository. `text` is the whole address as it was written; it
    has no password in it.
    """

    scheme: Scheme
    host: str
    path: str
    text: str
    user: str = ""
    port: int | None = None
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A place that the site is published at. What opens it is never said here: each kind has its usual environment."""

    id: Annotated[Id, Key("What the command line calls it.", example="main")]
    to: Annotated[
        TargetAddress,
        Key(
            "Where the files go: an address that begins with file:, ssh:, s3:, az:, gs:, git+ssh: and the like.",
            example="s3://status-springfield",
        ),
    ]
    url: Annotated[
        Link | None, Key("Where residents see it; otherwise `url` of the site. A different one is a mirror.")
    ] = None
    endpoint: Annotated[
        Link | None, Key("Of a bucket: the address of its store, where that is not the one of Amazon, Azure or Google.")
    ] = None
