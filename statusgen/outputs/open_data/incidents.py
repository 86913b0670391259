"""`incidents/<id>/incident.json`: an incident, planned work or a notice with all its updates.

Like its page, the document of what is past keeps its bytes from build to build: it has no moment.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Literal

from statusgen import addresses, model
from statusgen.errors import Place
from statusgen.files import File
from statusgen.languages.interface import keep_phones
from statusgen.outputs.open_data import shapes
from statusgen.outputs.open_data.schemas import Form
from statusgen.outputs.open_data.shapes import Address, Ids, Moment, Shape, Time, means, shape
from statusgen.outputs.open_data.wording import Wording
from statusgen.status import standing as standings
from statusgen.status.standing import Board, IncidentStanding, Phase, Post, Source
from statusgen.theme.look import Look


@shape
class Report(Shape):
    """What an update says of a service, or of one of its channels; null where it says nothing."""

    service: Annotated[str, means("The id of the service.")]
    service_name: Annotated[str, means("Its name.")]
    channel: Annotated[str | None, means("The id of the channel; null where it is the whole service.")]
    channel_name: Annotated[str | None, means("Its name.")]
    status: Annotated[model.Status | None, means("How it stands.")]
    status_words: Annotated[str | None, means("The same in words.")]
    started_before: Annotated[Time | None, means("A time before which it began to stand so.")]
    do: Annotated[str | None, means("What to do meanwhile.")]
    where: Annotated[str | None, means("Where to go instead.")]
    expected: Annotated[shapes.Estimate | None, means("When it is expected back.")]
    channels: Annotated[tuple[shapes.Channel, ...], means("Channels that are set up for a while.")]


@shape
class Correction(Shape):
    """What was wrong in an earlier update."""

    corrects: Annotated[shapes.Source, means("The update that was wrong.")]
    wrong: Annotated[str | None, means("What was wrong in it.")]
    right: Annotated[str | None, means("What is right.")]


@shape
class Update(Shape):
    """One dated word about an incident."""

    id: Annotated[str, means("Its id, unique in the incident and never changed.")]
    time: Annotated[Time, means("When it was published.")]
    url: Annotated[Address, means("Its place on the page.")]
    title: Annotated[str, means("All of it in one line.")]
    state: Annotated[model.State, means("How far the incident has come, or what kind of word it is.")]
    state_words: Annotated[str, means("The same in words.")]
    said_by: Annotated[str | None, means("Who said it, where it is a statement.", key="by")]
    text: Annotated[str | None, means("The text, without markup.")]
    html: Annotated[str | None, means("The text as safe HTML, with whole addresses.")]
    text_language: Annotated[str | None, means("The language that the text is really in (BCP 47).")]
    translated_by: Annotated[Literal["human", "machine"] | None, means("Who translated it; null where it is original.")]
    services: Annotated[Ids, means("The ids of the services that it is about, also where it names none.")]
    reports: Annotated[tuple[Report, ...], means("What it says of services.")]
    changes: Annotated[tuple[shapes.Change, ...], means("What it changed, whatever other incidents were doing.")]
    correction: Annotated[Correction | None, means("What it corrects.")]
    corrected_by: Annotated[tuple[shapes.Source, ...], means("The later updates that correct it.")]
    expected: Annotated[shapes.Estimate | None, means("When it says that things will be back.")]
    next_update: Annotated[Time | None, means("When it promises the next word.")]
    starts: Annotated[Time | None, means("When it says that planned work begins.")]
    ends: Annotated[Time | None, means("When it says that planned work, or a notice, ends.")]
    waivers: Annotated[tuple[shapes.Waiver, ...], means("The waivers that it speaks of, as they stood then.")]
    deadlines: Annotated[tuple[shapes.Deadline, ...], means("The deadlines that it speaks of, as they stood then.")]
    known: Annotated[Ids, means("What it says is known.")]
    not_known: Annotated[Ids, means("What it says is not known.")]
    doing: Annotated[Ids, means("What it says is being done.")]
    unrelated_to: Annotated[Ids, means("The ids of incidents that it says have nothing to do with this one.")]


@shape
class Hold(Shape):
    """A stretch during which the incident kept a service or a channel from working as usual, whatever others did."""

    service: Annotated[str, means("The id of the service.")]
    service_name: Annotated[str, means("Its name.")]
    channel: Annotated[str | None, means("The id of the channel; null where the service has none.")]
    channel_name: Annotated[str | None, means("Its name.")]
    status: Annotated[model.Status, means("How it stood.")]
    status_words: Annotated[str, means("The same in words.")]
    begins: Annotated[Time, means("Since when.", key="from")]
    begins_before: Annotated[bool, means("Whether it began at an unknown time before `from`.", key="from_before")]
    until: Annotated[Time | None, means("Until when; null where it goes on.")]
    opened_by: Annotated[shapes.Source | None, means("The update that began it; null where the clock did.")]
    closed_by: Annotated[
        shapes.Source | None, means("The update that ended it; null where the clock did, or none has.")
    ]


@shape
class IncidentDocument(shapes.Document):
    """An incident, planned work or a notice with all its updates."""

    at: Annotated[Moment | None, means("The moment at which all of this is true; null where the incident is past.")]
    incident: Annotated[shapes.IncidentFacts, means("What is true of it.")]
    updates: Annotated[tuple[Update, ...], means("All that was published of it, the oldest first.")]
    holds: Annotated[tuple[Hold, ...], means("What it kept from working as usual, and when.")]
    windows: Annotated[tuple[shapes.Window, ...], means("When planned work took place, and the next time.")]
    estimates: Annotated[tuple[shapes.Estimate, ...], means("Every estimate that was given, the oldest first.")]
    waivers: Annotated[tuple[shapes.Waiver, ...], means("Every waiver, with all that was said of it.")]
    deadlines: Annotated[tuple[shapes.Deadline, ...], means("Every deadline, with all that was said of it.")]


FORM = Form("incident", IncidentDocument)


def schema(board: Board, look: Look) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """The schema of `incident.json`."""
    yield FORM.schema(board)


def of_incident(board: Board, look: Look) -> Callable[[IncidentStanding], Iterator[File]]:  # noqa: ARG001
    """What writes `incident.json` of an incident in every language."""
    wordings = [Wording(board, language) for language in board.site.languages]

    def files(standing: IncidentStanding) -> Iterator[File]:
        for wording in wordings:
            address = addresses.in_language(addresses.incident_data(standing.id), wording.language, board.site)
            document = _document(standing, board.posts_of[standing.id][::-1], wording)
            yield File(address, FORM.written(document), Place(standing.incident.place.file))

    return files


def _document(standing: IncidentStanding, posts: Sequence[Post], wording: Wording) -> IncidentDocument:
    address, page = addresses.incident_data(standing.id), addresses.incident(standing.id)
    past = standing.phase is Phase.PAST
    return IncidentDocument(
        **vars(wording.head(address, page, FORM.address)),
        at=None if past else wording.moment(wording.board.moment),
        incident=wording.incident_facts(standing),
        updates=tuple(_update(post, standing, wording) for post in posts),
        holds=tuple(_hold(hold, wording) for hold in standing.holds),
        windows=tuple(wording.window(window) for window in standing.windows),
        estimates=tuple(wording.said_estimate(said) for said in standing.estimates),
        waivers=tuple(wording.waiver(each.waiver, standing.id) for each in standing.waivers),
        deadlines=tuple(wording.deadline(each.deadline, standing.id) for each in standing.deadlines),
    )


def _update(post: Post, standing: IncidentStanding, wording: Wording) -> Update:
    update, speech = post.update, wording.speech
    source = Source(standing.id, update.id)
    markup = update.text(wording.language)
    return Update(
        id=update.id,
        time=wording.time(update.time),
        url=wording.source(source).url,
        title=speech.post_title(post, wording.board),
        state=update.state,
        state_words=speech.state(update.state),
        said_by=wording.said(update.by),
        text=keep_phones(markup.text, markup.language) if markup else None,
        html=_html(markup, wording) if markup else None,
        text_language=markup.language if markup else None,
        translated_by=_translator(update, wording.language),
        services=post.services,
        reports=tuple(_report(report, update, source, wording) for report in update.reports),
        changes=tuple(wording.change(change) for change in post.transitions),
        correction=_correction(update.correction, standing, wording) if update.correction else None,
        corrected_by=tuple(
            wording.source(Source(standing.id, later.id)) for later in standing.corrections.get(update.id, ())
        ),
        expected=(
            wording.estimate(update.expected, update.time, source, update.expected.services, None)
            if update.expected
            else None
        ),
        next_update=wording.time_if(update.next_update),
        starts=wording.time_if(update.starts),
        ends=wording.time_if(update.ends),
        waivers=tuple(wording.waiver(waiver, standing.id) for waiver in post.waivers),
        deadlines=tuple(wording.deadline(deadline, standing.id) for deadline in post.deadlines),
        known=wording.all_said(update.known),
        not_known=wording.all_said(update.not_known),
        doing=wording.all_said(update.doing),
        unrelated_to=update.unrelated_to,
    )


def _html(markup: model.Markup, wording: Wording) -> str:
    """The text with whole links, for whoever shows it elsewhere."""
    return keep_phones(addresses.resolve(markup.html, None, wording.language, wording.site), markup.language)


def _translator(update: model.Update, language: str) -> Literal["human", "machine"] | None:
    made = dict(update.translations).get(language)
    return None if made is None else "machine" if made == "machine" else "human"


def _report(report: model.Report, update: model.Update, source: Source, wording: Wording) -> Report:
    service_name, channel_name = wording.names(report.service, report.channel)
    expected = report.expected
    return Report(
        service=report.service,
        service_name=service_name,
        channel=report.channel,
        channel_name=channel_name,
        status=report.status,
        status_words=wording.speech.status(report.status) if report.status else None,
        started_before=wording.time_if(report.started_before),
        do=wording.said(report.do),
        where=wording.said(report.where),
        expected=(
            wording.estimate(expected, update.time, source, (report.service,), report.channel) if expected else None
        ),
        channels=tuple(wording.channel(channel) for channel in report.channels),
    )


def _correction(correction: model.Correction, standing: IncidentStanding, wording: Wording) -> Correction:
    return Correction(
        corrects=wording.source(Source(standing.id, correction.corrects)),
        wrong=wording.said(correction.wrong),
        right=wording.said(correction.right),
    )


def _hold(hold: standings.Hold, wording: Wording) -> Hold:
    service, channel = hold.cell
    service_name, channel_name = wording.names(service, channel)
    return Hold(
        service=service,
        service_name=service_name,
        channel=channel,
        channel_name=channel_name,
        status=hold.status,
        status_words=wording.speech.status(hold.status),
        begins=wording.time(hold.since.when),
        begins_before=hold.since.before,
        until=wording.time_if(hold.until),
        opened_by=wording.source_if(hold.opened_by),
        closed_by=wording.source_if(hold.closed_by),
    )
