"""The sites whose pages may ask from a browser: one rule for CORS, for keys and for /mcp."""

from __future__ import annotations

import re
from collections.abc import Sequence


def origin_pattern(origins: Sequence[str]) -> str:
    """Return the regular expression that an Origin header of these sites matches as a whole.

    As in the header that names who may frame the page, `*.` stands for any subdomains and `:*`
    for any port. Without sites nothing matches.
    """
    return "|".join(map(_one_pattern, origins)) or r"(?!)"


def _one_pattern(origin: str) -> str:
    escaped = re.escape(origin.lower())
    return escaped.replace(r"\*\.", r"(?:[a-z0-9_-]+\.)+").replace(r":\*", r"(?::\d+)?")


class Origins:
    """Says whether the page of an origin may ask."""

    def __init__(self, origins: Sequence[str]) -> None:
        self._pattern = re.compile(origin_pattern(origins))

    def allow(self, origin: str | None) -> bool:
        """Whether this Origin header is of an allowed site; no header is not."""
        return origin is not None and self._pattern.fullmatch(origin) is not None
