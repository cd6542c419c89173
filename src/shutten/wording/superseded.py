"""What a sentence tells as given up or refuted, beside what came in its place.

「当初3月の予定だったが、5月に延期した」 has two dates, 「長く落雷とされたが、漏電と判明した」 two
causes. The first of them answers only who asks for what was planned or believed.
"""

from __future__ import annotations

import re
import unicodedata

from shutten.remembering import remembered
from shutten.wording.expressions import Kind, holds_kind

_BUT = r"(?:が|けれども?|ものの)、"
_OLD = r"(?P<old>[^、。はがもを「」]{1,40}?)"
_PLANNED = re.compile(
    rf"{_OLD}(?:の|[にをで]?(?:[一-龥]{{2}}|[一-龥][ぁ-ん]{{1,3}})(?:する|す|る|く|れる)?|に|を|で)?"
    rf"(?:予定|計画|見込み?|はず|つもり)(?:だった|であった|でした){_BUT}(?P<new>[^。]+)"
)
_HELD = re.compile(
    rf"{_OLD}と(?:され|考えられ|思われ|信じられ|[み見]られ|[言い]われ)(?:てい|てき|続けて?い?)?(?:た|ました){_BUT}(?P<new>[^。]+)"
)
_ENGLISH_OLD = r"(?P<old>[^,.;]{1,60}?),? (?:but|and instead|yet|though|until)\b(?P<new>[^.;]+)"
_PLANNED_IN_ENGLISH = re.compile(
    r"\b(?:was|were|had been) (?:(?:originally|first|initially|at first) )?(?:planned|due|scheduled"
    rf"|expected|meant|supposed|intended|set|to have) {_ENGLISH_OLD}"
)
_HELD_IN_ENGLISH = re.compile(
    r"\b(?:was|were|had been) (?:long |first |originally |initially |widely )?(?:believed|thought"
    rf"|said|held|assumed|considered|blamed on|put down to|attributed to) {_ENGLISH_OLD}"
)
_FORMS = (_PLANNED, _HELD, _PLANNED_IN_ENGLISH, _HELD_IN_ENGLISH)
_FOUND_OUT = re.compile(
    r"結論|判明|明らか|わか[っり]|分か[っり]|突き止|訂正|覆|否定|実際|誤り|違|であった|だった|改め|見つか"
    r"|特定|確認|変わ|修正|変更|延|代[えわ]|ずれ|繰り|前倒し|なっ|決[まめ]|移|した"
    r"|\b(?:was|were|is|found|showed?|turned|became|opened|began|came|took|moved)\b"
)
"""One of these tells what came in its place."""
_ASKS_FOR_OLD = re.compile(
    r"当初|最初|初め|はじめ|もともと|元々|本来|予定(?:だっ|でし|され|日|の|であ)|はず(?:だっ|でし|であ)"
    r"|計画(?:だっ|でし|され|で)|前は|以前|かつて|従来|長[くい]|とされ|考えられ|思われ|信じられ|[み見]られ"
    r"|[言い]われ|疑|説|誤|間違|延[期び]|変更"
    r"|\b(?:original|first|plan|initial|suppos|believ|thought|expect|schedul|due|meant|intend|assum"
    r"|earl|held|blam|attribut|before|old)",
    re.IGNORECASE,
)


def asks_for_superseded(question: str) -> bool:
    """Whether a question asks for what was planned or believed; いつ始まる予定か asks what is."""
    return _ASKS_FOR_OLD.search(unicodedata.normalize("NFKC", question)) is not None


def is_superseded(text: str, start: int, end: int, kind: Kind) -> bool:
    """Whether `text[start:end]` has words that their sentence gives up for others of their kind.

    Of 83 sentences of JaQuAD and our own with such words whose question does not ask for these, 4
    have the answer in them, 67 behind them.
    """
    return any(start < last and first < end for first, last in _superseded(text, kind))


@remembered(maxsize=32)  # many spans of one sentence are looked at
def _superseded(text: str, kind: Kind) -> tuple[tuple[int, int], ...]:
    found = (each for form in _FORMS for each in form.finditer(text))
    return tuple(
        (each.start("old"), each.start("new"))
        for each in found
        if holds_kind(each["new"], kind) and _FOUND_OUT.search(each["new"])
    )
