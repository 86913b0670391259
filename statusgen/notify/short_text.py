"""Texts for services that take only so many letters."""


def fit_text(text: str, url: str, limit: int, url_length: int | None = None) -> str:
    """Return a text and the address of the whole, in at most `limit` letters; only the text is cut, between words.

    `url_length` is how many letters the address counts for, if that is not its length.
    """
    words = text.strip().removesuffix(url).rstrip()
    room = limit - (len(url) if url_length is None else url_length) - 2
    if len(words) > room:
        kept = words[:room]  # one letter more than fits before the dots: the cut may come right behind a word
        words = f"{kept.rpartition(' ')[0].rstrip()}…" if " " in kept else ""
    return f"{words}\n\n{url}" if words else url
