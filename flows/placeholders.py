"""What `{name}` in a text means: nothing but a plain name in braces, everywhere in the product."""

import re
import string

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


class BadBraces(ValueError):
    """A text whose braces are not plain placeholders."""


def placeholders(text: str) -> frozenset[str]:
    """The names in a text. Raises `BadBraces` with what is wrong, fit to be shown to its author."""
    names = set()
    try:
        for _, name, form, conversion in string.Formatter().parse(text):
            if name is None:
                continue
            if form or conversion or not _NAME.match(name):
                raise BadBraces(f"'{{{name}}}' is not a plain placeholder such as {{need_name}}")
            names.add(name)
    except BadBraces:
        raise
    except ValueError:
        raise BadBraces("a brace stands alone; write {{ or }} for a brace that is shown") from None
    return frozenset(names)
