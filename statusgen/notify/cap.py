"""Hands on each alert in the Common Alerting Protocol to a server that collects them."""

from dataclasses import dataclass, field

from statusgen.model.channels import NotifyChannel
from statusgen.model.whole_site import Site
from statusgen.notify.environment import Environment, read_secret
from statusgen.notify.message import Message
from statusgen.notify.web_request import Endpoint, post, read_endpoint
from statusgen.problems import NotifyError


@dataclass(frozen=True)
class CapSender:
    """Sends each alert as it is, whole; of an update without an alert, nothing. Without a token, it shows none."""

    endpoint: Endpoint
    token: str | None = field(repr=False)

    def send(self, message: Message) -> None:
        """Send the alert of a message, once; nothing if it has none."""
        if message.alert is None:
            return
        headers = {"Content-Type": "application/cap+xml"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        post(self.endpoint, message.alert, headers)


def make_cap(channel: NotifyChannel, site: Site, environment: Environment) -> CapSender:
    """Return the sender of a server for alerts; raise NotifyError if its address is missing, or the site has none."""
    if channel.staff:
        raise NotifyError(f"The channel {channel.id} is for staff, and there are no alerts for staff.")
    if site.alerts is None:
        raise NotifyError(f"The channel {channel.id} is for alerts, and this site makes none. Add alerts: to site:.")
    endpoint = read_endpoint(channel, environment, "https://alerts.example.org/cap")
    return CapSender(endpoint, read_secret(channel, environment, "TOKEN"))
