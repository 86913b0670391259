"""What a post says now, in the desk's words."""

from collections.abc import Iterator

from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.spans import ChannelKey, Word
from statusgen.content.format.values import parse_time
from statusgen.desk.forms.form import FormContext, way_name
from statusgen.desk.questions import Choice
from statusgen.editor.fact_values import BEFORE
from statusgen.editor.last_words import find_last_words
from statusgen.model.times import When
from statusgen.problems import InvalidValue


def require_post(context: FormContext) -> IncidentStatus:
    """Return the post that a form is about, which forms of new posts do not have."""
    assert context.post
    return context.post


def key_name(context: FormContext, key: ChannelKey) -> str:
    """Return what residents call a service, or a way to use it."""
    service = context.board.site.service_by_id.get(key[0])
    if service is None:
        return "/".join(filter(None, key))
    way = next((channel for channel in service.channels if channel.id == key[1]), None)
    name = context.say(service.name)
    return f"{name}, {way_name(context, way) if way else key[1]}" if key[1] else name


def describe_last_word(context: FormContext, word: Word) -> str:
    """Return how a service stands as the post says it, and when, and by whom, that was last said."""
    said = context.vocabulary.status(word.status)
    if word.said_at is None:
        return said
    updates = require_post(context).updates
    by = next((update.by for update in updates if update.time == word.said_at and update.by), None)
    when = say_time(context, word.said_at)
    _ = context.words.gettext
    if by:
        return _("%(status)s, said %(time)s by %(who)s") % {"status": said, "time": when, "who": context.say(by)}
    return _("%(status)s, said %(time)s") % {"status": said, "time": when}


def say_time(context: FormContext, when: When) -> str:
    """Return a time in the desk's words."""
    return context.words.time(when, context.draft.opened)


def say_written_time(context: FormContext, words: str) -> str:
    """Return a time as posts have it in the desk's words; words that are no time stay as they are."""
    before, time = (words[: len(BEFORE)], words[len(BEFORE) :]) if words.startswith(BEFORE) else ("", words)
    try:
        when = parse_time(time, context.board.site.zone)
    except InvalidValue:
        return words
    said = say_time(context, when)
    return context.words.gettext("before %s") % said if before else said


def list_said(context: FormContext) -> Iterator[Choice]:
    """Yield everything that the post says now: what it is about, and its words."""
    post, _ = require_post(context), context.words.gettext
    for word in find_last_words(post):
        yield Choice("", key_name(context, word.key), describe_last_word(context, word))
    for workaround in post.workarounds:
        about = key_name(context, (workaround.service, workaround.channel))
        for advice in (workaround.do, workaround.where):
            if advice:
                yield Choice("", about, context.words.quote(context.say(advice.words)))
    if post.do:
        yield Choice("", _("What everybody can do"), context.words.quote(context.say(post.do.words)))
    for published in {(each.key, each.estimate.services): each for each in post.estimates}.values():
        yield Choice("", _("When it is expected back"), context.vocabulary.estimate(published.estimate))
    for label, entries in (
        (_("What we know"), post.known),
        (_("What we do not know yet"), post.not_known),
        (_("What is being done about it"), post.doing),
    ):
        for entry in entries:
            yield Choice("", label, context.words.quote(context.say(entry)))
