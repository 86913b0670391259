"""Every kind of page and monitor, and how it is read."""

from collections.abc import Mapping

from statusgen.follow.sources.alerts import ALERTS
from statusgen.follow.sources.better_stack import BETTER_STACK
from statusgen.follow.sources.feed import FEED
from statusgen.follow.sources.gatus import GATUS
from statusgen.follow.sources.healthchecks import HEALTHCHECKS
from statusgen.follow.sources.instatus import INSTATUS
from statusgen.follow.sources.shape import Source
from statusgen.follow.sources.statusgen import STATUSGEN
from statusgen.follow.sources.statuspage import STATUSPAGE
from statusgen.follow.sources.uptime_kuma import UPTIME_KUMA
from statusgen.model.following import FollowKind

SOURCES: Mapping[FollowKind, Source] = {
    FollowKind.STATUSPAGE: STATUSPAGE,
    FollowKind.INSTATUS: INSTATUS,
    FollowKind.BETTER_STACK: BETTER_STACK,
    FollowKind.STATUSGEN: STATUSGEN,
    FollowKind.FEED: FEED,
    FollowKind.GATUS: GATUS,
    FollowKind.UPTIME_KUMA: UPTIME_KUMA,
    FollowKind.ALERTMANAGER: ALERTS,
    FollowKind.GRAFANA: ALERTS,
    FollowKind.HEALTHCHECKS: HEALTHCHECKS,
}
