"""`incidents/<id>/incident.json`: an incident, planned work or a notice with all its updates.

Like its page, the document of what is past keeps its bytes from build to build: it has no moment.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Literal

from statusgen import addresses
from statusgen.board.model import spans
from statusgen.board.model.incidents import IncidentStatus
from statusgen.board.model.news import UpdateView
from statusgen.board.model.spans import Phase, Source
from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.model import posts as model_posts
from statusgen.model import reports as model_reports
from statusgen.model import states as model_states
from statusgen.model import statuses as model_statuses
from statusgen.model import words as model_words
from statusgen.outputs.open_data import shapes
from statusgen.outputs.open_data.builder import DocumentBuilder
from statusgen.outputs.open_data.schemas import DocumentType
from statusgen.outputs.open_data.shapes import (
    Address,
    Declared,
    Ids,
    Moment,
    Shape,
    Time,
    VagueTime,
    describe,
    shape,
    shape_of,
)
from statusgen.problems import Place
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import protect_phone_numbers


@shape_of(model_reports.ServiceReport)
class Report(Shape):
    """What an update says of a service, or of one of its channels; null where it says nothing."""

    service: Annotated[str, describe("The id of the service.")]
    service_name: Annotated[str, describe("Its name.")]
    channel: Annotated[str | None, describe("The id of the channel; null where it is the whole service.")]
    channel_name: Annotated[str | None, describe("Its name.")]
    status: Declared
    status_words: Annotated[str | None, describe("The same in words.")]
    since: Annotated[VagueTime | None, describe("When this status began, or the incident where both began at once.")]
    started_before: Declared
    others: Declared
    expected: Annotated[shapes.Estimate | None, describe("When it is expected back.")]
    channels: Annotated[tuple[shapes.Channel, ...], describe("Channels that are set up for a while.")]


@shape_of(model_posts.Correction)
class Correction(Shape):
    """What was wrong in an earlier update."""

    corrects: Annotated[shapes.Source, describe("The update that was wrong.")]
    wrong: Declared
    right: Declared
    others: Declared


@shape_of(model_posts.Update)
class Update(Shape):
    """One dated word about an incident."""

    id: Annotated[str, describe("Its id, unique in the incident and never changed.")]
    time: Annotated[Time, describe("When it was published.")]
    url: Annotated[Address, describe("Its place on the page.")]
    late_for: Annotated[Time | None, describe("The time for which it was promised, if it came later.")]
    title: Annotated[str, describe("All of it in one line.")]
    state: Annotated[model_states.State, describe("How far the incident has come, or what kind of update it is.")]
    state_words: Annotated[str, describe("The same in words.")]
    by: Declared
    text: Annotated[str | None, describe("The text, without markup.")]
    html: Annotated[str | None, describe("The text as safe HTML, with whole addresses.")]
    text_language: Annotated[str | None, describe("The language that the text is really in (BCP 47).")]
    translated_by: Annotated[
        Literal["human", "machine"] | None, describe("Who translated it; null where it is original.")
    ]
    services: Annotated[Ids, describe("The ids of the services that it is about, also where it names none.")]
    reports: Annotated[tuple[Report, ...], describe("What it says of services.")]
    changes: Annotated[tuple[shapes.Change, ...], describe("What it changed, without what other incidents changed.")]
    correction: Annotated[Correction | None, describe("What it corrects.")]
    corrected_by: Annotated[tuple[shapes.Source, ...], describe("The later updates that correct it.")]
    told: Annotated[tuple[shapes.Told, ...], describe("Where it was sent, if the site shows that.", absent=())]
    expected: Annotated[shapes.Estimate | None, describe("When it says that things will be back.")]
    next_update: Declared
    starts: Declared
    ends: Declared
    waivers: Annotated[tuple[shapes.Waiver, ...], describe("The waivers that it speaks of, as they were then.")]
    deadlines: Annotated[tuple[shapes.Deadline, ...], describe("The deadlines that it speaks of, as they were then.")]
    others: Declared


@shape
class Hold(Shape):
    """A stretch during which the incident kept a service or a channel from working as usual; of it alone."""

    service: Annotated[str, describe("The id of the service.")]
    service_name: Annotated[str, describe("Its name.")]
    channel: Annotated[str | None, describe("The id of the channel; null where the service has none.")]
    channel_name: Annotated[str | None, describe("Its name.")]
    status: Annotated[model_statuses.Status, describe("Its status then.")]
    status_words: Annotated[str, describe("The same in words.")]
    begins: Annotated[VagueTime, describe("Since when.", key="from")]
    begins_before: Annotated[bool, describe("Whether it began at an unknown time before `from`.", key="from_before")]
    begins_reported: Annotated[
        bool,
        describe(
            "Whether `from` is only when it was reported: nobody said when it began.", key="from_reported", absent=False
        ),
    ]
    until: Annotated[VagueTime | None, describe("Until when; null where it goes on.")]
    opened_by: Annotated[shapes.Source | None, describe("The update that began it; null where the clock did.")]
    closed_by: Annotated[
        shapes.Source | None, describe("The update that ended it; null where the clock did, or none has.")
    ]


@shape
class IncidentDocument(shapes.Document):
    """An incident, planned work or a notice with all its updates."""

    at: Annotated[Moment | None, describe("The moment at which all of this is true; null where the incident is past.")]
    incident: Annotated[shapes.IncidentFacts, describe("What is true of it.")]
    updates: Annotated[tuple[Update, ...], describe("All that was published of it, the oldest first.")]
    holds: Annotated[tuple[Hold, ...], describe("What it kept from working as usual, and when.")]
    windows: Annotated[tuple[shapes.Window, ...], describe("When planned work took place, and the next time.")]
    estimates: Annotated[tuple[shapes.Estimate, ...], describe("Every estimate that was given, the oldest first.")]
    waivers: Annotated[tuple[shapes.Waiver, ...], describe("Every waiver, with all that was said of it.")]
    deadlines: Annotated[tuple[shapes.Deadline, ...], describe("Every deadline, with all that was said of it.")]


DOCUMENT_TYPE = DocumentType("incident", IncidentDocument)


def schema_files(board: Board, renderer: Renderer) -> Iterator[File]:  # noqa: ARG001 (every output is called alike)
    """Yield the schema of `incident.json`."""
    yield DOCUMENT_TYPE.schema_file(board)


def incident_writer(board: Board, renderer: Renderer) -> Callable[[IncidentStatus], Iterator[File]]:  # noqa: ARG001 (as above)
    """Yield what writes `incident.json` of an incident in every language."""
    builders = [DocumentBuilder(board, language) for language in board.site.languages]

    def files(incident: IncidentStatus) -> Iterator[File]:
        for builder in builders:
            address = addresses.in_language(addresses.incident_data(incident.id), builder.language, board.site)
            document = _document(incident, board.updates_by_incident[incident.id][::-1], builder)
            yield File(address, DOCUMENT_TYPE.serialize(document), Place(incident.incident.place.file))

    return files


def _document(incident: IncidentStatus, views: Sequence[UpdateView], builder: DocumentBuilder) -> IncidentDocument:
    address, page = addresses.incident_data(incident.id), addresses.incident(incident.id)
    past = incident.phase is Phase.PAST
    return IncidentDocument(
        **vars(builder.head(address, page, DOCUMENT_TYPE.schema_address)),
        at=None if past else builder.moment(builder.board.moment),
        incident=builder.incident_facts(incident),
        updates=tuple(_update(view, incident, builder) for view in views),
        holds=tuple(_effect(effect, builder) for effect in incident.effects),
        windows=tuple(builder.window(window) for window in incident.windows),
        estimates=tuple(builder.given_estimate(estimate) for estimate in incident.estimates),
        waivers=tuple(builder.waiver(each.waiver, incident.id) for each in incident.waivers),
        deadlines=tuple(builder.deadline(each.deadline, incident.id) for each in incident.deadlines),
    )


def _update(view: UpdateView, incident: IncidentStatus, builder: DocumentBuilder) -> Update:
    update, phrasing = view.update, builder.phrasing
    source = Source(incident.id, update.id)
    markup = update.text(*builder.phrasing.languages)
    return Update(
        **builder.declared(update, without=("title", "reports", "expected", "waivers", "deadlines")),
        id=update.id,
        time=builder.time(update.time),
        url=builder.source(source).url,
        late_for=builder.time_or_none(view.late_for),
        title=phrasing.news_title(view, builder.board),
        state=update.state,
        state_words=phrasing.state(update.state),
        text=protect_phone_numbers(markup.text, markup.language) if markup else None,
        html=_full_html(markup, builder) if markup else None,
        text_language=markup.language if markup else None,
        translated_by=_translated_by(update, builder.language),
        services=view.services,
        reports=tuple(_report(report, view, source, builder) for report in update.reports),
        changes=tuple(builder.change(change) for change in view.transitions),
        correction=_correction(update.correction, incident, builder) if update.correction else None,
        corrected_by=tuple(
            builder.source(Source(incident.id, later.id)) for later in incident.corrections.get(update.id, ())
        ),
        told=builder.list_told(update),
        expected=(
            builder.estimate(update.expected, update.time, source, update.expected.services, None)
            if update.expected
            else None
        ),
        waivers=tuple(builder.waiver(waiver, incident.id) for waiver in view.waivers),
        deadlines=tuple(builder.deadline(deadline, incident.id) for deadline in view.deadlines),
    )


def _full_html(markup: model_words.Markup, builder: DocumentBuilder) -> str:
    """Return the text with whole links, for anyone who shows it elsewhere."""
    return protect_phone_numbers(
        addresses.resolve_links(markup.html, None, builder.language, builder.site), markup.language
    )


def _translated_by(update: model_posts.Update, language: str) -> Literal["human", "machine"] | None:
    translator = dict(update.translations).get(language)
    return None if translator is None else "machine" if translator == "machine" else "human"


def _report(report: model_reports.ServiceReport, view: UpdateView, source: Source, builder: DocumentBuilder) -> Report:
    service_name, channel_name = builder.names(report.service, report.channel)
    expected, began, said = report.expected, report.began(view.incident.started), view.update.time
    return Report(
        service=report.service,
        service_name=service_name,
        channel=report.channel,
        channel_name=channel_name,
        **builder.declared(report, without=("expected", "channels")),
        status_words=builder.phrasing.status(report.status) if report.status else None,
        since=builder.time_or_none(began) if report.status is not model_statuses.Status.WORKING else None,
        expected=(
            builder.estimate(expected, said, source, (report.service,), report.channel, status=report.status)
            if expected
            else None
        ),
        channels=tuple(builder.channel(channel) for channel in report.channels),
    )


def _correction(correction: model_posts.Correction, incident: IncidentStatus, builder: DocumentBuilder) -> Correction:
    return Correction(
        **builder.declared(correction),
        corrects=builder.source(Source(incident.id, correction.corrects)),
    )


def _effect(effect: spans.Word, builder: DocumentBuilder) -> Hold:
    service, channel = effect.key
    service_name, channel_name = builder.names(service, channel)
    return Hold(
        service=service,
        service_name=service_name,
        channel=channel,
        channel_name=channel_name,
        status=effect.status,
        status_words=builder.phrasing.status(effect.status),
        begins=builder.time(effect.since.when),
        begins_before=effect.since.is_before,
        begins_reported=effect.since.is_report,
        until=builder.time_or_none(builder.phrasing.last_time(effect)),
        opened_by=builder.source_or_none(effect.opened_by),
        closed_by=builder.source_or_none(effect.closed_by),
    )
