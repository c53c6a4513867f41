"""Text of others made safe to stand in Markdown."""

import re

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~$&])")


def escape(text: str) -> str:
    """Return `text` with Markdown's own characters escaped, so that it shows as written."""
    return _MARKDOWN.sub(r"\\\1", text.replace("\n", " "))
