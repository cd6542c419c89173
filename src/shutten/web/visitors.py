"""Who asks: from which address, and what a sign-in before the app says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

PERSON: Final = "user:"
"""What stands before a name to make the group of this one person."""

_KEY: Final = "shutten.visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One who asks. Nobody has vouched for a visitor without a name, who is in no group."""

    address: str = ""
    name: str | None = None
    groups: frozenset[str] = frozenset()

    @property
    def counted_as(self) -> str:
        """What a limit counts: the signed-in person, else the address."""
        return f"{PERSON}{self.name}" if self.name else self.address


class Scoped(Protocol):
    """A request that knows the ASGI scope it came in."""

    @property
    def scope(self) -> Any:  # noqa: ANN401 - a mapping that each framework types in its own way
        """The mapping of one request, which its middlewares share: who asks is noted there."""
        ...


def remember(scope: Any, visitor: Visitor) -> None:  # noqa: ANN401
    """Say in a request's scope who asks."""
    scope[_KEY] = visitor


def visitor_of(request: Scoped | None) -> Visitor:
    """Return who asks; where nobody has said it, one who sees only what everybody may see."""
    scope = {} if request is None else request.scope
    found = scope.get(_KEY)
    if isinstance(found, Visitor):
        return found
    client = scope.get("client")
    return Visitor(address=client[0] if client else "")
