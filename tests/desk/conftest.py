"""Someone at the desk, whose drafts lie in a folder of the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.office import NOW, POST, Office
from tests.support.web_server import serve_folder
from tests.support.writer import Writer, at_the_desk, make_services


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A town's folder with an open post, in English and Spanish."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOW))
    (tmp_path / "site").mkdir()
    office = Office(tmp_path / "site", POST)
    services = office.folder / "services.yaml"
    services.write_text(services.read_text().replace("site: {", "site: {languages: [en, es], "))
    return office


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    """Someone whose town publishes in a folder that a web server sends to residents."""
    city = tmp_path / "city"
    (city / "incidents").mkdir(parents=True)
    with serve_folder(tmp_path / "main" / "current") as url:
        (city / "services.yaml").write_text(make_services(url, {"main": tmp_path / "main"}), encoding="utf-8")
        with at_the_desk(city) as found:
            yield found
