"""Which questions ask for yes or no, by their form."""

from __future__ import annotations

import re
import unicodedata

_INTERROGATIVE = re.compile(
    r"何|なに|なん[でのとて]|誰|だれ|どなた|ど[このれうんちっ]|どちら|どのくらい|どれくらい|いつ|なぜ|なんで|いくら|いくつ|"
    r"それとも|か、|の、.*の\?$|い、.*い\?$|教えて|理由|について|要約"
    r"|\b(?:or|who\w*|what|when|where|why|how|which)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"(?:is|are|was|were|has|have|had|can|could|will|would|should|must|may|do|does|did)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"(?:[ただるいうくすつぶむぬ]の?|なの|大丈夫|可能|不?必要|不要|本当|[無有]料|禁止|自由|別料金|OK|NG|だめ|ダメ"
    r"|あり|なし|同じ|初めて|存命|現役|満員|完成済み)\?$"
)
"""Asks without か: 耳が悪かったの？"""


def asks_yes_or_no(question: str) -> bool:
    """Whether yes or no would answer a question, as far as its form tells."""
    folded = unicodedata.normalize("NFKC", question).strip()
    if _INTERROGATIVE.search(folded):
        return False
    if folded.isascii():
        return _ENGLISH.match(folded) is not None
    return folded.rstrip("?。. ").endswith("か") or _SPOKEN.search(folded) is not None
