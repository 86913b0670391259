"""How the theme's files mark services, their statuses and the finder's index, so that the audit can read them.

The templates, the style and the script know the marks, too.
"""

from statusgen.board.model.services import Standing
from statusgen.model.statuses import Status

_SERVICE_ID_PREFIX = "service-"
_STATUS_CLASS = "status"
# What stands before and after the JSON in the finder's index.
FINDER_INDEX_START, FINDER_INDEX_END = "globalThis.finderIndex=", ";\n"


def service_element_id(service_id: str) -> str:
    """Return the HTML id of the element with a service on the front page."""
    return f"{_SERVICE_ID_PREFIX}{service_id}"


def status_classes(status: Status) -> str:
    """Return the HTML classes of the element that shows a status."""
    return f"{_STATUS_CLASS} {status.value}"


def standing_classes(standing: Standing) -> str:
    """Return the HTML classes of the element that shows how something stands; what was said long ago looks so."""
    return f"{status_classes(standing.status)} unchecked" if standing.is_stale else status_classes(standing.status)


def tone(standing: Standing) -> str:
    """Return the HTML classes that give a line the color of how something stands."""
    return f"{standing.status.value} unchecked" if standing.is_stale else standing.status.value


def read_service_id(element_id: str) -> str | None:
    """Return the id of the service that an element is about; None if it is not about one."""
    return element_id.removeprefix(_SERVICE_ID_PREFIX) if element_id.startswith(_SERVICE_ID_PREFIX) else None


def read_status(classes: str) -> str | None:
    """Return the status that an element with these classes shows; None if it shows none."""
    names = classes.split()
    return names[1] if len(names) in (2, 3) and names[0] == _STATUS_CLASS else None
