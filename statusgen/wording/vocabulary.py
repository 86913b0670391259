"""Words for the values of the format, in one language, and ways to put words together.

Each word is a message of the catalog. Words that the city wrote go through `say`, which marks those that are in another
language than the page; in plain text there is nothing to mark.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property

from markupsafe import Markup, escape

from statusgen.content.languages import text_direction
from statusgen.model.posts import Incident, Topic
from statusgen.model.services import Channel, ChannelKind, OperatorKind, Tender
from statusgen.model.states import Kind, State
from statusgen.model.statuses import Status
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.model.words import LocalText, Words
from statusgen.wording.foreign_text import NOTE, drop_second_periods, ends_sentence, foreign_languages, show_signs, span
from statusgen.wording.interface import InterfaceLanguage, protect_phone_numbers
from statusgen.wording.phone_numbers import PhoneLink, find_phone_link
from statusgen.wording.times import Times


class Vocabulary:
    """Puts words in one language, as HTML or, if `plain`, as plain text.

    With `marks`, for a page, what is in another language says so to its readers as well. With `moment`, it writes for
    something that says of which moment it is and which clocks it goes by, and writes times short. All else may be read
    anywhere and at any time, and has them whole.
    """

    def __init__(
        self, site: Site, language: str, plain: bool = False, marks: bool = False, moment: datetime | None = None
    ) -> None:
        self.site, self.language, self.plain, self.marks = site, language, plain, marks
        self.languages = (language, site.fallback_of(language))
        own = next((catalog for catalog in site.catalogs if catalog.language == language), None)
        self.interface = InterfaceLanguage(language, site.zone.key, own, self.languages[1], marks)
        self.times = Times(self.interface, site.zone, moment, plain)

    def format(self, message: str, **parts: str) -> str:
        """Return a translated message with its parts filled in; in HTML, parts that are not safe yet are escaped."""
        message = drop_second_periods(message, parts)
        return message % parts if self.plain else Markup(message) % parts

    def phone_link(self, number: str) -> PhoneLink | None:
        """Return the link to the first number in a text; None if there is none."""
        return find_phone_link(number)

    def say(self, words: Words | None) -> str:
        """Return the city's words in this language, otherwise as they are, with their own `lang` and direction."""
        if words is None:
            return ""
        local = words.in_language(*self.languages)
        text = protect_phone_numbers(local.text, local.language)
        if self.plain:
            return text
        if local.language == self.language:
            return escape(text)
        marked = span(text, local.language)
        return marked + self.language_mark(local.language) if self.marks and ends_sentence(local.text) else marked

    def language_mark(self, language: str) -> Markup:
        """Return the small mark after a sentence that is in another language, with the name of that."""
        return Markup(' <small class="language">{}</small>').format(self.interface.name_language(language))

    def untranslated_note(self) -> str:
        """Return the place where a page says that some of it is not translated; if all of it is, nothing is there."""
        return NOTE

    def finish_page(self, html: str) -> str:
        """Return a page whose signs have become elements, with a note if some of it is in another language."""
        html = show_signs(html, self.language)
        if NOTE not in html:
            return html
        languages = foreign_languages(html, self.language)
        message = self.interface.gettext("What is not translated yet is shown in %(languages)s.")
        words = self.format(message, languages=self.language_names(languages))
        note = show_signs(Markup('<p class="untranslated">{}</p>').format(words), self.language)
        return (html.replace(NOTE, note, 1) if languages else html.replace(f"{NOTE}\n", "")).replace(NOTE, "")

    def say_part(self, words: Words, start: int, end: int | None) -> str:
        """Return a part of the words that `say` returns."""
        local = words.in_language(*self.languages)
        return self.say(Words(((local.language, local.text[start:end]),)))

    def local_text(self, words: Words) -> LocalText:
        """Return the city's words together with the language that they really are in."""
        return words.in_language(*self.languages)

    def direction(self, language: str) -> str:
        """Return `ltr` or `rtl`: in which direction a language is written."""
        return text_direction(language)

    def format_list(self, items: Iterable[str]) -> str:
        """Return a list in words: "a, b and c"; if items have commas of their own: "a; b, with c; d".

        The Arabic word for "and" is written with the next word, so names that have it would run together too.
        """
        words = [str(item) if self.plain else str(escape(item)) for item in items]
        has_comma = len(words) > 1 and any(mark in word for word in words for mark in (",", "،", " و"))
        joined = self.interface.gettext("; ").join(words) if has_comma else self.interface.join_with_and(words)
        return joined if self.plain else Markup(joined)

    def time(self, when: When) -> str:
        """Return a time in words, in HTML with its `datetime`."""
        return self.mark_time(when, self.times.when(when))

    def first_time(self, when: When) -> str:
        """Return a time that a sentence begins with: in some languages, days have no capital letter of their own."""
        words = self.times.when(when)
        return self.mark_time(when, words[:1].upper() + words[1:])

    def bare_month(self, when: When) -> str:
        """Return a month for a sentence that is about months alone, in HTML with its `datetime`."""
        return self.mark_time(when, self.times.bare_month(when))

    def mark_time(self, when: When, words: str) -> str:
        """Return words for a time, in HTML with its `datetime`."""
        if self.plain:
            return words
        return Markup(f'<time datetime="{self.times.datetime_attribute(when)}">{escape(words)}</time>')

    def time_beside(self, when: When, other: When) -> str:
        """Return a time beside another one: its hour alone, if both are on one day and the hour alone is clear."""
        return self.mark_time(when, self.times.beside(when, other))

    def time_of(self, moment: datetime) -> str:
        """Return a moment in words."""
        return self.time(When.moment(moment))

    def dated(self, when: When) -> str:
        """Return a time with its year and zone, which a page says once."""
        return self.mark_time(when, self.times.dated(when))

    def dated_moment(self, moment: datetime) -> str:
        """Return a moment with its year and zone."""
        return self.dated(When.moment(moment))

    def as_sentence(self, words: Words | None) -> str:
        """Return words as a whole sentence, with a period unless they end with a mark of their own."""
        if words is None:
            return ""
        texts = ((language, text if ends_sentence(text) else f"{text}.") for language, text in words.texts)
        return self.say(Words(tuple(texts)))

    def end_sentence(self, words: str) -> str:
        """Return a sentence in this language with its period, unless it ends with a mark of its own.

        "200 N. Holliday St." needs no other period.
        """
        shown = words if self.plain else escape(words).striptags()
        return words if ends_sentence(shown) else self.format("%(words)s.", words=words)

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
        return self.format(self.interface.gettext("%(words)s (as of %(time)s)"), words=words, time=self.time(said_at))

    def language_names(self, codes: Iterable[str]) -> str:
        """Return the names of languages, in this one."""
        return self.format_list(map(self.interface.name_language, codes))

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
            Status.WORKING: _("You can use it as usual."),
            Status.NOT_SAID: _("No problem with it is reported now, and no update says how it is."),
            Status.MAINTENANCE: _("It is closed on purpose, for work that was announced."),
            Status.CATCHING_UP: _("It works again, but there is a backlog. Things may take longer."),
            Status.DIFFERENTLY: _(
                "You can still use it, but not in the usual way. The service's page says what to do."
            ),
            Status.DEGRADED: _("It works for some, or at times. Try again, or use another way."),
            Status.UNKNOWN: _("Something may be wrong. We are finding out."),
            Status.LIMITED: _("Some ways or parts work, and others do not. The service's page says which."),
            Status.PARTLY_DOWN: _("You cannot use it in some ways. Nothing has been said about the others."),
            Status.DOWN: _("You cannot use it now. The service's page says what to do instead."),
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
            State.MONITORING: _("Monitoring the fix"),
            State.RESOLVED: _("Resolved"),
            State.POSTMORTEM: _("Final report"),
            State.SCHEDULED: _("Planned"),
            State.IN_PROGRESS: _("Work in progress"),
            State.VERIFYING: _("Checking the work"),
            State.COMPLETED: _("Work completed"),
            State.CANCELLED: _("Canceled"),
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
        return self.say(channel.name) if channel.name else self.channel_kind(channel.kind)

    def channel_kind(self, kind: ChannelKind) -> str:
        """Return the word for a kind of channel."""
        return self._channel_kinds[kind]

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
            OperatorKind.CITY: _("run by the city"),
            OperatorKind.COUNTY: _("run by the county"),
            OperatorKind.STATE: _("run by the state"),
            OperatorKind.FEDERAL: _("run by the federal government"),
            OperatorKind.PRIVATE: _("run by a company"),
            OperatorKind.OTHER: _("run by another agency"),
        }
