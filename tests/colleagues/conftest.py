"""A server and two laptops, of people without settings of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.two_laptops import Laptop, Server, home


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path) -> Iterator[Path]:
    """The home of the person at the keyboard."""
    with home(tmp_path / "home") as folder:
        yield folder


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """A server with the site."""
    return Server(tmp_path)


@pytest.fixture
def ann(server: Server) -> Laptop:
    """The laptop of one of them."""
    return server.laptop("Ann")


@pytest.fixture
def ben(server: Server) -> Laptop:
    """The laptop of the other."""
    return server.laptop("Ben")
