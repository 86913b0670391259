"""An Upptime page: the folder of its repository, with its issues as GitHub's API gives them."""

from statusgen.imports.names import ServiceNames
from statusgen.imports.source import Answers, Source
from statusgen.imports.told import Note, Told, ToldPost
from statusgen.imports.upptime.config import read_config
from statusgen.imports.upptime.issues import read_issues
from statusgen.imports.upptime.outages import join_outages
from statusgen.imports.upptime.posts import IssueReader


def read(source: Source, answers: Answers) -> Told:
    """Read the folder; raise SourceError if something that it must have is missing.

    What robots measure (`history/`, `api/`, `graphs/`) is not read: nobody said it.
    """
    notes: list[Note] = []
    config = read_config(source, notes)
    zone = answers.choose_zone()
    names = ServiceNames(config.sites)
    posts: list[tuple[ToldPost, str | None]] = []
    for issue in read_issues(source, notes):
        reader = IssueReader(issue, config, names, zone)
        if post := reader.read():
            posts.append((post, reader.services[0] if reader.is_by_robot and len(reader.services) == 1 else None))
        notes += reader.notes
    joined = join_outages(posts, notes)
    return Told(
        title=config.title,
        url=config.url,
        timezone=zone.key,
        groups=(),
        services=tuple(names.services),
        posts=tuple(joined),
        notes=(*notes, *names.notes),
    )
