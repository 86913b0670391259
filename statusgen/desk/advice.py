"""Advice in the desk's words: people there know neither the keys of a post nor the commands that lint speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass

from statusgen.desk.words import DeskWords


@dataclass(frozen=True)
class DeskAdvice:
    """What a rule of advice says at the desk, and the names of the fields where it can be answered, the best first."""

    words: str
    fields: tuple[str, ...] = ()


def advice_by_rule(words: DeskWords) -> Mapping[str, DeskAdvice]:
    """Return what the rules say that are about a post; those that are about the whole site are not for a form."""
    parts = (_advise_on_updates, _advise_on_services, _advise_on_dates, _advise_on_words)
    return {rule: advice for part in parts for rule, advice in part(words).items()}


def _advise_on_updates(words: DeskWords) -> Mapping[str, DeskAdvice]:
    _ = words.gettext
    return {
        "no-promise": DeskAdvice(_("Nothing says when the next update is due. Promise a time."), ("next-own",)),
        "overdue": DeskAdvice(_("The promised update has not come yet. Promise another time."), ("next-own",)),
        "quiet": DeskAdvice(_("Nobody has written here for a long time. Say what is still true."), ("text",)),
        "not-known": DeskAdvice(_("Say what is not known yet: that stops guessing."), ("not_known",)),
        "no-service": DeskAdvice(_("No service is named, so the page says nothing about any."), ("status",)),
        "no-text": DeskAdvice(_("There is a headline and no text."), ("text",)),
        "unanswered": DeskAdvice(
            _("Something that was not known is no longer listed, and nothing answers it."), ("not_known", "text")
        ),
        "bare-estimate": DeskAdvice(
            _("People take a date alone as a promise. Say who estimates it, or that it is not before then."),
            ("basis", "expected"),
        ),
        "late-estimate": DeskAdvice(_("The time has passed at which it was expected back."), ("expected",)),
        "nothing-to-do": DeskAdvice(
            _("Something does not work, and nothing says what people can do instead."), ("do", "status")
        ),
        "lapsed": DeskAdvice(
            _("Something got better, so what people could do there is no longer shown."), ("keep", "do")
        ),
        "old-do": DeskAdvice(_("What people can do was said before this got worse. Is it still true?"), ("do",)),
        "long-do": DeskAdvice(_("What people can do is too long for one line at the top of the page."), ("do",)),
        "endless-day": DeskAdvice(
            _("What people can do names a day, and would still be shown after that day."), ("do",)
        ),
    }


def _advise_on_services(words: DeskWords) -> Mapping[str, DeskAdvice]:
    _ = words.gettext
    return {
        "two-answers": DeskAdvice(_("Two posts give people different advice about one service."), ("do",)),
        "workaround-over": DeskAdvice(
            _("A way or a waiver that was set up for this has ended before it did."), ("do",)
        ),
        "two-statuses": DeskAdvice(
            _("One open post says that a service works, and another that it does not."), ("status",)
        ),
        "takes-back": DeskAdvice(
            _("What you say about a whole service replaces what was said of one way to use it."), ("status",)
        ),
        "empty-others": DeskAdvice(
            _("What you say about all other services applies to none: something was already said about each."),
            ("others",),
        ),
        "held-twice": DeskAdvice(
            _("Another open post affects the same service: it shows as working once both are over."), ("status",)
        ),
        "still-wrong": DeskAdvice(_("The page still says what this correction calls wrong."), ("said",)),
        "unconfirmed-end": DeskAdvice(
            _("This says that something works that nobody has mentioned for a long time."), ("status",)
        ),
    }


def _advise_on_dates(words: DeskWords) -> Mapping[str, DeskAdvice]:
    _ = words.gettext
    return {
        "endless-notice": DeskAdvice(_("Nobody knows when this ends. Give it an end."), ("ends",)),
        "reopened": DeskAdvice(_("This was over already. A new problem should have a post of its own.")),
        "endless-waiver": DeskAdvice(_("A waiver has no last day. People do not know when a fee is due again.")),
        "same-waiver": DeskAdvice(_("Two waivers say the same.")),
        "not-yet": DeskAdvice(_("This is dated ahead of this computer's clock. Is the clock right?")),
        "no-accepts": DeskAdvice(_("A counter takes payments, and nothing says how people can pay there.")),
        "no-autopay": DeskAdvice(
            _("Nothing is said to people on automatic payment: they will ask."), ("status", "text")
        ),
    }


def _advise_on_words(words: DeskWords) -> Mapping[str, DeskAdvice]:
    _ = words.gettext
    return {
        "untranslated": DeskAdvice(
            _("It is not all in every language. Once it is published, the first screen has “Translate”.")
        ),
        "outdated": DeskAdvice(_("The original was changed after it was translated.")),
        "empty-words": DeskAdvice(
            _("Some words sound like an answer but are not one. Say what people can count on."), ("text",)
        ),
        "long-sentence": DeskAdvice(_("A sentence is too long to follow. Make two of it."), ("text",)),
        "hard-words": DeskAdvice(_("The text is hard to read. Use shorter words."), ("text",)),
        "private-address": DeskAdvice(
            _("It names a machine inside the network. That helps nobody but attackers."), ("text",)
        ),
        "personal-mail": DeskAdvice(_("It gives someone's own mail address. Use the office's."), ("text",)),
        "malware-name": DeskAdvice(_("It names the attackers or their tools. Leave that to the police."), ("text",)),
        "suspect-name": DeskAdvice(_("It names a suspect, who may be innocent."), ("text",)),
        "foreign-letters": DeskAdvice(
            _("The name of a site has letters that look like others. It may be someone else's."), ("text",)
        ),
    }
