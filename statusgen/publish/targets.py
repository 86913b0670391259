"""Which module publishes at which kind of address."""

import sys
from collections.abc import Callable, Mapping

from statusgen.model.targets import Scheme, TargetAddress
from statusgen.problems import PublishError
from statusgen.publish.target import PublishTarget

Say = Callable[[str], None]
"""Tells a sentence to whoever publishes, while it goes on."""


def _print_sentence(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _open_bucket(address: TargetAddress, endpoint: str | None, say: Say) -> PublishTarget:
    try:
        from statusgen.publish.buckets import BucketTarget
    except ImportError as error:
        if error.name != "obstore":
            raise
        hint = 'Install it with pip install "statusgen[publish]".'
        raise PublishError(f"What publishes at {address.text} is not installed. {hint} Nothing was sent.") from None
    return BucketTarget(address, endpoint, say)


_KINDS: Mapping[Scheme, Callable[[TargetAddress, str | None, Say], PublishTarget]] = {
    "s3": _open_bucket,
    "az": _open_bucket,
    "gs": _open_bucket,
}


def open_target(address: TargetAddress, endpoint: str | None = None, say: Say = _print_sentence) -> PublishTarget:
    """Return what publishes at an address; raise PublishError. `endpoint` is where a bucket's store is."""
    return _KINDS[address.scheme](address, endpoint, say)
