"""The forms that a host of git shows on a phone: the choices in their files are the services of the site.

A form is a file for the host (a workflow, a pipeline). The lines between two remarks in it are made from services.yaml;
all others are anybody's to change.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass

from statusgen.model.services import Channel, ChannelKind, Group, Service
from statusgen.model.whole_site import Site

FILES = {".github/workflows/post.yml": 200, ".gitlab-ci.yml": 49}
"""The files, with how many services each can offer.

GitLab refuses a pipeline with more than 50 choices in a field; GitHub takes more than anybody looks through on a phone.
"""
NOT_SAID = "(not said)"
"""The first of the choices, so that none is made for anybody."""

_CHOICES = re.compile(
    r"^(?P<indent> *)# The services of services\.yaml; to renew them: statusgen forms\n"
    r"(?P<lines>(?:.*\n)*?)"
    r" *# Until here\.$",
    re.MULTILINE,
)
_OPTION = re.compile(r' *- (".*") *')


@dataclass(frozen=True)
class Comparison:
    """How the choices of a form differ from the services: on which line they begin, and which names are in one only."""

    line: int
    missing: tuple[str, ...]
    outdated: tuple[str, ...]


def name_choices(site: Site) -> dict[str, str]:
    """Return what the forms offer, with what a writer's command calls it: many services at once, and each one."""
    groups = [group for group in site.groups if any(service.group == group.id for service in site.services)]
    kinds = Counter(kind for service in site.services for kind in dict.fromkeys(way.kind for way in service.channels))
    del kinds[ChannelKind.OTHER]  # of which nobody knows what it is
    shared = [kind.value for kind, number in kinds.items() if number > 1]
    names = {f"all/{kind}": f"All services: {kind.replace('_', ' ')}" for kind in shared}
    names |= {f"group/{group.id}": f"All of: {_name(group)}" for group in groups}
    names |= {
        key: name
        for service in site.services
        for key, name in (
            (service.id, _name(service)),
            *((f"{service.id}/{way.id}", f"{_name(service)}: {_name(way)}") for way in service.channels),
        )
    }
    count = Counter([NOT_SAID, *names.values()])
    return {name if count[name] == 1 else f"{name} ({key})": key for key, name in names.items()}


def list_choices(site: Site, file: str) -> list[str]:
    """Return the names that a form offers: the first of these that it can take.

    Everything; without what names many services at once; without the ways to use a service; each service alone; and
    else what names many services at once, so that the rest has to be typed.
    """
    names, limit = name_choices(site), FILES[file]
    ways = {name for name, key in names.items() if "/" in key and key.partition("/")[0] in site.service_by_id}
    many = {name for name, key in names.items() if "/" in key and name not in ways}
    for left_out in (set(), many, ways, many | ways):
        if len(names) - len(left_out) <= limit:
            return [name for name in names if name not in left_out]
    return [name for name in names if name in many][:limit]


def _name(named: Group | Service | Channel) -> str:
    """Return a name in the first language, without what the hosts would take for an expression of theirs."""
    name = named.name.texts[0][1] if named.name else named.id
    return " ".join(name.split()).replace("${{", "$ {{").replace("$[[", "$ [[")


def has_choices(text: str) -> bool:
    """Return whether a file has a place for the services."""
    return bool(_CHOICES.search(text))


def fill_choices(text: str, site: Site, file: str) -> str:
    """Return a form, whose file has this name, with the services of the site as its choices."""

    def fill(found: re.Match[str]) -> str:
        # A text of JSON is always one of YAML as well.
        options = (f"{found['indent']}- {json.dumps(name, ensure_ascii=False)}\n" for name in list_choices(site, file))
        before, after = found[0].split("\n", 1)[0], found[0].rsplit("\n", 1)[1]
        return f"{before}\n{''.join(options)}{after}"

    return _CHOICES.sub(fill, text)


def empty_choices(text: str) -> str:
    """Return a form without its choices, as it is before the services are filled in."""
    return _CHOICES.sub(lambda found: found[0].replace(found["lines"], "", 1) if found["lines"] else found[0], text)


def has_own_lines(text: str, site: Site, file: str) -> bool:
    """Return whether there is a line among the choices of a form that is not made from the services of the site.

    Services that were added since the choices were made are no difference.
    """
    found, filled = (_CHOICES.finditer(each) for each in (text, fill_choices(text, site, file)))
    for mine, made in zip(found, filled, strict=True):
        lines = iter(made["lines"].splitlines())
        if not all(line in lines for line in mine["lines"].splitlines()):  # in the same order
            return True
    return False


def compare_choices(text: str, site: Site, file: str) -> Comparison | None:
    """Return how the choices of a form, whose file has this name, differ from the services; None if they do not."""
    found = _CHOICES.search(text)
    if found is None or fill_choices(text, site, file) == text:
        return None
    options = [match[1] for line in found["lines"].splitlines() if (match := _OPTION.fullmatch(line))]
    wanted = {json.dumps(name, ensure_ascii=False): None for name in list_choices(site, file)}
    return Comparison(
        text.count("\n", 0, found.start()) + 1,
        tuple(name for name in wanted if name not in options),
        tuple(option for option in options if option not in wanted),
    )
