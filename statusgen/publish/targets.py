"""Which module publishes at which kind of address."""

from collections.abc import Callable, Mapping

from statusgen.model.targets import Scheme, TargetAddress
from statusgen.publish.git_branch import BranchTarget
from statusgen.publish.server import ServerTarget
from statusgen.publish.target import PublishTarget

_KINDS: Mapping[Scheme, Callable[[TargetAddress], PublishTarget]] = {
    "file": ServerTarget,
    "ssh": ServerTarget,
    "git+ssh": BranchTarget,
    "git+https": BranchTarget,
    "git+file": BranchTarget,
}


def open_target(address: TargetAddress) -> PublishTarget:
    """Return what publishes at an address; nothing is asked of it yet."""
    return _KINDS[address.scheme](address)
