"""What sends by each kind of channel."""

from collections.abc import Callable, Mapping

from statusgen.model.channels import NotifyChannel, NotifyKind
from statusgen.model.whole_site import Site
from statusgen.notify.cap import make_cap
from statusgen.notify.chat import make_chat
from statusgen.notify.mail import make_mail
from statusgen.notify.mastodon import make_mastodon
from statusgen.notify.message import Sender
from statusgen.notify.webhook import make_webhook

MakeSender = Callable[[NotifyChannel, Site, Mapping[str, str]], Sender]
"""Makes a sender of a channel, from what the environment has of it; raises NotifyError if that is missing."""

MAKERS: Mapping[NotifyKind, MakeSender] = {
    NotifyKind.MAIL: make_mail,
    NotifyKind.WEBHOOK: make_webhook,
    NotifyKind.CHAT: make_chat,
    NotifyKind.MASTODON: make_mastodon,
    NotifyKind.CAP: make_cap,
}


def make_sender(channel: NotifyChannel, site: Site, environment: Mapping[str, str]) -> Sender:
    """Return what sends by a channel; raise NotifyError."""
    return MAKERS[channel.kind](channel, site, environment)
