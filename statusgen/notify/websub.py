"""Tells the WebSub hub of the site which feeds have changed, so that it fetches them and passes them on.

WebSub (https://www.w3.org/TR/websub/) leaves open how a publisher tells its hub; every hub takes the form of its
predecessor, PubSubHubbub 0.4, section 7: a POST with `hub.mode=publish` and `hub.url`.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from statusgen import addresses
from statusgen.board.model.news import UpdateView
from statusgen.model.channels import HUB, NotifyChannel, NotifyKind
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.notify.message import NotSentError, ResultUnknownError
from statusgen.notify.web_request import Endpoint, post, split_address
from statusgen.problems import NotifyError

HUB_MEMORY = timedelta(days=1)
"""How old an update can be that the hub is told of: feed readers have long found the others by themselves."""


def hub_channel(site: Site, since: When) -> NotifyChannel:
    """Return the channel that a site with a hub has by itself."""
    return NotifyChannel(id=HUB, kind=NotifyKind.WEBHOOK, since=since, to=site.hub)


def list_feeds(views: Iterable[UpdateView], site: Site) -> list[str]:
    """Return the addresses of all feeds that have one of these updates: in each format and language."""
    groups = {service.id: service.group for service in site.services}
    owners: dict[str, None] = {}
    for view in views:
        owners[""] = None
        owners[addresses.incident(view.incident.id)] = None
        for service in view.services:
            owners[addresses.service(service)] = None
            if group := groups[service]:
                owners[addresses.group(group)] = None
    formats = (addresses.rss, addresses.atom, addresses.json_feed)
    return [
        addresses.absolute_url(addresses.in_language(make(owner), language, site), site)
        for owner in owners
        for make in formats
        for language in site.languages
    ]


def read_hub(hub: str) -> Endpoint:
    """Return where the hub's requests go; raise NotifyError."""
    address = split_address(hub)
    if address is None:
        what = "What hub: of services.yaml says is not an address to send messages to."
        raise NotifyError(f"{what} Write it like https://hub.example.org/; it has to begin with https://.")
    return Endpoint(address, "The hub")


def ping_hub(hub: Endpoint, feeds: Sequence[str]) -> None:
    """Tell a hub of each feed; raise NotSentError. To tell it twice does no harm, so no result is ever unknown."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for feed in feeds:
        try:
            post(hub, urlencode({"hub.mode": "publish", "hub.url": feed}).encode(), headers)
        except ResultUnknownError as error:
            raise NotSentError(str(error)) from None
