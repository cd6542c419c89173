"""How long something takes: which questions ask for it, and which sentences can tell.

A year answers when and not how long, though 何年 is in both questions.
"""

from __future__ import annotations

import re
import unicodedata

_ASKED = re.compile(
    r"何(?:年|か月|ヶ月|カ月|日|週間?|時間?|分)(?:間|(?:くらい|ぐらい|ほど)?(?:か(?:か[らりるっ]|け)|続[いきくけ]))"
    r"|(?:どの|どれ)(?:くらい|ぐらい|ほど|だけ)(?:の(?:期間|時間|年月|歳月))?(?:で|が|を|も)?(?:か(?:か[らりるっ]|け)|続[いきくけ])"
    r"|(?:どの|どれ)(?:くらい|ぐらい|ほど|だけ)(?:の(?:期間|時間|年月|歳月|間))?(?:[もはを])?"
    r"(?:[も持][ちつっ][かのとはでてまですた?？。]|保存(?:でき|が?可)|休[館業校航][しにで]|勤め|待[ちたっ])"
    r"|(?:期間|年限|寿命)は(?:何(?:年|か月|ヶ月|日|週間|時間)|(?:どの|どれ)(?:くらい|ぐらい|ほど))"
    r"|何(?:年|か月|ヶ月|日|週間|時間|分)(?:教え|勤め|務め|働[いき]|暮ら|住[んみ]|過ご|学[んび]|習[いっ]|待[ちたっ]"
    r"|[も持][ちつ][まかの?？。]|保存でき)"
    r"|\bhow many (?:years|months|weeks|days)\b(?! ago\b)|\bhow long (?:did|does|will|has|had) ",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"(?<![\d月和成正治])\d{1,3}(?:[.,]\d+)?\s?(?:年|か月|ヶ月|カ月|ケ月|箇月|ヵ月|週|日|時間|分(?!の)|秒|世紀)"
    r"|\d{4}年(?:間|近く|以上|余|にわた|前)|(?:約|およそ|ほぼ)\d+年|\d+万年"
    r"|[数一二三四五六七八九十百千半丸]+(?:年|か月|ヶ月|カ月|ヵ月|月|週|日|時間|分|秒|世紀|晩|夜)"
    r"|一生|生涯|終日|即日|翌日|年中|長年|期間|連覇|連続|まで|から.{1,25}にかけて|[–~〜]"
    r"|\b(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|decades?|centur(?:y|ies)"
    r"|overnight|until|since|generations?|nights?|fortnights?|life|lifetime|forever"
    r"|from .{2,40} to|between .{2,40} and)\b",
    re.IGNORECASE,
)
"""In text of one width. Generous: what begins and ends tells it too."""


def asks_how_long(question: str) -> bool:
    """Whether a question asks how long something takes or lasts."""
    return _ASKED.search(unicodedata.normalize("NFKC", question)) is not None


def may_tell_how_long(sentence: str) -> bool:
    """Whether a sentence has a stretch of time, or where one begins or ends."""
    return _TOLD.search(unicodedata.normalize("NFKC", sentence)) is not None
