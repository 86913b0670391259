"""The JSON documents that a site publishes, and the formats that their schemas name."""

import json
from datetime import datetime
from typing import Any

from jsonschema import FormatChecker

from statusgen.board.model.whole_board import Board
from statusgen.files import File
from statusgen.outputs.open_data import history, incidents, status
from statusgen.theme.renderer import Renderer
from tests.support.paths import ROOT

RENDERER = Renderer(ROOT)
FORMATS = FormatChecker(["date"])


def json_documents(now: Board) -> dict[str, Any]:
    """Return every JSON document of a Board, by its path."""
    files = [
        *status.files(now, RENDERER),
        *incidents.schema_files(now, RENDERER),
        *history.files(now, RENDERER),
        *incident_files(now),
    ]
    return {file.path: json.loads(file.content) for file in files}


def incident_files(now: Board) -> list[File]:
    write = incidents.incident_writer(now, RENDERER)
    return [file for standing in now.incidents for file in write(standing)]


@FORMATS.checks("date-time")
def is_moment(value: object) -> bool:
    """Check RFC 3339, section 5.6: complete, and with its offset. (jsonschema needs another package for this.)"""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return not isinstance(value, str)
    return moment.tzinfo is not None and len(str(value)) == len("2024-05-15T16:00:00-05:00")
