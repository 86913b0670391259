"""What staff are reminded of because of what others say: each suggestion, once."""

from collections.abc import Iterable

from statusgen import addresses
from statusgen.english import English, SeveralTexts
from statusgen.follow.suggest import Suggestion, SuggestionKind
from statusgen.model.whole_site import Site
from statusgen.notify.reminders import Reminder

_TITLES = {
    SuggestionKind.REPORT: English("Others report a problem"),
    SuggestionKind.WORSE: English("Others report a bigger problem"),
    SuggestionKind.BETTER: English("Others report a smaller problem"),
    SuggestionKind.BACK: English("Others say that it works again"),
    SuggestionKind.LEFT_OVER: English("A draft is left over"),
    SuggestionKind.CANNOT_READ: English("What others say cannot be read"),
}


def list_reminders(suggestions: Iterable[Suggestion], site: Site) -> list[Reminder]:
    """Return a reminder of each suggestion."""
    return [_make_reminder(each, site) for each in suggestions]


def _make_reminder(suggestion: Suggestion, site: Site) -> Reminder:
    title = f"{_TITLES[suggestion.kind]}: {suggestion.followed.name.in_language(site.languages[0])}"
    post = next(iter(suggestion.posts), "")
    is_shown = post and suggestion.kind is not SuggestionKind.REPORT
    url = addresses.absolute_url(addresses.incident(post) if is_shown else addresses.front(), site)
    words = suggestion.headline if suggestion.headline.endswith(".") else f"{suggestion.headline}."
    if suggestion.kind is SuggestionKind.BACK:  # residents would act on it, so nobody may say it unseen
        words = SeveralTexts(words, *suggestion.decide)
    return Reminder(f"follow: {suggestion.key}", title, words, suggestion.command, url, post)
