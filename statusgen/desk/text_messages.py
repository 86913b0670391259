"""How many text messages a message is on a phone (3GPP TS 23.038 and 23.040)."""

from statusgen.desk.words import DeskWords

# The letters of the standard's own alphabet, and those of its table of extensions, each of which takes two places.
_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSIONS = frozenset("\f^{}\\[~]|€")


def count_text_messages(message: str) -> int:
    """Return how many text messages a message is: each has 160 letters of the alphabet, or 70 in Unicode (UTF-16).

    Of several that belong together, each has a few less.
    """
    if set(message) <= _ALPHABET | _EXTENSIONS:
        length, single, part = len(message) + sum(letter in _EXTENSIONS for letter in message), 160, 153
    else:
        length, single, part = len(message.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= single else -(-length // part)


def describe_length(message: str, words: DeskWords) -> str:
    """Return how long a message is: "122 characters: 1 text message"."""
    count = count_text_messages(message)
    characters = words.ngettext("%d character", "%d characters", len(message)) % len(message)
    messages = words.ngettext("%d text message", "%d text messages", count) % count
    return f"{characters}: {messages}"
