"""What the environment says of a channel, or of what is followed: addresses that are secret, keys and passwords.

No message here, or made from what is here, has a secret in it: it names the variable.
"""

from collections.abc import Mapping

from statusgen.model.channels import NotifyChannel
from statusgen.model.following import Followed
from statusgen.problems import NotifyError

Environment = Mapping[str, str]
"""The variables of the environment, by their names."""


def variable_name(channel: NotifyChannel | Followed, suffix: str = "") -> str:
    """Return the variable of a channel: STATUSGEN_WATER_LIST, or STATUSGEN_WATER_LIST_TOKEN with a suffix."""
    name = channel.id.upper().replace("-", "_")
    return f"STATUSGEN_{name}_{suffix}" if suffix else f"STATUSGEN_{name}"


def read_secret(channel: NotifyChannel | Followed, environment: Environment, suffix: str = "") -> str | None:
    """Return what a channel's variable says, None if it is empty or not set; raise NotifyError for what is no secret.

    Every secret of a channel is of the characters that an address or a header can have.
    """
    name = variable_name(channel, suffix)
    value = environment.get(name, "").strip()
    if not all("!" <= char <= "~" for char in value):
        raise NotifyError(f"{name} has a space, a line end or a special character in it. Set it again.")
    return value or None


def require_secret(channel: NotifyChannel | Followed, environment: Environment, suffix: str, what: str) -> str:
    """Return what a channel's variable says; raise NotifyError if it is not set. `what` says what has to be there."""
    value = read_secret(channel, environment, suffix)
    if value is None:
        raise NotifyError(f"The channel {channel.id} needs {what}. Set {variable_name(channel, suffix)} to it.")
    return value
