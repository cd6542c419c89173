"""Several questions asked in one, as in: who designed it, and when was it finished.

A question is taken apart only where its form leaves no doubt; the parts of Japanese ones are put
together anew from the words that were typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MOST = 4
"""Parts of one question; more are taken for a text that is not understood."""

LONGEST = 160
"""Characters of a question that is taken apart."""

# ── Japanese ─────────────────────────────────────────────────────────────────────────────────

_ASKING_JA = (
    r"(?:いつ(?!も|か|の間)|どこ(?!か|も)|(?:誰|だれ)(?!か|も|しも)|どなた|なぜ|何故|どうして|なんで(?!も)"
    r"|いくら(?!か|でも)|いくつ(?!か)|(?<![なうほけれ])ど(?:の|れ(?!も|か)|んな|う(?!か|し(?!て)))"
    r"|何(?!か|も|でも|\w(?:も|か\w))|なに(?!か|も))"
)
_AND_JA = r"(?:あとは?(?!で)|また(?=、)|そして|それと|それから|さらに|ついでに|加えて)、?"
_END_JA = re.compile(r"(?<=[。？?！!])\s*")
_ASKS_JA = re.compile(_ASKING_JA)
_WANTED_JA = re.compile(
    r"(?:を|も|が|は)(?:知りたい|教えて|聞きたい)|(?<!で)[はも](?:[、。？?！!\s]*)$|^[^、]{2,20}も[。？?]*$"
)
"""What asks without a question word: 勝利投手は？ 年齢も。"""
_NOUN_ALONE_JA = re.compile(r"[^、。？?！!]{2,30}(?<![でに])は[？?]")
_JOINT_JA = re.compile(
    rf"^(?P<one>.+?(?:教えて(?:ください)?|知りたい(?:です)?|か|の))、(?={_AND_JA})(?P<two>.+)$"
)
_LEADING_JA = re.compile(rf"^{_AND_JA}[、\s]*")
_TOO_JA = re.compile(r"(?<![と])も(?=(?:教えて|知りたい|[。？?\s]*$))")

_THEN_JA = re.compile(rf"、(?:{_AND_JA}|それは)?")
_STEM = r"[いきぎしちにびみりえけげせてねべめれ]"
_ENDED_JA = (
    (re.compile(r"(?:で|であり|でして)$"), "ですか"),
    (re.compile(r"(?:です|でした|ます|ました)か$"), None),
    (re.compile(rf"(?<!つい)(?<=[^\W]{_STEM})て$"), "ましたか"),
    (re.compile(rf"(?<={_STEM})(?<![^\W]に)(?<!ため)$"), "ましたか"),
)
_MADE_JA = re.compile(
    r"^(?P<made>[^をはがに、]{2,24})を[^をは、]{1,12}[たる](?:の|人|人物|者|企業|会社|団体)は"
)
_OF_ITS_OWN_JA = re.compile(r"^[^、]{2,20}?(?:は|が|の)")

_PLACED_JA = (
    r"(?:いつ(?:頃|ごろ)?|どこ[でにへ]|(?:誰|だれ)(?:が|に(?:よって)?|と)|なぜ|どうして"
    r"|何(?:年|月|時|日|歳)(?:に|で)|ど(?:の|んな)[^はがを、の]{1,8}?(?:に|で|から)(?!は))"
)
_THEN_PLACED_JA = rf"(?:、|[、,]?(?:そして|また)、?|と)?(?={_PLACED_JA})"
_PLACES_JA = re.compile(rf"{_PLACED_JA}(?:{_THEN_PLACED_JA}{_PLACED_JA}){{1,2}}")
_PLACE_JA = re.compile(_PLACED_JA)

_SIDE_JA = (
    r"(?:[一-龥ァ-ヶー]{0,4}(?:日|年|地|場所|時期|時間|期間|理由|原因|目的|経緯|人数|件数|数|量|面積|容量|定員|費|費用|額"
    r"|金額|値段|価格|定価|料金|入館料|率|径|番号|住所|会社|者|者名|氏名|名前|名称|由来|意味|年齢|身長|体重|全長|全高|標高|水深|人口|職業|所在地|役割|規模"
    r"|種類|材料|効果|結果|方法|被害|対策|国籍|幅|色|形)|[一-龥]{1,2}さ)"
)
_BETWEEN_JA = "と|、|や|および|及び|ならびに"
_SIDES_JA = re.compile(
    rf"^(?P<of>[^はが、]{{2,40}})の(?P<sides>{_SIDE_JA}(?:(?:{_BETWEEN_JA}){_SIDE_JA}){{1,3}})"
    r"(?P<end>(?:は|を|って|について|とは).{0,14})$"
)
_BETWEEN_SIDES_JA = re.compile(_BETWEEN_JA)
_WISH_JA = r"(?:は|(?:を|について)(?:教えて|知りたい)[^、]{0,6})[。？?\s]*$"
_KIN_JA = r"(?:父親?|母親?|祖父|祖母|兄|姉|弟|妹|夫|妻|長?息子|[長次]男|娘|[長次]女)"
_KIN_OF_JA = re.compile(
    rf"^(?P<of>[^はが、]{{2,40}})の(?P<one>{_KIN_JA})(?P<own>の[^はがとや、の]{{1,8}})?(?:と|や|、)"
    rf"(?P<two>{_KIN_JA})(?P<side>の[^はがとや、の]{{1,8}})?"
    rf"(?P<end>{_WISH_JA}|は(?:誰|だれ|何)[^、]{{0,8}}$)"
)
"""What is asked of the one is asked of the other as well: 父と母の名前."""
_FURTHER_SIDE_JA = re.compile(
    rf"^(?P<of>[^はが、]{{2,40}})の(?P<one>{_SIDE_JA})と(?!して|なっ|なる|いう|は|も)"
    rf"(?P<two>[^はが、]{{1,20}}の{_SIDE_JA}|[^はが、の]{{2,20}}[るた][^はが、の]{{0,3}}{_SIDE_JA})"
    r"(?P<end>(?:は|を|って|について|とは)[^、]{0,14})$"
)
_NOUNS_JA = re.compile(
    r"^(?P<one>[^、。？?]{3,60}[一-龥ァ-ヶー])と、(?P<two>[^、。？?]{3,60}[一-龥ァ-ヶー])"
    rf"(?P<end>{_WISH_JA})"
)
_NOUN_JA = r"[一-龥ァ-ヶー]{1,8}"
_ROW_JA = re.compile(
    rf"^(?P<of>[^はがと、]{{2,40}})の(?P<one>{_NOUN_JA})、(?:(?P<more>{_NOUN_JA})、(?:{_AND_JA})?|{_AND_JA})"
    rf"(?P<last>(?:[^はが、と]{{1,16}}の)?{_NOUN_JA})(?P<end>{_WISH_JA})"
)
_TOGETHER_JA = re.compile(
    r"違い|関係|差|比|どちら|どっち|同じ(?!年|月|日|時)|等し|共通|一致|合わせ|合計"
)


_EACH_JA = re.compile(
    r"^(?P<one>[^とはがの、]{2,20})と(?P<two>[^とはがの、]{2,20})(?P<side>(?:の[^は、]{1,15})?は)、?"
    r"それぞれ(?P<rest>[^、]*)$"
)


def _each_ja(question: str) -> list[str]:
    """Two things of which the same is asked: AとBの長さはそれぞれ…."""
    found = _EACH_JA.match(question)
    if found is None:
        return []
    return [f"{found[part]}{found['side']}{found['rest']}" for part in ("one", "two")]


def _sentences_ja(question: str) -> list[str]:
    parts = [part for part in _END_JA.split(question) if part]
    if len(parts) == 1 and (found := _JOINT_JA.match(question)):
        parts = [found["one"], found["two"]]
    asking = [_ASKS_JA.search(part) for part in parts]
    wanted = all(a or _WANTED_JA.search(part) for a, part in zip(asking, parts, strict=True))
    told = any(asking) or "教えて" in question or all(map(_NOUN_ALONE_JA.fullmatch, parts))
    whole = told and not any(map(_is_cut, parts))
    return [_plain_ja(part) for part in parts] if len(parts) > 1 and wanted and whole else []


def _plain_ja(part: str) -> str:
    """A further question without what joins it to the one before: あと、年齢も → 年齢は."""
    bare = _LEADING_JA.sub("", part)
    return bare if bare == part and _ASKS_JA.search(part) else _TOO_JA.sub(_no_longer_too, bare)


def _no_longer_too(found: re.Match[str]) -> str:
    return "は" if found.string[found.end() :].strip("。？? ") == "" else "を"


def _is_cut(part: str) -> bool:
    """Whether a quotation begins or ends in one part alone: 『君の名は。』."""
    return any(part.count(opened) != part.count(closed) for opened, closed in ("「」", "『』"))


def _clauses_ja(question: str) -> list[str]:
    first, *further = _THEN_JA.split(question)
    clauses = [first, *(_with_topic_ja(each, first) for each in further)]
    *before, last = clauses
    if not before or not all(map(_ASKS_JA.search, clauses)) or _TOGETHER_JA.search(question):
        return []
    ended = [] if any(map(_is_cut, before)) else list(map(_ended_ja, before))
    return [*ended, last] if ended and all(ended) else []


def _ended_ja(clause: str) -> str:
    """Write a clause that goes on as a question by itself; nothing where none ends there."""
    pattern, ending = next((each for each in _ENDED_JA if each[0].search(clause)), (None, None))
    if pattern is None:
        return ""
    return clause if ending is None else pattern.sub(ending, clause)


def _with_topic_ja(part: str, before: str) -> str:
    """Give a clause without a noun of its own the thing whose maker is asked for before."""
    if _OF_ITS_OWN_JA.match(re.split(_ASKING_JA, part)[0]):
        return part
    about = _MADE_JA.match(before)
    return f"{about['made']}は{part}" if about is not None else part


def _places_ja(question: str) -> list[str]:
    found = _PLACES_JA.search(question)
    placed = _PLACE_JA.findall(found.group()) if found else []
    if found is None or len({each[:1] for each in placed}) < len(placed):
        return []
    before, behind = question[: found.start()], question[found.end() :]
    return [f"{before}{each}{behind}" for each in placed]


def _kin_ja(question: str) -> list[str]:
    found = _KIN_OF_JA.match(question)
    if found is None or _TOGETHER_JA.search(question):
        return []
    of, side, end = found["of"], found["side"] or "", found["end"]
    return [f"{of}の{found['one']}{found['own'] or side}{end}", f"{of}の{found['two']}{side}{end}"]


def _sides_ja(question: str) -> list[str]:
    found = _SIDES_JA.match(question)
    if found is None or _TOGETHER_JA.search(question):
        return []
    sides = _BETWEEN_SIDES_JA.split(found["sides"])
    return [f"{found['of']}の{side}{found['end']}" for side in sides]


def _further_ja(question: str) -> list[str]:
    """The second thing has a noun or a verb of its own: AのXとZのY, AのXと、BのY."""
    if _TOGETHER_JA.search(question) or _is_cut(question):
        return []
    if found := _NOUNS_JA.match(question):
        return [f"{found[part]}{found['end']}" for part in ("one", "two")]
    found = _FURTHER_SIDE_JA.match(question) or _ROW_JA.match(question)
    if found is not None:
        nouns = filter(None, (found.groupdict().get(n) for n in ("one", "more", "two", "last")))
        return [f"{found['of']}の{noun}{found['end']}" for noun in nouns]
    return []


# ── English ──────────────────────────────────────────────────────────────────────────────────

_ASKING_EN = (
    r"(?:(?:about|roughly|exactly|in|at|on|by|for|from|to|with) )?"
    r"(?:what|which|who|whom|whose|when|where|why|how)"
)
_AND_EN = r"(?:and then|and also|and|then|plus|as well as|also)"
_ASKS_EN = re.compile(rf"(?:(?:and|also|plus),? )*{_ASKING_EN}\b", re.IGNORECASE)
_LEADING_EN = re.compile(
    r"^(?:(?:please )?(?:tell|show) (?:me|us)|(?:can|could) you (?:please )?tell (?:me|us)"
    r"|i(?:'d| would) (?:like|want|love) to know|i want to know|do you know) ",
    re.IGNORECASE,
)
_BARE_EN = re.compile(
    rf"^(?P<one>{_ASKING_EN}\b.+?),? (?:and|plus) (?P<two>when|where|why|how|by whom)$",
    re.IGNORECASE,
)
_END_EN = re.compile(r"(?<=\?)\s+(?=\S)")
_LISTED_EN = re.compile(r", (?=(?:when|where|why|how|what|who)\b)", re.IGNORECASE)
_CLAUSES_EN = re.compile(
    rf"^(?P<one>{_ASKING_EN}\b.+?),? {_AND_EN} "
    rf"(?P<two>{_ASKING_EN}\b(?: \S+){{2,}})$",
    re.IGNORECASE,
)
_WHOLE_EN = re.compile(
    r"(?:(?:about |roughly )?(?:what|which|who|whom|whose|when|where|why|how))(?: \S+){2,}"
    r"|\w+(?: \S+){4,}",
    re.IGNORECASE,
)
"""With a verb, unlike: on which horse, and in which year."""
_PLACED_EN = r"(?:when|where|why|how|who|by whom)"
_PLACES_EN = re.compile(
    rf"^(?P<placed>{_PLACED_EN}(?:(?:,? (?:and|&)|,) {_PLACED_EN}){{1,2}}) (?P<rest>\S+ .+)$",
    re.IGNORECASE,
)
_BETWEEN_PLACED_EN = re.compile(r",? (?:and|&) |, ", re.IGNORECASE)
_SIDE_EN = (
    r"(?:(?:total|full|maximum|minimum|average) )?(?:length|width|height|depth|weight|size|area"
    r"|capacity|speed|age|name|date|place|year|price|cost|population|location|purpose|cause|origin"
    r"|architect|designer|builder|owner|director|author|founder|captain|engineer)"
)
_BETWEEN_SIDES_EN = re.compile(r"(?:,? and |, )(?:the )?", re.IGNORECASE)
_SIDES_EN = re.compile(
    rf"^(?P<what>(?:what|who) (?:is|are|was|were) )the "
    rf"(?P<sides>{_SIDE_EN}(?:, (?:the )?{_SIDE_EN})?,? and (?:the )?{_SIDE_EN}) of (?P<of>.+)$",
    re.IGNORECASE,
)
_SINGULAR = {"are": "is", "were": "was"}
_BETWEEN_EN = re.compile(r"\b(?:between|difference|compared?|same|both)\b", re.IGNORECASE)


def _sentences_en(question: str) -> list[str]:
    parts = _END_EN.split(question)
    return parts if len(parts) > 1 and all(_ASKS_EN.match(part) for part in parts) else []


def _clauses_en(question: str) -> list[str]:
    plain = _LEADING_EN.sub("", question.rstrip("?. "))
    found = _BARE_EN.match(plain) or _CLAUSES_EN.match(plain)
    if found is None or _BETWEEN_EN.search(found["one"]):
        return []
    if not _WHOLE_EN.match(found["one"]):
        return []
    listed = _LISTED_EN.split(found["one"])
    before = listed if all(map(_WHOLE_EN.match, listed)) else [found["one"]]
    return [f"{part[:1].upper()}{part[1:]}?" for part in (*before, found["two"])]


def _places_en(question: str) -> list[str]:
    found = _PLACES_EN.match(question)
    placed = _BETWEEN_PLACED_EN.split(found["placed"]) if found else []
    return [f"{each.capitalize()} {found['rest']}" for each in placed] if found else []


def _sides_en(question: str) -> list[str]:
    found = _SIDES_EN.match(question)
    if found is None or _BETWEEN_EN.search(question):
        return []
    verb = found["what"].split()[1].lower()
    what = f"{found['what'].split()[0]} {_SINGULAR.get(verb, verb)}"
    sides = _BETWEEN_SIDES_EN.split(found["sides"])
    return [f"{what} the {side} of {found['of']}" for side in sides]


_BESIDE: tuple[Callable[[str], list[str]], ...] = (
    _each_ja,
    _sides_ja,
    _kin_ja,
    _further_ja,
    _places_ja,
    _places_en,
    _sides_en,
)
"""Rules whose parts stand alone where the whole does."""
_BEHIND: tuple[Callable[[str], list[str]], ...] = (
    _sentences_ja,
    _sentences_en,
    _clauses_ja,
    _clauses_en,
)
"""Rules whose second part may leave out what the first is about."""


def questions_in(question: str) -> tuple[str, ...]:
    """Return the questions that one asks, in its order; the one itself where it is one.

    The first stands alone where the whole does; another one may leave out what those before it
    are about.
    """
    if len(question) > LONGEST:
        return (question,)
    parts = dict.fromkeys(_apart(question))
    return tuple(parts) if 1 < len(parts) <= MOST else (question,)


def _apart(question: str) -> list[str]:
    """Take a question apart until no rule finds two in any part."""
    parts = next(filter(None, (rule(question) for rule in (*_BEHIND, *_BESIDE))), [])
    return [each for part in parts for each in _apart(part)] or [question]
