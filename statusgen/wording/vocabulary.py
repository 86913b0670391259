"""Words for the values of the format, in one language, and ways to put words together.

Each word is a message of the catalog. Words that the city wrote go through `say`, which marks those that are in another
language than the page; in plain text there is nothing to mark.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property

from markupsafe import Markup, escape

from statusgen.model.posts import Incident, Topic
from statusgen.model.services import Channel, ChannelKind, OperatorKind, Tender
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.model.words import LocalText, Words
from statusgen.wording.interface import InterfaceLanguage, protect_phone_numbers, text_direction
from statusgen.wording.phone_numbers import PhoneLink, find_phone_link
from statusgen.wording.times import Times


def has_end(text: str) -> bool:
    """Return whether a text ends with a mark that ends a sentence: "200 N. Holliday St." needs no other period."""
    return text[-1:] in ".!?…؟。"


class Vocabulary:
    """Puts words in one language, as HTML or, if `plain`, as plain text."""

    def __init__(self, site: Site, language: str, plain: bool = False) -> None:
        self.site, self.language, self.plain = site, language, plain
        self.interface = InterfaceLanguage(language, site.zone.key)
        self.times = Times(self.interface, site.zone)

    def format(self, message: str, **parts: str) -> str:
        """Return a translated message with its parts filled in; in HTML, parts that are not safe yet are escaped."""
        return message % parts if self.plain else Markup(message) % parts

    def phone_link(self, number: str) -> PhoneLink | None:
        """Return the link to the first number in a text; None if there is none."""
        return find_phone_link(number)

    def say(self, words: Words | None) -> str:
        """Return the city's words in this language, otherwise as they are, with their own `lang` and direction."""
        if words is None:
            return ""
        local = words.in_language(self.language)
        text = protect_phone_numbers(local.text, local.language)
        if self.plain:
            return text
        if local.language == self.language:
            return escape(text)
        # With `dir`, a browser keeps the punctuation of foreign words on the side where it belongs.
        direction = text_direction(local.language)
        return Markup('<span lang="{}" dir="{}">{}</span>').format(local.language, direction, text)

    def local_text(self, words: Words) -> LocalText:
        """Return the city's words together with the language that they really are in."""
        return words.in_language(self.language)

    def direction(self, language: str) -> str:
        """Return `ltr` or `rtl`: in which direction a language is written."""
        return text_direction(language)

    def format_list(self, items: Iterable[str]) -> str:
        """Return a list in words: "a, b and c"; if items have commas of their own: "a; b, with c; d"."""
        words = [str(item) if self.plain else str(escape(item)) for item in items]
        has_comma = len(words) > 1 and any(comma in word for word in words for comma in ",،")
        joined = self.interface.gettext("; ").join(words) if has_comma else self.interface.join_with_and(words)
        return joined if self.plain else Markup(joined)

    def time(self, when: When) -> str:
        """Return a time in words, in HTML with its `datetime`."""
        words = self.times.when(when)
        if self.plain:
            return words
        return Markup(f'<time datetime="{self.times.datetime_attribute(when)}">{escape(words)}</time>')

    def time_of(self, moment: datetime) -> str:
        """Return a moment in words."""
        return self.time(When.moment(moment))

    def as_sentence(self, words: Words | None) -> str:
        """Return words as a whole sentence, with a period unless they end with a mark of their own."""
        if words is None:
            return ""
        texts = ((language, text if has_end(text) else f"{text}.") for language, text in words.texts)
        return self.say(Words(tuple(texts)))

    def end_sentence(self, words: str) -> str:
        """Return a sentence in this language with its period, unless it ends with a mark of its own; see `has_end`."""
        shown = words if self.plain else escape(words).striptags()
        return words if has_end(shown) else self.format("%(words)s.", words=words)

    def phrase(self, words: Words) -> str:
        """Return words without their final period, for use inside a sentence."""
        texts = tuple((language, text.rstrip(" .")) for language, text in words.texts)
        return self.say(Words(texts))

    def with_label(self, label: str, text: str) -> str:
        """Return a text after a label and a colon, as the language sets it."""
        return self.format(self.interface.gettext("%(name)s: %(what)s"), name=label, what=text)

    def join(self, sentences: Iterable[str]) -> str:
        """Return sentences one after the other."""
        return " ".join(sentences) if self.plain else Markup(" ").join(sentences)

    def join_words(self, words: Iterable[str], separator: str) -> str:
        """Return words in a row, with `separator` between them."""
        return separator.join(words) if self.plain else Markup(separator).join(escape(word) for word in words)

    def with_time_said(self, words: str, said_at: When) -> str:
        """Return words with the time at which they were said."""
        return self.format(self.interface.gettext("%(words)s (said %(time)s)"), words=words, time=self.time(said_at))

    def language_names(self, codes: Iterable[str]) -> str:
        """Return the names of languages, in this one."""
        names = self.interface.locale.languages
        return self.format_list(str(names.get(code, code)) for code in codes)

    def status(self, status: Status) -> str:
        """Return the word for a status."""
        return self._statuses[status]

    @cached_property
    def _statuses(self) -> Mapping[Status, str]:
        _ = self.interface.gettext
        return {
            Status.WORKING: _("Working"),
            Status.NOT_SAID: _("No problem reported"),
            Status.MAINTENANCE: _("Closed for planned work"),
            Status.CATCHING_UP: _("Back, catching up"),
            Status.DIFFERENTLY: _("Working, but differently"),
            Status.DEGRADED: _("Slow or unreliable"),
            Status.UNKNOWN: _("Not known yet"),
            Status.LIMITED: _("Partly working"),
            Status.PARTLY_DOWN: _("Some ways not available"),
            Status.DOWN: _("Not available"),
        }

    def meaning(self, status: Status) -> str:
        """Return what a status means for a resident."""
        return self._meanings[status]

    @cached_property
    def _meanings(self) -> Mapping[Status, str]:
        _ = self.interface.gettext
        return {
            Status.WORKING: _("You can use it as always."),
            Status.NOT_SAID: _("Nobody has said that something is wrong with it, or that it was checked."),
            Status.MAINTENANCE: _("We closed it on purpose, for work that was announced."),
            Status.CATCHING_UP: _("It works again, but there is a backlog. Things may take longer."),
            Status.DIFFERENTLY: _("You can still use it, but not in the usual way. Read what to do."),
            Status.DEGRADED: _("It works for some, or at times. Try again, or use another way."),
            Status.UNKNOWN: _("Something may be wrong. We are finding out."),
            Status.LIMITED: _("Some ways or parts work, and others do not. Read which."),
            Status.PARTLY_DOWN: _("You cannot use it in some ways. Of the others nobody has said how they stand."),
            Status.DOWN: _("You cannot use it now. Read what to do instead."),
        }

    def state(self, state: State) -> str:
        """Return the word that an update begins with."""
        return self._states[state]

    @cached_property
    def _states(self) -> Mapping[State, str]:
        _ = self.interface.gettext
        return {
            State.INVESTIGATING: _("Investigating"),
            State.IDENTIFIED: _("Cause found"),
            State.MONITORING: _("Watching the repair"),
            State.RESOLVED: _("Resolved"),
            State.POSTMORTEM: _("Report"),
            State.SCHEDULED: _("Planned"),
            State.IN_PROGRESS: _("Work in progress"),
            State.VERIFYING: _("Checking the work"),
            State.COMPLETED: _("Work completed"),
            State.CANCELLED: _("Cancelled"),
            State.UPDATE: _("Update"),
            State.CORRECTION: _("Correction"),
            State.WITHDRAWN: _("Withdrawn"),
        }

    def kind(self, kind: Kind) -> str:
        """Return the word for a kind of post."""
        return self._kinds[kind]

    @cached_property
    def _kinds(self) -> Mapping[Kind, str]:
        _ = self.interface.gettext
        return {
            Kind.INCIDENT: _("Incident"),
            Kind.MAINTENANCE: _("Planned work"),
            Kind.NOTICE: _("Notice"),
        }

    def kind_of(self, incident: Incident) -> str:
        """Return the word for a post: for a notice its topic, otherwise its kind."""
        return self.topic(incident.topic) if incident.topic else self.kind(incident.kind)

    def topic(self, topic: Topic) -> str:
        """Return the word for the topic of a notice."""
        return self._topics[topic]

    @cached_property
    def _topics(self) -> Mapping[Topic, str]:
        _ = self.interface.gettext
        return {
            Topic.FRAUD: _("Fraud warning"),
            Topic.DATA: _("Notice about personal data"),
            Topic.HEALTH: _("Health notice"),
            Topic.CLOSURE: _("Closure"),
            Topic.RUMOR: _("About a rumor"),
            Topic.OTHER: _("Notice"),
        }

    def channel(self, channel: Channel) -> str:
        """Return a channel's name, otherwise the word for its kind."""
        return self.say(channel.name) if channel.name else self._channel_kinds[channel.kind]

    @cached_property
    def _channel_kinds(self) -> Mapping[ChannelKind, str]:
        _ = self.interface.gettext
        return {
            ChannelKind.ONLINE: _("Online"),
            ChannelKind.PHONE: _("By phone"),
            ChannelKind.IN_PERSON: _("In person"),
            ChannelKind.MAIL: _("By mail"),
            ChannelKind.DROP_BOX: _("Drop box"),
            ChannelKind.EMAIL: _("By email"),
            ChannelKind.AUTOMATIC: _("Automatic"),
            ChannelKind.OTHER: _("Another way"),
        }

    def ways(self, channels: Iterable[Channel]) -> str:
        """Return channels in a row, separated by commas."""
        names = [self.channel(channel) for channel in channels]
        return self.join_words(names, self.interface.gettext(", "))

    def payment_methods(self, channel: Channel) -> str:
        """Return what can be paid with: "cash or check"."""
        _ = self.interface.gettext
        words = {
            Tender.CASH: _("cash"),
            Tender.CHECK: _("check"),
            Tender.MONEY_ORDER: _("money order"),
            Tender.CARD: _("card"),
        }
        return self.interface.join_with_or([words[tender] for tender in channel.accepts])

    def operator_kind(self, kind: OperatorKind) -> str:
        """Return the word for the kind of an operator."""
        return self._operator_kinds[kind]

    @cached_property
    def _operator_kinds(self) -> Mapping[OperatorKind, str]:
        _ = self.interface.gettext
        return {
            OperatorKind.CITY: _("part of the city"),
            OperatorKind.COUNTY: _("run by the county"),
            OperatorKind.STATE: _("run by the state"),
            OperatorKind.FEDERAL: _("run by the federal government"),
            OperatorKind.PRIVATE: _("run by a company"),
            OperatorKind.OTHER: _("run by others"),
        }
