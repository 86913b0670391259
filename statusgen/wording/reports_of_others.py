"""What others report of their own services, and what that means for ours: the words for a post of ours."""

from collections.abc import Mapping

from statusgen.model.services import Channel, Service
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.wording.phrasing import Phrasing


def name_way(service: Service, channel: Channel | None, phrasing: Phrasing) -> str:
    """Return the name of a service, and of a channel of it: "Pay a water bill, online"."""
    name = phrasing.phrase(service.name)
    if channel is None:
        return name
    way = phrasing.channel(channel)
    way = way if channel.name else way[:1].lower() + way[1:]
    return phrasing.join_words([name, way], phrasing.interface.gettext(", "))


def report_title(ways: str, name: Words, status: Status, is_unsteady: bool, phrasing: Phrasing) -> str:
    """Return a headline: "Pay a water bill, online: the payment company reports an outage"."""
    _ = phrasing.interface.gettext
    messages: Mapping[Status, str] = {
        Status.DOWN: _("%(services)s: %(name)s reports an outage"),
        Status.LIMITED: _("%(services)s: %(name)s reports a partial outage"),
        Status.MAINTENANCE: _("%(services)s: %(name)s reports planned work"),
    }
    message = messages.get(status, _("%(services)s: %(name)s reports problems"))
    if is_unsteady:
        message = _("%(services)s: %(name)s reports problems that come and go")
    return phrasing.format(message, services=ways, name=phrasing.phrase(name))


def title_since(title: str, time: str, phrasing: Phrasing) -> str:
    """Return a headline with since when it is so: "… reports an outage since 9:10 AM"."""
    return phrasing.format(phrasing.interface.gettext("%(what)s since %(time)s"), what=title, time=time)


def report_text(name: Words, since: When, is_before: bool, quoted: str, phrasing: Phrasing) -> str:
    """Return since when they report something, or when that was first seen, and what they call it (`quoted`)."""
    _ = phrasing.interface.gettext
    if is_before:
        message = _("%(time)s is when we first saw this in the reports of %(name)s; it may have begun earlier.")
        time = phrasing.first_time(since)
    else:
        message = _("According to %(name)s, this has been so since %(time)s.")
        time = phrasing.time(since)
    sentences = [phrasing.format(message, name=phrasing.phrase(name), time=time)]
    if quoted:
        sentences.append(phrasing.format(_("What they say about it: %(words)s"), words=quoted))
    return phrasing.join(sentences)
