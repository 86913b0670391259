"""The styles of a drawing (CSS Syntax, level 3): only rules, and properties that draw. No backslash comes in here."""

import re
from collections.abc import Callable

# Addresses and strings may hold what ends a declaration elsewhere.
_TOKEN = re.compile(
    r"""/\*.*?(?:\*/|\Z)|url\(\s*[^\s"')][^)]*(?:\)|\Z)|"[^"\n]*(?:"|\n|\Z)|'[^'\n]*(?:'|\n|\Z)|[{};]|[^/"'{};u]+|.""",
    re.DOTALL | re.IGNORECASE,
)
# The selectors and the declarations of a rule. It begins only after another one; from each letter on, it would be slow.
RULE = re.compile(r"(?:^|(?<=[{}]))([^{}]*)\{([^{}]*)\}")
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")


def find_variables(css: str) -> set[str]:
    """Return the properties of one's own that a style uses."""
    return set(_VARIABLE.findall(css))


def clean_css(css: str, is_kept: Callable[[str], bool]) -> str:
    """Return a style, or the declarations of an attribute, with those properties alone, and without remarks."""
    result, part = list[str](), ""
    tokens = [*_TOKEN.findall(css), ""]
    pieces = list[str]()
    for token in tokens:
        if token in ("", ";", "{", "}"):
            part = "".join(pieces)
            pieces.clear()
            if token == "{" or _is_drawing(part, is_kept):
                result.append(part + token)
            elif token == "}":
                result.append(token)
        else:
            # An empty remark, for it may stand between two words that would be one without it.
            pieces.append("/**/" if token.startswith("/*") else token)
    return "".join(result)


def _is_drawing(part: str, is_kept: Callable[[str], bool]) -> bool:
    """Return whether a declaration, or a statement that has no block, changes what is drawn."""
    name, colon, _ = part.replace("/**/", "").strip().partition(":")
    if not colon:
        return not name or name.startswith("@layer")
    return is_kept(name.strip())
