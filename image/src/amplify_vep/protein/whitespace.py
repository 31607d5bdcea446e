"""White space beyond ASCII, read by the same rule as in the tools' contract."""

import re

_WIDE = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]")


def plain_spaces(text: str) -> str:
    """Makes a space of every white space beyond ASCII; JavaScript and Python do not know the same ones."""
    return _WIDE.sub(" ", text)
