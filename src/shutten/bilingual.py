"""Words of the other language for the measure that a question asks for: 全長 for how long.

Vectors bring the sentences of another language that are about the same. Which of them tells how
long something is, they hardly know; a keyword does.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_JAPANESE_FOR: Final = tuple(
    (re.compile(rf"\b(?:{english})\b", re.IGNORECASE), japanese)
    for english, japanese in (
        ("how long|length", "長さ 全長 延長"),
        ("how high|how tall|height|elevation|altitude", "高さ 標高 全高"),
        ("how deep|depth|deepest", "深さ 水深 最深部"),
        ("how wide|width", "幅"),
        ("diameter", "直径 口径"),
        ("how heavy|weighs?|weight", "重さ 重量 体重"),
        ("how fast|speed", "速度 速さ"),
        ("how hot|how warm|how cold|temperature", "温度 気温"),
        ("how large|area", "面積 広さ"),
        ("population|inhabitants", "人口"),
        ("costs?|price", "費用 価格 工費"),
        ("fee|admission|fare", "料金 入館料 運賃"),
        ("opening hours|what time", "開館時間 営業時間 時"),
    )
)
_ENGLISH_FOR: Final = tuple(
    (re.compile(japanese), english)
    for japanese, english in (
        ("長さ|全長", "length long"),
        ("高さ|標高", "height high tall"),
        ("深さ|水深", "depth deep"),
        ("幅", "width wide"),
        ("直径|口径", "diameter across"),
        ("重さ|重量|体重", "weight weighs"),
        ("速さ|速度", "speed"),
        ("温度|気温", "temperature"),
        ("面積|広さ", "area"),
        ("人口", "population"),
        ("値段|価格|費用|工費", "price cost"),
        ("料金|入場料|入館料", "fee admission"),
        ("開館時間|営業時間|何時から|何時まで", "open hours"),
    )
)


def in_other_language(question: str) -> str:
    """Return a question with words of the other language for what it asks; itself without any."""
    asked = unicodedata.normalize("NFKC", question)
    table = _JAPANESE_FOR if asked.isascii() else _ENGLISH_FOR
    words = [word for pattern, word in table if pattern.search(asked)]
    return f"{question} {' '.join(words)}" if words else question
