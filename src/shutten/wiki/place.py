"""Where a wiki was synced from, so that one of its pages can be read again by name alone.

What is remembered is what somebody typed, and what the wiki said of itself; never a password.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["folder", "dokuwiki", "mediawiki"]


@dataclass(frozen=True, slots=True)
class Place:
    """A wiki's place: a folder's path, or the address of an `api.php`.

    `typed` is the address that a person gave; its host may be private. `options` are those of the
    kind.
    """

    kind: Kind
    where: str
    label: str | None = None
    typed: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> str:
        """Return what the index keeps."""
        return json.dumps(asdict(self), ensure_ascii=False)


def place_from_json(text: str) -> Place:
    """Return the place that `as_json` wrote."""
    return Place(**json.loads(text))
