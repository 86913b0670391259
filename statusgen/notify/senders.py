"""What sends by each kind of channel."""

from collections.abc import Callable, Mapping

from statusgen.model.channels import NotifyChannel, NotifyKind
from statusgen.model.whole_site import Site
from statusgen.notify.mail import make_mail
from statusgen.notify.message import Sender

MakeSender = Callable[[NotifyChannel, Site, Mapping[str, str]], Sender]
"""Makes a sender of a channel, from what the environment has of it; raises NotifyError if that is missing."""

MAKERS: Mapping[NotifyKind, MakeSender] = {
    NotifyKind.MAIL: make_mail,
}


def make_sender(channel: NotifyChannel, site: Site, environment: Mapping[str, str]) -> Sender:
    """Return what sends by a channel; raise NotifyError."""
    return MAKERS[channel.kind](channel, site, environment)
