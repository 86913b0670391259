"""Advises on services.yaml: on what residents will need on the day when a service does not work."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from statusgen.lint.rule import LintContext, Rule, make_advice
from statusgen.model.services import ChannelKind, Service
from statusgen.model.statuses import Status
from statusgen.model.words import Words
from statusgen.problems import Place, Problem

# Words in the names of services that people pay for, in the languages that pages can be made in.
_PAYMENT_WORDS = re.compile(
    r"\b(pay(ing|ments?)?|bills?|fees?|fines?|tax(es)?|pag(ar|o|os)|facturas?|multas?|impuestos?|"
    r"pa(yer|iements?)|factures?|amendes?|impôts?|taxes?)\b|thanh toán|hóa đơn|tiền phạt|\bthuế\b|"
    r"دفع|فاتورة|فواتير|غرامة|ضريبة",
    re.IGNORECASE,
)
_BILL_WORDS = re.compile(
    r"\bbills?\b|\b(water|sewer|gas|electric\w*|utility|tax) payments?\b|\bpay (your |a |the )?(property )?tax(es)?\b|"
    r"\bfacturas?\b|\bfactures?\b|hóa đơn|فاتورة|فواتير",
    re.IGNORECASE,
)
_AUTOPAY_WORDS = re.compile(
    r"auto-?pay|automatic|direct debit|automátic|domicilia|automatique|prélèvement|tự động|تلقائي", re.IGNORECASE
)
# How long before the end of a security.txt the advice begins.
_EXPIRY_WARNING_PERIOD = timedelta(days=30)


def find_missing_tenders(context: LintContext) -> Iterator[Problem]:
    """Find counters that take payments but do not say which ways to pay they accept."""
    for service in context.site.services:
        for channel in service.channels if _takes_payments(service) else ():
            if channel.kind in (ChannelKind.IN_PERSON, ChannelKind.DROP_BOX) and not channel.accepts:
                what = f'People pay at "{service.id}/{channel.id}", and nothing says which ways to pay it accepts.'
                yield make_advice(channel.place, what, "Add accepts:, for example [cash, check].")


def find_missing_autopay(context: LintContext) -> Iterator[Problem]:
    """Find services for paying bills that do not work and say nothing about autopay."""
    for service_status in context.board.services:
        service = service_status.service
        automatic = service_status.automatic_channels
        if not service_status.has_problem or not (automatic or _has_match(service.name, _BILL_WORDS)):
            continue
        if any(channel.status is not Status.NOT_SAID for channel in automatic):
            continue
        if not any(_AUTOPAY_WORDS.search(text) for text in _open_incident_texts(context, service.id)):
            what = f'"{service.id}" does not work, and nothing says what happens to automatic payments.'
            name = f"{service.id}/{automatic[0].channel.id}" if automatic else ""
            hint = (
                f"Give the status of {name} in the post."
                if name
                else "Add a channel with kind: automatic, or say it in do:."
            )
            yield make_advice(service.place, what, hint)


def find_missing_operators(context: LintContext) -> Iterator[Problem]:
    """Find services whose name or summary mentions an operator, but that do not have it as their operator."""
    operators = {service.operator.id: service.operator for service in context.site.services if service.operator}
    for service in context.site.services:
        for operator in operators.values() if service.operator is None else ():
            name = operator.name.texts[0][1].partition("(")[0].strip()
            texts = [text for words in (service.name, service.summary) if words for _, text in words.texts]
            if any(re.search(rf"\b{re.escape(name)}\b", text) for text in texts):
                what = f'"{service.id}" mentions {name}, but the page will say that the publisher runs it.'
                yield make_advice(service.place, what, f"Add operator: {operator.id}")


def find_expiring_security(context: LintContext) -> Iterator[Problem]:
    """Find a security.txt that has expired, or will expire soon."""
    security = context.site.security
    if security is None or context.board.moment < security.expires.start - _EXPIRY_WARNING_PERIOD:
        return
    day = f"{context.site.local_day(security.expires.start):%Y-%m-%d}"
    past = context.board.moment >= security.expires.start
    what = (
        f"The security.txt expired on {day} and is no longer published."
        if past
        else f"The security.txt expires on {day}."
    )
    place = context.find_line(context.find_line(Place("services.yaml"), "security:"), "expires:")
    yield make_advice(place, what, "Check that its addresses are still correct, and write a later date, within a year.")


def find_insecure_url(context: LintContext) -> Iterator[Problem]:
    """Find a site address without encryption, so that others can change what residents read."""
    parts = urlsplit(context.site.url)
    host = parts.hostname or ""
    if parts.scheme == "http" and host not in ("localhost", "127.0.0.1", "::1") and not host.endswith(".onion"):
        place = context.find_line(context.find_line(Place("services.yaml"), "site:"), "url:")
        what = "The address of the site begins with http:, so anyone on the network can read and change its pages."
        yield make_advice(place, what, "Have the host serve it with TLS, and write url: https://…")


def find_missing_history(context: LintContext) -> Iterator[Problem]:
    """Find gaps in what git knows about when each update was first published and what was changed in it since."""
    if context.site.history_gap:
        reason, hint = context.site.history_gap
        what = f"{reason}, so the pages do not say all of when updates were first published and changed."
        yield make_advice(Place("services.yaml"), what, hint)


def _takes_payments(service: Service) -> bool:
    return any(channel.accepts for channel in service.channels) or _has_match(service.name, _PAYMENT_WORDS)


def _has_match(words: Words, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(text) for _, text in words.texts)


def _open_incident_texts(context: LintContext, service: str) -> Iterable[str]:
    """Yield everything that the open incidents of a service say."""
    for id in context.board.service_by_id[service].incidents:
        yield context.texts.get(context.board.incident_by_id[id].incident.place.file, "")


RULES = (
    Rule("insecure-url", "Anyone on the network can change a page that is not encrypted.", find_insecure_url),
    Rule("no-history", "A record of changes with gaps looks like one without changes.", find_missing_history),
    Rule("no-accepts", "People who come without a card or a check have come for nothing.", find_missing_tenders),
    Rule("no-autopay", "People on autopay do not know whether they have to pay again.", find_missing_autopay),
    Rule(
        "security-expires",
        "Anyone who finds a security problem of the site looks there for a contact.",
        find_expiring_security,
    ),
    Rule("no-operator", "The operator of a service knows the most about it.", find_missing_operators),
)
