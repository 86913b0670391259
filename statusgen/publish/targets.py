"""Which module publishes at which kind of address."""

import sys
from collections.abc import Callable, Mapping

from statusgen.model.targets import Scheme, TargetAddress
from statusgen.problems import PublishError
from statusgen.publish.git_branch import BranchTarget
from statusgen.publish.server import ServerTarget
from statusgen.publish.target import PublishTarget

Say = Callable[[str], None]
"""Tells a sentence to the person who publishes, while it goes on."""


def open_target(address: TargetAddress, endpoint: str | None = None, say: Say | None = None) -> PublishTarget:
    """Return what publishes at an address; raise PublishError. `endpoint` is where a bucket's store is."""
    return _KINDS[address.scheme](address, endpoint, say or _print_sentence)


def _print_sentence(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def open_target(address: TargetAddress, endpoint: str | None = None, say: Say = _print_sentence) -> PublishTarget:
    """Return what publishes at an address; nothing is asked of it yet. Raise PublishError if that is not installed.

    `endpoint` is where the store of a bucket is, if it is not the one of Amazon, Azure or Google.
    """
    if address.scheme in _KINDS:
        return _KINDS[address.scheme](address)
    try:
        from statusgen.publish.buckets import BucketTarget
    except ImportError as error:
        if error.name != "obstore":
            raise
        hint = 'Install it with pip install "statusgen[publish]".'
        raise PublishError(f"What publishes at {address.text} is not installed. {hint} Nothing was sent.") from None
    return BucketTarget(address, endpoint, say)


def _open_folder(address: TargetAddress, _endpoint: str | None, _say: Say) -> PublishTarget:
    return ServerTarget(address)


def _open_branch(address: TargetAddress, _endpoint: str | None, _say: Say) -> PublishTarget:
    return BranchTarget(address)


_KINDS: Mapping[Scheme, Callable[[TargetAddress, str | None, Say], PublishTarget]] = {
    "file": _open_folder,
    "ssh": _open_folder,
    "s3": _open_bucket,
    "az": _open_bucket,
    "gs": _open_bucket,
    "git+ssh": _open_branch,
    "git+https": _open_branch,
    "git+file": _open_branch,
}
