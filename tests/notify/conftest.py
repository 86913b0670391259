"""A town that tells people of updates, and the mail server that it tells them by."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mail_server import MailServer, agree, mail_server
from tests.support.notifying import LIST, NotifyingTown


@pytest.fixture(scope="package")
def running_mail_server() -> Iterator[MailServer]:
    """A mail server for all tests."""
    with mail_server() as server:
        yield server


@pytest.fixture
def post_office(running_mail_server: MailServer) -> MailServer:
    """The mail server, as if it had just begun."""
    running_mail_server.mails.clear()
    running_mail_server.raw.clear()
    running_mail_server.on_recipient = agree
    running_mail_server.before_taking = agree
    running_mail_server.after_taking = agree
    return running_mail_server


@pytest.fixture
def town(tmp_path: Path, post_office: MailServer) -> NotifyingTown:
    """A town with one list."""
    town = NotifyingTown(tmp_path / "town", {"STATUSGEN_SMTP": post_office.address})
    town.set_up(LIST)
    return town
