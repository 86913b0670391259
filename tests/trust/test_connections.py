"""Whom nothing is ever asked of, whatever a name leads to."""

import pytest

from statusgen.trust.connections import is_on_link


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "169.254.170.2", "fe80::1%eth0", "::ffff:169.254.169.254", "fe80::a9fe:a9fe"]
)
def test_the_keys_of_a_cloud_computer_are_not_asked_for(address: str) -> None:
    assert is_on_link(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "10.1.2.3", "127.0.0.1", "::1", "2606:2800::1", "fd00::1"])
def test_sites_of_the_world_of_the_office_and_of_this_computer_are(address: str) -> None:
    assert not is_on_link(address)
