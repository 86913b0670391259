"""Where a mistake is, what it is, and the exceptions that carry mistakes out.

The whole tree of exceptions; one that is made elsewhere names its folder:

    StatusgenError            anything that the command line turns into a message and exit code 1, in one place
    ├── ContentError          mistakes in what the city wrote, all of them at once
    ├── TemplateError         a mistake in a template of the site or of the theme
    ├── OutputError           the folder for the site cannot, or must not, be written
    ├── GitError              git knows the history of the content and does not give it
    ├── AuditError            what was built must not be published
    ├── TrustError            what is published, or is to be, cannot be trusted
    ├── PublishError          a site that was built cannot be sent, or is not what residents see
    │   └── _CutError         because a connection, or a program, ended before it was done
    ├── NotifyError           nobody can be told of updates as services.yaml asks for it
    ├── ShareError            what several people wrote cannot be brought together in git
    │   └── TwoTextsError     because they said two things of one, and only a person can choose
    ├── KitError              kit: a kit cannot be made or read
    ├── DrillError            drill: a drill cannot be held, or something must not be done in one
    ├── SourceError           imports: another status page cannot be read at all
    └── BaselineError         diff: what a site is to be compared with cannot be read

These never reach the command line. Code that knows more about the place catches them and puts them into words:

    InvalidValue              a value that cannot be used
    SignatureError            trust: a signature that does not count
    NotSharedError            colleagues: a folder from which nothing can be shared
    ConflictError             colleagues: two versions that only a person can bring together
    NotTakenApartError        colleagues: a post whose updates cannot be told apart
    GitRefusal                what git did not do in the network
    StoreError                publish: what a store of files did not do
    ConditionError            publish: a write to a store whose condition was not met
    ConditionsUnknownError    publish: a store that takes no conditions
    LeaseLostError            publish: somebody else publishes at the same place meanwhile
    NotSentError              notify: a message that certainly did not leave
    ResultUnknownError        notify: a message of which nobody can tell whether it left
    NotReadError              follow: a page or a monitor of others that cannot be read
    CookieLostError           desk: an address that is known in a browser that has lost the key to it
    _NoFieldError             desk: an answer to a command that the form has no field for
    StoppedError              desk: a publication that cannot go on by itself
    _TakenBackError           desk: a publication that somebody took back in its seconds of waiting
    FormError                 cli: a form of the host that cannot be written as it is
    _NotSharedError           cli: a form of the host whose post the repository does not take
    CopyError                 trust: a file that a copy of the site does not give
    ├── UnreadableFileError   because what it has there is not a file of a site
    │   └── UnreachableError  because there is no way to the host
    └── MissingFileError      because it does not have it
    _YamlRejection            content: YAML that no post needs, and that could take long to read
    ActiveContent             content: a picture that could run something
    _HasMistake               content: an earlier version of a post that no build took
    _TooMuchWork              content: a text that would take too long to convert
    UnreadablePicture         content: a file that is not a whole picture of the format that its name says
    NotJson                   imports: a text that is not JSON
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from statusgen.english import SeveralTexts


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A line of a file. `file` is relative to the site's folder, with forward slashes; `line` counts from 1."""

    file: str
    line: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake, or one piece of advice, as the writer will read it.

    `what` says what is wrong and `hint` what to write instead; both are whole sentences. `is_advice` is true if the
    content may be published as it is but could serve its readers better. `rule` is the name by which a writer who
    knows better can silence it, if that can be done.
    """

    place: Place
    what: str
    hint: str = ""
    is_advice: bool = False
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    @property
    def message(self) -> str:
        """What is wrong and what to write instead, on one line."""
        return SeveralTexts(self.what, self.hint)


class StatusgenError(Exception):
    """Something that the user of the command can fix."""


class ContentError(StatusgenError):
    """Every mistake that was found in the content, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class TemplateError(StatusgenError):
    """A template cannot be used; `problem` names its file and line."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class GitError(StatusgenError):
    """Git knows the history of the content and does not give it; the message says what to do."""


class OutputError(StatusgenError):
    """The output folder was left as it was, unless the message says that the new site is in place; and why."""


class AuditError(StatusgenError):
    """What was built must not be published: each of `faults` names the file, its line, and what is wrong there.

    `hint` says who can fix it.
    """

    def __init__(self, faults: Iterable[str], hint: str) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([*self.faults, f"The published site was not changed. {hint}"]))


class TrustError(StatusgenError):
    """A signature, a commit or a list of files cannot be trusted; the message says why, and what to do."""


class PublishError(StatusgenError):
    """What was built did not arrive; the message says what residents see, and what to do."""


class ShareError(StatusgenError):
    """What several people wrote stays as it was, each on their computer; the message says why, and what to do."""


class TwoTextsError(ShareError):
    """Two people said different things of one, and only a person can choose; the message has both texts."""


class NotifyError(StatusgenError):
    """Nobody can be told of updates as services.yaml asks for it; the message says what is missing, and what to do."""


class InvalidValue(Exception):
    """A value that cannot be used: what is wrong, and what to write instead.

    A hint that takes time to find is a function, called only if somebody will read it. `mistyped` is the part of the
    value that the hint may offer another word for.
    """

    def __init__(self, what: str, hint: str | Callable[[], str] = "", mistyped: str = "") -> None:
        super().__init__(what)
        self.what, self._hint, self.mistyped = what, hint, mistyped

    @property
    def hint(self) -> str:
        """What to write instead."""
        return self._hint if isinstance(self._hint, str) else self._hint()

    @property
    def message(self) -> str:
        """What is wrong and what to write instead, on one line."""
        return SeveralTexts(self.what, self.hint)
