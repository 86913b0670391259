"""Every fact of the Board as one JSON document."""

import json
from datetime import datetime
from typing import Any

from statusgen.languages.speech import Speech
from statusgen.model import Estimate, When
from statusgen.status.standing import Board, IncidentStanding, Promise, ServiceStanding, WaiverStanding

VERSION = 1


def as_json(board: Board) -> str:
    """Every fact of the Board, in the city's first language, as one JSON document; times are RFC 3339 or dates."""
    return json.dumps(document(board), ensure_ascii=False, indent=2)


def document(board: Board) -> dict[str, Any]:
    """The document that `as_json` writes; `version` changes when a key changes its meaning."""
    facts = board.headline
    speech = Speech(board.site, board.site.languages[0], plain=True)
    return {
        "version": VERSION,
        "title": speech.say(board.site.title),
        "url": board.site.url,
        "demonstration": board.site.demonstration is not None,
        "at": _moment(board.moment, board),
        "next_change": _moment(board.next_change, board) if board.next_change else None,
        "sentence": " ".join(speech.headline(board)),
        "day": facts.day,
        "problems": facts.problems,
        "total": facts.total,
        "stale": facts.stale,
        "checked": _when(facts.checked, speech),
        "next_update": _promise(facts.promise, speech),
        "services": [_service_document(standing, speech) for standing in board.services],
        "incidents": [_incident_document(standing, speech) for standing in board.incidents],
        "deadlines": [
            {
                "id": standing.deadline.id,
                "on": _when(standing.deadline.on, speech),
                "what": speech.say(standing.deadline.what),
                "services": list(standing.deadline.services),
                "incident": standing.incident,
            }
            for standing in board.deadlines
        ],
        "waivers": [_waiver(standing, speech) for standing in board.waivers],
        "changed": [
            {
                "service": change.service,
                "channel": change.channel,
                "before": change.before.value,
                "after": change.after.value,
                "at": _when(change.published, speech),
            }
            for change in board.changed
        ],
    }


def _service_document(standing: ServiceStanding, speech: Speech) -> dict[str, Any]:
    return {
        "id": standing.id,
        "name": speech.say(standing.service.name),
        "group": standing.service.group,
        "code": standing.service.code,
        "operator": standing.service.operator.id if standing.service.operator else None,
        "essential": standing.service.essential,
        "status": standing.status.value,
        "since": _when(standing.since.when, speech) if standing.since else None,
        "since_before": bool(standing.since and standing.since.before),
        "day": standing.day,
        "do": [speech.say(advice.do) for advice in standing.advice if advice.do],
        "where": [speech.say(advice.where) for advice in standing.advice if advice.where],
        "channels": [
            {
                "id": way.channel.id,
                "kind": way.channel.kind.value,
                "name": speech.channel(way.channel),
                "status": way.status.value,
                "temporary": way.temporary,
            }
            for way in standing.channels
        ],
        "expected": [
            {"said": _when(said.said, speech), **_estimate(said.estimate, speech)} for said in standing.estimates
        ],
        "next_update": _promise(standing.promise, speech),
        "waivers": [waiver.waiver.id for waiver in standing.waivers],
        "incidents": list(standing.incidents),
        "checked": _when(standing.confirmed, speech),
        "stale": standing.stale,
        "restored": _when(standing.restored, speech),
    }


def _incident_document(standing: IncidentStanding, speech: Speech) -> dict[str, Any]:
    return {
        "id": standing.id,
        "kind": standing.incident.kind.value,
        "topic": standing.incident.topic.value if standing.incident.topic else None,
        "title": speech.say(standing.incident.title),
        "state": standing.state.value,
        "phase": standing.phase.value,
        "started": _when(standing.incident.started, speech),
        "ended": _when(standing.ended, speech),
        "updates": len(standing.updates),
        "last_update": _when(standing.last.time, speech),
        "next_update": _promise(standing.promise, speech),
        "known": [speech.say(words) for words in standing.known],
        "not_known": [speech.say(words) for words in standing.not_known],
        "doing": [speech.say(words) for words in standing.doing],
    }


def _waiver(standing: WaiverStanding, speech: Speech) -> dict[str, Any]:
    waiver = standing.waiver
    return {
        "id": waiver.id,
        "what": speech.say(waiver.what),
        "by": speech.say(waiver.by) or None,
        "services": list(waiver.services),
        "from": _when(waiver.begins, speech),
        "until": _when(waiver.until, speech) or speech.say(waiver.until_words) or None,
        "how": speech.say(waiver.how) or None,
        "phase": standing.phase.value,
        "incident": standing.incident,
    }


def _estimate(estimate: Estimate, speech: Speech) -> dict[str, Any]:
    return {
        "unknown": estimate.unknown,
        "not_before": _when(estimate.not_before, speech),
        "by": _when(estimate.by, speech),
        "words": speech.say(estimate.words) or None,
        "basis": speech.say(estimate.basis) or None,
    }


def _promise(promise: Promise | None, speech: Speech) -> dict[str, Any] | None:
    return {"by": _when(promise.due, speech), "overdue": promise.overdue} if promise else None


def _when(when: When | None, speech: Speech) -> str | None:
    return speech.times.machine(when) if when else None


def _moment(moment: datetime, board: Board) -> str:
    return moment.astimezone(board.site.zone).isoformat(timespec="seconds")
