"""Sentences that say what is not so where a question asks for what is, and the reverse.

A sentence shares its words with the question just as well where it denies them: 「大雨は直接の原因
ではない」 for 「直接の原因は何ですか」, or 「71世帯が避難した」 for 「避難しなかったのは何世帯か」.
"""

from __future__ import annotations

import re
import unicodedata

from shutten.wording.yes_no import asks_yes_or_no

_PREDICATE = re.compile(
    r"(?P<predicate>[^、。;:「」『』()はも]{1,20}?)"
    r"(?:(?:では|じゃ|で)(?:な(?:い|かった)|ありません)"
    r"|(?:[わかがさたなばまらせれべめけげ]|し|でき|られ|[いきぎじちにびみりえねて])"
    r"(?:ない|なかった|ません(?:でした)?|ず(?:じまい)?))"
    r"(?:と(?:され|い|わか|分か|判明|結論|判断|認め|述べ|説明|主張|発表|見られ|みられ)[^、。]{0,12})?"
    r"(?:のだ|のである|ようだ|という|です)?[。.]?$"
)
"""What the main clause of a Japanese sentence denies: what stands between は, も or a comma and the
negation at its end."""
_AFFIRMED = re.compile(
    r"[誰何]も|だれも|いずれも|どれも|どこにも|ひと[りつ]も|[一1](?:人|つ|度|件|名)も|全く|まったく|一切|唯一"
    r"|しか|だけ|のみ|まで|最後|に過ぎ|なければ|なくては|ざるを"
)
"""With these a denial affirms something, or is the answer."""
_ASKS_DENIED = re.compile(
    r"な[いかくけ]|ません|ずに|[未不][一-龥]|[かがさたならまれ]ず|以外|除[いく]|否定|反対|禁"
    r"|\b(?:not|never|no|without|cannot|neither|nor|den(?:y|ied|ies)|fail\w*|except|besides"
    r"|forbid\w*|reject\w*|wrong\w*)\b|n't"
)
_ENGLISH_DENIAL = re.compile(
    r"\b(?:was|were|is|are|did|does|do|had|has|have|could|can|would|will)"
    r"(?:(?: \w+){0,2}? (?:not|never)\b|n't)(?P<predicate>(?: [\w'’-]+){1,4})"
)
_NOT_ONLY = re.compile(r" (?:only|just|merely|simply|solely|exactly|yet|long|as)\b")
_PARTED = re.compile(r"[,;]|\b(?:but|until|till|before|unless|except|because|although|though)\b")
_REFUTED = re.compile(
    r"(?P<claim>[^。]{2,60}?)(?:という|との|とする|といった)[^、。]{0,6}?"
    r"(?:説|見方|噂|うわさ|意見|主張|疑い|憶測|俗説)[もがはを]?[^。]{0,40}?"
    r"(?:否定|退け|覆[さっ]|誤り|間違い|根拠[はが]?(?:ない|薄|乏)|事実では|当たらない|認められな"
    r"|裏付けられな|証拠[はが]な|成り立たな)"
)
"""What others held, and somebody has refuted."""
_ASKS_WHAT_IS_HELD = re.compile(
    r"説|噂|うわさ|誤|間違|主張|疑|意見|指摘|見方|記事|(?:言|思|考え|信じ)(?:わ|ら)れ|根拠|本当(?!の)"
)
_ASKED_AS_DENIED = re.compile(
    r"(?P<predicate>[一-龥々]{2})(?:し|でき|され|させ)?(?:てい|で)?(?:なかった|ない)"
    r"(?:の[はが]|[一-龥々ァ-ヴー]{1,6}[はが](?=[^。]{0,6}(?:何|誰|どこ|いくつ)))"
)
"""Of what something does not hold is asked: 避難しなかったのは, 参加しない国は何か国."""
_ASKS_WHY_OR_WHICH = re.compile(r"なぜ|どうして|理由|原因|どちら|どっち|どれ|どの|うち|中で|いつ")
_SETS_APART = re.compile(
    r"な[いかくけ]|ず(?!つ)|ません|ぬ(?=[一-龥])|[未不非無否]|残[りるっ]|以外|ほか|他|除|拒|断[っり]|避|止"
    r"|だけ|のみ|しか(?!し)|唯一|欠|失|廃|免|以降|例外|外[れしす]|逃|一方|うち"
)
"""With these a sentence may tell of those as well of which it does not hold."""
_KANJI_PAIR = re.compile(r"(?=([一-龥々]{2}))")
_LONGEST = 120
_STEM = 5
_EMPTY = frozenset(
    re.findall(
        r"\S+",
        "what which who whom whose when where why how many much long the and for from with that "
        "this have has had been was were are did does not only known there their they into",
    )
)


def denies(question: str, sentence: str) -> bool:
    """Whether a sentence denies what a question, which is not for yes or no, takes for granted.

    Japanese sentences by their main clause, English ones by any clause without a comma in it.
    """
    asked = unicodedata.normalize("NFKC", question).casefold()
    if _ASKS_DENIED.search(asked) or asks_yes_or_no(question):
        return False
    said = unicodedata.normalize("NFKC", sentence).casefold().strip()
    return (
        _denies_in_japanese(asked, said)
        or _denies_in_english(asked, said)
        or _tells_as_refuted(asked, said)
    )


def affirms(question: str, sentence: str) -> bool:
    """Whether a sentence says of things what a Japanese question asks for those that it denies of.

    By the two kanji of the denied predicate, in sentences without any word that sets some apart.
    """
    asked = unicodedata.normalize("NFKC", question)
    denied = _ASKED_AS_DENIED.search(asked)
    if denied is None or _ASKS_WHY_OR_WHICH.search(asked):
        return False
    said = unicodedata.normalize("NFKC", sentence)
    return denied["predicate"] in said and not _SETS_APART.search(said)


def _tells_as_refuted(asked: str, said: str) -> bool:
    """Whether what a question takes for granted is what the sentence tells as refuted."""
    found = _REFUTED.search(said)
    if found is None or "実際に" in said or _ASKS_WHAT_IS_HELD.search(asked):
        return False
    return bool(set(_KANJI_PAIR.findall(asked)) & set(_KANJI_PAIR.findall(found["claim"])))


def _denies_in_japanese(asked: str, said: str) -> bool:
    ahead, _, clause = said[-_LONGEST:].rpartition("、")
    found = _PREDICATE.search(clause)
    if found is None or _AFFIRMED.search(said):
        return False
    wanted = set(_KANJI_PAIR.findall(asked))
    denied, told = (wanted & set(_KANJI_PAIR.findall(each)) for each in (found["predicate"], ahead))
    return bool(denied - told) and not told - set(_KANJI_PAIR.findall(clause))


def _denies_in_english(asked: str, said: str) -> bool:
    wanted = _stems(asked)
    denials = list(_ENGLISH_DENIAL.finditer(said))
    if not denials or _PARTED.search(said):
        return False
    return any(
        not _NOT_ONLY.match(each["predicate"]) and _stems(each["predicate"]) & wanted
        for each in denials
    )


def _stems(text: str) -> set[str]:
    words = re.findall(r"[a-z]{3,}", text)
    return {word[:_STEM] for word in words if word not in _EMPTY}
