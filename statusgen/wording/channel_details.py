"""What residents read about a channel, key by key, in the order in which every output shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from statusgen.keys import declared_keys
from statusgen.model.services import Channel
from statusgen.model.times import When
from statusgen.model.words import Words
from statusgen.wording.vocabulary import Vocabulary

# How to get there comes first, then when, then what to have ready. A key that the model declares and that is not named
# here comes last, as it is.
_ORDER = ("phone", "url", "address", "hours", "closes", "accepts", "bring", "fee")
# These say which channel it is. Its status says when it opens.
_NOT_DETAILS = ("id", "kind", "name", "opens")
_CLEAR_WITHOUT_LABEL = ("phone", "url", "address", "hours", "accepts")


@dataclass(frozen=True)
class Detail:
    """One detail of a channel: its key, and a phrase that says what it is ("Bring: a photo ID").

    `words` are without such a label where they are clear without it, in a list: a number, an address, the hours.
    """

    key: str
    words: str
    phrase: str

    @property
    def is_clear_without_label(self) -> bool:
        """Whether it is clear without a label: a number, an address, the hours, what can be paid with."""
        return self.key in _CLEAR_WITHOUT_LABEL


# The keys of a channel that are other than usual for a while, each with when that ends, if it is known.
Changed = Iterable[tuple[str, When | None]]


def channel_details(channel: Channel, vocabulary: Vocabulary, changed: Changed = ()) -> tuple[Detail, ...]:
    """Return what residents read about a channel, in order; `changed` are the keys that are so for a while."""
    until = dict(changed)
    declared = [key for key in declared_keys(Channel) if key not in _NOT_DETAILS]
    keys = sorted(declared, key=lambda key: _ORDER.index(key) if key in _ORDER else len(_ORDER))
    details = (_detail(key, channel, vocabulary) for key in keys if getattr(channel, key))
    return tuple(
        _for_now(each, channel, vocabulary, until[each.key]) if each.key in until else each for each in details
    )


def _for_now(detail: Detail, channel: Channel, vocabulary: Vocabulary, until: When | None) -> Detail:
    """Return a detail that is so for a while only, until a time if that is known."""
    _, format = vocabulary.interface.gettext, vocabulary.format
    time = vocabulary.time(until) if until else ""
    if detail.key == "accepts":
        message = _("%(tender)s only until %(time)s") if until else _("%(tender)s only for now")
        only = format(message, tender=vocabulary.payment_methods(channel), time=time)
        return Detail(detail.key, only, _with_label(detail.key, only, vocabulary))
    message = _("%(what)s (until %(time)s)") if until else _("%(what)s (for now)")
    words = format(message, what=detail.words, time=time)
    return Detail(detail.key, words, _with_label(detail.key, words, vocabulary))


def _detail(key: str, channel: Channel, vocabulary: Vocabulary) -> Detail:
    value = getattr(channel, key)
    if isinstance(value, Words):
        words, bare = vocabulary.say(value), vocabulary.phrase(value)
    elif key == "accepts":
        words = bare = vocabulary.payment_methods(channel)
    else:
        words = bare = vocabulary.time(value) if isinstance(value, When) else value
    phrase = _with_label(key, bare, vocabulary)
    return Detail(key, words if key in _CLEAR_WITHOUT_LABEL else phrase, phrase)


def _with_label(key: str, words: str, vocabulary: Vocabulary) -> str:
    _, format = vocabulary.interface.gettext, vocabulary.format
    match key:
        case "hours":
            return format(_("Hours: %(hours)s"), hours=words)
        case "closes":
            return format(_("Until %(time)s"), time=words)
        case "accepts":
            return format(_("You can pay with %(tender)s"), tender=words)
        case "bring":
            return format(_("Bring: %(what)s"), what=words)
        case "fee":
            return format(_("Fee: %(fee)s"), fee=words)
    return words
