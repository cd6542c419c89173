"""Sets off the page's events without a browser."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


def join(
    client: httpx.Client, name: str, data: Sequence[Any], headers: Mapping[str, str] | None = None
) -> str:
    """Set off an event of the page as a browser does, and return all that comes of it."""
    config = client.get("/ui/config", headers=headers).json()
    number = next(each["id"] for each in config["dependencies"] if each["api_name"] == name)
    session = f"s{random.getrandbits(60):x}"
    body = {"data": data, "fn_index": number, "session_hash": session}
    client.post("/ui/gradio_api/queue/join", json=body, headers=headers).raise_for_status()
    events = client.get(f"/ui/gradio_api/queue/data?session_hash={session}", headers=headers)
    return json.dumps(
        [json.loads(line[6:]) for line in events.text.splitlines() if line.startswith("data: ")],
        ensure_ascii=False,
    )
