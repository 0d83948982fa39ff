"""What calendars write, as text that can be shown: no markup, nothing a terminal would obey, no more than fits."""

import re
from hashlib import blake2b
from html import unescape
from urllib.parse import urljoin, urlsplit

TITLE, PLACE, KIND, URL = 300, 200, 80, 500
"""Most characters."""
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")


def plain(text: str | None, most: int = TITLE) -> str:
    """A text without markup and control characters, blanks as one."""
    if not text:
        return ""
    text = text[: 8 * most]
    if "&" in text:
        text = unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())[:most]


def link(text: str | None, base: str = "") -> str:
    """A web address, absolute; "" for anything else."""
    if not text:
        return ""
    try:
        found = urljoin(base, text.strip())
        parts = urlsplit(found)
    except ValueError:
        return ""
    fine = parts.scheme in ("http", "https") and bool(parts.netloc) and "@" not in parts.netloc
    return found if fine and found.isprintable() and " " not in found and len(found) <= URL else ""


def named(*parts: str) -> str:
    """A short name for what some texts say, where the source has none."""
    return blake2b("\x1f".join(parts).encode(errors="replace"), digest_size=8).hexdigest()
