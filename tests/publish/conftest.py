"""The stores that the tests of publishing share."""

import os
from collections.abc import Callable, Iterator

import pytest

from tests.support.stores import Bucket, run_azurite, run_seaweed

Make = Callable[[], Bucket]
_OF_STORES = ("AWS_", "AZURE_", "GOOGLE_")


@pytest.fixture(autouse=True)
def _no_keys() -> Iterator[None]:
    """Begin without the keys of the person who runs the tests, and forget those of the test."""
    before = {name: value for name, value in os.environ.items() if name.startswith(_OF_STORES)}
    for name in before:
        del os.environ[name]
    yield
    for name in [name for name in os.environ if name.startswith(_OF_STORES)]:
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(scope="session")
def seaweed() -> Iterator[Make]:
    """SeaweedFS, started once for each test process."""
    with run_seaweed() as make:
        yield make


@pytest.fixture(scope="session")
def azurite() -> Iterator[Make]:
    """Azurite, started once for each test process."""
    with run_azurite() as make:
        yield make


@pytest.fixture
def bucket(seaweed: Make) -> Bucket:
    """An empty bucket."""
    return seaweed()


@pytest.fixture(params=["seaweed", "azurite"])
def any_bucket(request: pytest.FixtureRequest) -> Bucket:
    """An empty bucket of either kind."""
    make: Make = request.getfixturevalue(request.param)
    return make()
