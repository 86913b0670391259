"""Finds mistakes between files that are sound one by one."""

import re
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import unquote

from statusgen.addresses import OwnAddresses
from statusgen.content.posts.comments import describe_note, find_note
from statusgen.content.services import SERVICES_FILE
from statusgen.english import English
from statusgen.lint.old_addresses import find_old_address_clashes
from statusgen.lint.private import find_secrets
from statusgen.lint.registry import SILENCEABLE_NAMES, Silence
from statusgen.lint.rule import words_in
from statusgen.model.whole_site import Image, Site
from statusgen.problems import Place, Problem
from statusgen.speed.cache import Cache
from statusgen.text import did_you_mean

# What the starters leave to be changed: their marks, and numbers and addresses that nobody has (RFC 2606).
_CHANGE_MARK = re.compile(r"#\s*CHANGE\b")
_STARTER_NOTE = re.compile(r"^# \d\. .*\bCHANGE\b", re.MULTILINE)
_INVENTED = re.compile(r"\b555-01\d\d\b|https?://(?:[\w-]+\.)*example\.org/[\w/-]*")
# A link to a post in the HTML of a text.
_POST_LINK = re.compile(r'href="site:incidents/([^/"]+)/')


def find_mistakes(
    site: Site, texts: Mapping[str, str], known: Collection[Problem] = (), cache: Cache | None = None
) -> Iterator[Problem]:
    """Yield mistakes between files, and secrets; `texts` has every file as it was written.

    A password in an address that is among the `known` mistakes already is not named again. Texts without secrets are
    kept in the cache.
    """
    yield from _find_unknown_silenced_names(site, texts)
    yield from find_secrets(texts, Silence(site, texts).covers, site, known, cache)
    yield from _find_notes_in_facts(site, texts)
    yield from _find_links_to_drafts(site)
    yield from _find_links_to_later_posts(site)
    yield from _find_links_to_no_page(site, texts)
    yield from _find_image_name_clashes(site)
    yield from find_old_address_clashes(site)
    yield from _find_starter_marks(site, texts)


def _find_starter_marks(site: Site, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what the starter made up and nobody has changed, once the site is no demonstration anymore."""
    if site.demonstration:
        return
    for number, line in enumerate(texts.get(SERVICES_FILE, "").split("\n"), 1):
        place = Place(SERVICES_FILE, number)
        if _CHANGE_MARK.search(line):
            what = "This line is still marked CHANGE: residents may read what the starter made up."
            yield Problem(place, what, "Write what is true and delete the mark, or put demonstration: back.")
        elif (found := _INVENTED.search(line)) and _is_marked_starter(texts):
            what = f'"{found[0]}" is what the starter made up.'
            yield Problem(place, what, "Write what is true, or delete it, or put demonstration: back.")


def _is_marked_starter(texts: Mapping[str, str]) -> bool:
    return bool(_STARTER_NOTE.search(texts.get(SERVICES_FILE, "")))


def _find_notes_in_facts(site: Site, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield notes to colleagues in titles and facts; those in texts are found where those are read."""
    written = words_in((site.services, site.incidents))
    notes = {note[:30] for words in written for _, text in words.texts if (note := find_note(text))}
    for file, content in texts.items() if notes else ():
        for number, line in enumerate(content.split("\n"), 1):
            if (note := find_note(line)) and note.startswith(tuple(notes)):
                yield Problem(Place(file, number), *describe_note(note))


def _find_links_to_later_posts(site: Site) -> Iterator[Problem]:
    """Yield links to posts that are published later than the link, which would be broken until then."""
    published = {incident.id: incident.updates[0].time.start for incident in site.incidents}
    for incident in site.incidents:
        for update in incident.updates:
            for id in sorted({id for text in update.texts for id in _POST_LINK.findall(text.html)}):
                if id in published and published[id] > update.time.start:
                    what = English('This update links to "%(id)s", which is published later.', id=id)
                    yield Problem(update.place, what, English("Put the link in a later update."))


def _find_links_to_drafts(site: Site) -> Iterator[Problem]:
    """Yield published posts that refer to a draft, which has no page."""
    drafts = {incident.id for incident in site.incidents if incident.draft}
    for incident in site.incidents if drafts else ():
        for update in incident.updates if not incident.draft else ():
            linked = {id for text in update.texts for id in _POST_LINK.findall(text.html)}
            for id in sorted(drafts & (linked | set(update.unrelated_to))):
                what = English('This update refers to "%(id)s", which is a draft and has no page yet.', id=id)
                yield Problem(update.place, what, English("Publish that post too, or remove the link."))


def _find_links_to_no_page(site: Site, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield addresses that begin as this site's own do, and at which it has nothing."""
    written = re.compile(rf"{re.escape(site.url)}([^\s<>()\[\]{{}}\"'`|]*)")
    ours = OwnAddresses(site)
    # A copy of the site can be published below its address.
    elsewhere = tuple(place.url for place in site.targets if place.url and place.url != site.url)
    earlier = {old.address for old in (*site.was, *(old for incident in site.incidents for old in incident.was))}
    for file, content in texts.items():
        for number, line in enumerate(content.split("\n"), 1) if site.url in content else ():
            # Comments are not published, and headings seldom have links.
            for found in written.finditer(line) if not line.lstrip().startswith("#") else ():
                address = unquote(re.split("[?#]", found[1])[0].rstrip(".,;:!"))
                is_known = address in ("", *earlier) or found[0].startswith(elsewhere)
                if not is_known and not ours.find(address):
                    what = English('This site has no page at "%(url)s".', url=site.url + address)
                    hint = English("Correct the address; a post is linked by the name of its file, [words](NAME.md).")
                    yield Problem(Place(file, number), what, hint)


def _find_image_name_clashes(site: Site) -> Iterator[Problem]:
    """Yield pictures whose names are the same to many disks and web hosts."""
    first: dict[str, Image] = {}
    for image in site.images:
        folded = image.path.casefold()
        other = first.setdefault(folded, image)
        if other is not image:
            what = f'The names "{image.path}" and "{other.path}" differ only in upper and lower case.'
            yield Problem(image.place, what, "Rename one of the two pictures.")


def _find_unknown_silenced_names(site: Site, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Yield names under silence: that no advice has, so that they silence nothing."""
    places = [(Place("services.yaml"), name) for name in site.silence]
    places += [(service.place, name) for service in site.services for name in service.silence]
    places += [(Place(incident.place.file), name) for incident in site.incidents for name in incident.silence]
    for place, name in places:
        if name not in SILENCEABLE_NAMES:
            lines = texts.get(place.file, "").split("\n")
            word = re.compile(rf"\b{re.escape(name)}\b")
            numbers = (number for number, line in enumerate(lines, 1) if number >= place.line and word.search(line))
            what = f'There is no advice named "{name}" to silence.'
            yield Problem(Place(place.file, next(numbers, place.line)), what, did_you_mean(name, SILENCEABLE_NAMES))
