"""Publishes a built site at one target: whole, never an older one, and only what changed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from statusgen.problems import PublishError, TrustError
from statusgen.publish.built_site import BuiltSite
from statusgen.publish.plan import Plan, make_plan
from statusgen.publish.target import Progress, Published, PublishTarget
from statusgen.trust.manifest import Manifest, read_manifest

Contains = Callable[[str, str], bool | None]
"""Says of two revisions whether the first contains the second; None if nobody can tell."""


@dataclass(frozen=True)
class Delivery:
    """What a target has, and what it is to get; nothing if `plan` is None."""

    published: Published
    plan: Plan | None


def prepare_delivery(
    target: PublishTarget, site: BuiltSite, now: datetime, force: bool, contains: Contains
) -> Delivery:
    """Return what is to be sent; raise PublishError if the target has a newer site, unless `force` says so.

    A history decides before the clock, which can be wrong: and an old copy of the content can be built at any time.
    """
    published = target.read_published()
    manifest = _read_published_manifest(published, target.name)
    if manifest and not force:
        _refuse_older(site, manifest, target.name, now, contains)
    is_there = published.manifest == site.manifest_bytes and _is_settled(published, site)
    return Delivery(published, None if is_there else make_plan(site, manifest, published.record, now))


def deliver(delivery: Delivery, target: PublishTarget, site: BuiltSite, now: datetime, progress: Progress) -> None:
    """Send what a delivery says; raise PublishError."""
    if delivery.plan is not None:
        target.send(site, delivery.plan, delivery.published, now, progress)


def _is_settled(published: Published, site: BuiltSite) -> bool:
    """Return whether the last publication of this site came to its end, signatures and deletions included."""
    return not published.record.uncertain and published.record.manifest == digest_of(site)


def digest_of(site: BuiltSite) -> str:
    """Return the SHA-256 of a site's manifest and its signatures together: the name of this very build."""
    lines = sorted(f"{site.digests[path]}  {path}" for path in site.digests if path not in site.manifest.files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _read_published_manifest(published: Published, name: str) -> Manifest | None:
    """Return what a target says that it has; None where it says nothing, or nothing that can be believed.

    All files are then sent, so that a broken list heals.
    """
    if published.manifest is None:
        return None
    try:
        return read_manifest(published.manifest, name)
    except TrustError:
        return None


def _refuse_older(site: BuiltSite, published: Manifest, name: str, now: datetime, contains: Contains) -> None:
    ours, theirs = site.manifest.revision, published.revision
    has_theirs = contains(ours, theirs) if ours and theirs else None
    if has_theirs is False:
        what = f"{name} shows the content of the revision {theirs}, which is not in the history here: {ours}."
        hint = "Fetch what colleagues wrote, and publish again; if this site is what you want, use --force."
        raise PublishError(f"{what} What was said there would vanish. {hint} Nothing was sent.")
    if has_theirs or published.moment <= site.manifest.moment:
        return
    shown, new = (site.manifest.format_time(moment) for moment in (published.moment, site.manifest.moment))
    hint = "Fetch what colleagues wrote, build and publish again; if this older site is what you want, use --force."
    if published.moment > now:
        hint = "That is still to come, so one of two clocks is wrong. If it is not the one here, use --force."
    raise PublishError(f"{name} shows {shown} already, and this site only {new}. {hint} Nothing was sent.")
