"""Texts that would do harm wherever they were taken for markup."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "data" / "payloads.jsonl"

UNSHOWABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


@dataclass(frozen=True)
class Payload:
    kind: str
    text: str


def payloads() -> list[Payload]:
    lines = FILE.read_text(encoding="utf-8").split("\n")
    return [Payload(**json.loads(line)) for line in lines if line]


def bare(text: str) -> str:
    """What of a text must be legible wherever it is shown: all but spaces and controls."""
    return "".join(UNSHOWABLE.sub("", text).split())
