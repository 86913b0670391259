"""What docs/hosts/following.md shows is what services.yaml takes."""

import re
from pathlib import Path

from statusgen.content.services import read_services
from statusgen.model.following import FollowKind
from statusgen.wording.interface import available_languages
from tests.support.documentation import code_blocks
from tests.support.paths import DOCS

PAGE = DOCS / "hosts" / "following.md"
SERVICES = """\
site: {title: Springfield, url: 'https://status.springfield.example/', timezone: America/Chicago, languages: [en, es]}
services:
  - {id: water-bill, name: Pay a water bill, channels: [{kind: online}]}
  - {id: permits, name: Permits, channels: [{kind: online}]}
"""


def test_each_example_is_taken_and_each_kind_has_one() -> None:
    first, others = code_blocks(PAGE, "yaml")
    site, _, problems = read_services(SERVICES + first + others, Path(), available_languages())
    assert problems == []
    assert site
    assert {each.kind for each in site.follow} == {*FollowKind}


def test_the_set_up_of_each_kind_is_three_lines() -> None:
    _, others = code_blocks(PAGE, "yaml")
    for entry in re.split(r"(?m)^(?=  #)", others)[1:]:
        assert len(entry.rstrip().split("\n")) == 3, entry
