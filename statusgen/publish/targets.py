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

_KINDS: Mapping[Scheme, Callable[[TargetAddress], PublishTarget]] = {
    "file": ServerTarget,
    "ssh": ServerTarget,
    "git+ssh": BranchTarget,
    "git+https": BranchTarget,
    "git+file": BranchTarget,
}
"""What publishes without another package; all other kinds are buckets."""


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
