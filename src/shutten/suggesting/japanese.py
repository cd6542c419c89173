"""Questions from Japanese sentences: one expression goes out, a question word comes in.

Nothing is written anew. The rest of the sentence stays as it is, so that a question is as
grammatical as its sentence; a sentence whose parts cannot be told for sure makes none. There is no
analyser here: particles, endings and the scripts of nouns have to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from shutten.suggesting.making import Made, Maker

LONGEST, SHORTEST = 52, 10
"""Characters of a question; a longer one is not read, a shorter one says too little."""
_LONGEST_SENTENCE = 200
_TOLD_ENOUGH = 5
"""So many letters of nouns and verbs make a question that says what it is about."""

_OPENING = re.compile(
    r"^(?:(?:しかし|また|一方で?|なお|さらに|更に|そして|ただし?|もっとも|ところが|だが|実際|このため|そのため"
    r"|これに対し|現在|ちなみに|加えて)、|(?:ところが|だが|しかし)(?=\d)|(?:[^、。「」はが]{2,24}に(?:よると|よれば)(?=、|[^、はが]{2,30}[はが]))、?)+"
    r"|^(?:また|さらに|更に|なお|一方|特に)(?=[^、はがをにのれ])"
)
"""What ties a sentence to the one before it, or names who reports it."""
_BESIDE = re.compile(r"^一方の(?=[^、])")
_NEEDS_MORE = re.compile(
    r"こ(?:の|れ|こ|ちら|うし|うい)|そ(?:の|れ|こ|ちら|うし|うい)|あの|彼|両(?:者|氏|国|社|チーム)|[前後]者(?!会)"
    r"|(?<![合共協賛混一異])同(?![時様性意居乗情盟調士行点封席])|今(?:回|年|月|日|季|度|大会|シーズン)|当(?:該|日|初|時)|先(?:月|週|日)|昨(?:年|日|季)"
    r"|来(?:年|月|週)|翌|一部では|上記|下記|以下|次の|前回|次回|本人|自身|自分|私|我々|僕|俺|いずれ|どちら|うち、|同じ|他の|両[\u4e00-\u9fff]"
    r"|もう一つ|残り|ほか|別の|[?？!！]|年前|日前|前日|本紙|ウィキニュース"
)
"""Words that mean something only beside other sentences, or on the day they were written."""
_ASIDE = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r"「[^「」]*(?:「[^「」]*」[^「」]*)*」|『[^『』]*』")
_KANJI, _KATAKANA = r"\u3005\u4e00-\u9fff", r"\u30a1-\u30faー"
_LETTER = rf"[{_KANJI}{_KATAKANA}A-Za-z0-9・]"
_NAME_PART = rf"(?:{_LETTER}|[「『][^」』]{{1,30}}[」』])"
_NOUN = rf"{_NAME_PART}+"
_NOUNS = rf"{_NOUN}(?:の{_NOUN})*"
_FREE = r"[^はが、「」]"

_PAST = re.compile(r"(?:[っしいれえけげせてねべめきみりちじびに]た|[んい]だ)$")
_PRESENT = re.compile(
    rf"(?:[てで](?:い|あ|お)る|[{_KANJI}]する|[れせなあけげべめせえ]る|[{_KANJI}]む)$"
)
_NO_PREDICATE = re.compile(
    r"(?:である|だった|であった|かった|のだ|ようだ|そうだ|な[いか]|なかった|べきだ|はずだ|だろう)$"
)
_HEARSAY = re.compile(r"(?<=[うくぐすつぬぶむるただ])(?:という|とされる|とみられる|と見られる)$")
_POLITE = (
    (re.compile(r"(?<=[しれせけげえてねべめ])ました$"), "た"),
    (re.compile(r"(?<=てい)ました$|(?<=でい)ました$|(?<=でき)ました$|(?<=てき)ました$"), "た"),
    (re.compile(r"(?<![借降足下])りました$"), "った"),
    (re.compile(r"(?<=[てで]い)ます$"), "る"),
    (re.compile(r"(?<=[れせけげえてねべめ])ます$"), "る"),
)

_DAY_PART = r"(?:未明|早朝|朝|昼|夕方|夜|深夜|正午|午前|午後)"
_DATE = re.compile(
    r"(?:(?:紀元前)?(?:\d{3,4}年|(?:明治|大正|昭和|平成|令和)\d{1,2}年)"
    r"(?:\d{1,2}月(?:\d{1,2}日|[上中下]旬)?)?|\d{1,2}月(?:\d{1,2}日|[上中下]旬)|\d{1,2}日)"
    rf"(?:の?{_DAY_PART})?(?:\d{{1,2}}時(?:\d{{1,2}}分|半)?)?(?:ごろ|頃|すぎ|過ぎ)?"
)
_TIME_LEFT = re.compile(r"\d+(?:年|月|日|時)|世紀|年代")
_AFTER_DATE = re.compile(r"(?:に(?:は|も)?)?、?")
_GOES_ON = re.compile(r"(?:[しりきれけめみてびいちえべせげっんず]|で)、")
"""Where one clause ends and the next begins."""
_REPORTED = re.compile(r"(?:伝え|報じ|報道し|掲載し)(?:た|ている)$|とし(?:た|ている|ていた)$")
_NOT_A_TIME = re.compile(
    rf"^(?:の|か[らけ]|まで|以[降来前後]|付|現在|間|目|と|や|で|も|を|に(?:つ|対|関|向|渡|わた|よ|加|続|及|か|限)|あたり|度|分|生|版|号|代|限|ぶ|余|近|後|ほど|[\d:]"
    rf"|末|初|[{_KATAKANA}])"
)

_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:[十百千万億兆]\d*)*"
_COUNTER = (
    r"人|名|円|ドル|ユーロ|元|ウォン|ポンド|件|個|本|台|回|か国|カ国|ヶ国|校|社|棟|世帯|冊|枚|機|隻|頭|羽|匹|戸|便"
    r"|年間|か月間?|カ月間?|ヶ月間?|日間|時間|分間|秒|キロメートル|センチメートル|ミリメートル|メートル|キロ|トン|グラム"
    r"|km|cm|mm|kg|m|歳|票|議席|点|勝|試合|か所|カ所|ヶ所|箇所|種類|種|パーセント|%|ヘクタール|平方キロメートル|ノット|hPa"
    r"|両|駅|曲|作品|チーム|団体|倍|度|語|ページ|階|本塁打|ゴール"
)
_AMOUNT = re.compile(
    rf"(?:(?:約|およそ|少なくとも|合計|合わせて|総額|計)+)?(?<![\d.,第\-年月~〜])(?P<number>{_NUMBER})"
    rf" ?(?P<counter>{_COUNTER})(?![{_KANJI}{_KATAKANA}A-Za-z0-9])"
    r"(?:以上|余り|あまり|ほど|程度|近く|前後|強|弱)?"
)
_MONEY = frozenset(("円",))
_EQUALS = (
    r"(?:である|だ|であった|だった|です|でした|に達する|に達した|に(?:のぼ|上)(?:る|った)"
    r"|となった|となる|となっている)$"
)
_FIRST_EQUALS = r"(?:で|に達し|に(?:のぼ|上)り|となり)?、"

_TITLE = (
    r"(?:氏|さん|容疑者|被告|教授|博士|首相|大統領|社長|会長|監督|投手|捕手|選手|議員|大臣|長官|知事|市長|町長|村長|書記長"
    r"|総裁|代表|委員長|官房長官|外相|財務相|法相|国王|天皇|皇帝|名人|竜王|棋聖|関|親方|理事長|事務総長|報道官|主席|学長|弁護士"
    r"|館長|園長|校長|院長|所長|支配人|区長)"
)
_PERSON = rf"(?:[{_KANJI}{_KATAKANA}・=A-Za-z]{{2,20}}{_TITLE})"
_SAID = r"(?:述べ|語っ|話し|コメントし|答え|訴え|説明し|主張し|批判し|反論し|強調し|発言し)"
_PLACE_END = (
    r"[都道府県市区町村国島湾港駅館場園院州郡寺城橋沖内]|大学|空港|本部|会館|ホール|ドーム|スタジアム|センター|ホテル|ビル|会議所|競技場|公園"
    r"|アメリカ|日本|中国|韓国|フランス|ドイツ|イギリス|イタリア|ロシア|スペイン|カナダ|オーストラリア|東京|大阪|京都|ロンドン"
    r"|パリ|ニューヨーク|ワシントン|北京|ソウル"
)
_HAPPENED = (
    r"(?:開催さ|開か|行われ|行なわれ|発見さ|見つか|発生し|死去し|生まれ|開幕し|開会し|墜落し|沈没し|逮捕さ|製造さ|作られ"
    r"|建設さ|撮影さ|演説|講演|会談し|会見|優勝し|亡くなっ|開業し|始まっ)"
)


def made_from(sentence: str) -> Iterator[Made]:
    """Yield the questions that a sentence answers, the more telling ones first."""
    text = _cleaned(sentence)
    if text is None:
        return
    seen: set[str] = set()
    for clause in _clauses(text):
        for maker in _MAKERS:
            for made in maker(clause):
                if made.question not in seen and _stands(made.question):
                    seen.add(made.question)
                    yield made


def _stands(question: str) -> bool:
    if not SHORTEST <= len(question) <= LONGEST:
        return False
    told = re.sub(r"何[^はがをにので]{0,8}|\d[\d,.]*[年月日時分人]?", "", question)
    if len(re.findall(rf"[{_KANJI}{_KATAKANA}A-Za-z]", told)) < _TOLD_ENOUGH:
        return False
    return _NEEDS_MORE.search(_QUOTED.sub("", question)) is None


def _cleaned(sentence: str) -> str | None:
    """Return a sentence without its full stop, opening and asides, its predicate plain."""
    folded = unicodedata.normalize("NFKC", sentence).strip()
    if not folded.endswith("。") or len(folded) > _LONGEST_SENTENCE or "\n" in folded:
        return None
    text = _BESIDE.sub("", _OPENING.sub("", _ASIDE.sub("", folded[:-1])))
    if re.search(r"[「」『』()。|*#\"?!]|によると|によれば", _QUOTED.sub("", text)):
        return None
    return _plain(text)


_CUT = re.compile(
    r"(?:(?P<past>た)が|(?P<stem>し(?<!対し)(?<!関し)|[れせけべげ]|(?<!た)(?<!初)(?<!じ)め|(?<!加)え)|(?P<r>(?<![お借降足下あ])り)|(?P<state>てお)り|(?P<te>(?<![いっ])(?<!とし)(?<!対し)(?<!関し)(?<!通じ)(?<!かけ)(?<!向け)(?<!含め)(?<!合わせ)て))、"
)
"""Where one clause ends and the next begins, and how the first one ends."""


def _clauses(text: str) -> Iterator[str]:
    """Yield a sentence, then its first clause and its last, each as a sentence with its topic."""
    cuts = list(_CUT.finditer(_blank(text)))
    if not re.search(r"[たるだいうくすつぶむ]が、", _blank(text)):
        yield text
    if not cuts:
        return
    first = _ended(text, cuts[0]) if _tells(text) else None
    if first is not None:
        yield first
    topic, last = _topic(text), text[cuts[-1].end() :]
    if (
        topic
        and topic[1]
        and len(topic[0]) < cuts[-1].start()
        and not re.search("[はが]", _blank(last))
    ):
        yield f"{topic[0]}は{last}"


def _ended(text: str, cut: re.Match[str]) -> str | None:
    """Write the clause before a cut as a sentence of its own; None where its form is unknown."""
    is_past = text.endswith(("た", "だ"))
    before = text[: cut.start()]
    if cut["past"]:
        return f"{before}た"
    if cut["stem"]:
        if cut["stem"] == "し":
            return f"{before}した" if is_past else f"{before}する"
        return f"{before}{cut['stem']}{'た' if is_past else 'る'}"
    if cut["state"]:
        return f"{before}てい{'た' if is_past else 'る'}"
    return f"{before}った" if cut["r"] and is_past else None


def _plain(text: str) -> str:
    """Write a polite predicate plainly, where its plain form is beyond doubt."""
    text = _HEARSAY.sub("", text)
    for pattern, ending in _POLITE:
        if pattern.search(text):
            return pattern.sub(ending, text)
    return text


def _tells(text: str) -> bool:
    """Whether a text ends in a verb in its plain form that says more than that it was said."""
    if _NO_PREDICATE.search(text) or _REPORTED.search(text):
        return False
    return bool(_PAST.search(text) or _PRESENT.search(text))


def _blank(text: str) -> str:
    return _QUOTED.sub(lambda found: "□" * len(found.group()), text)


_MOVED = (
    r"到着|着陸|位置し|ある$|あった$|設置さ|移送さ|搬送さ|上陸|移転|埋葬さ|墜落|激突|打ち上げ|出発|着水"
    r"|不時着"
)

_TOPIC = re.compile(rf"^(?P<topic>{_FREE}{{2,34}}?)は、?(?P<rest>.+)$")


_NO_TOPIC = re.compile(r"(?:で|に|と|から|まで|より|て|へ|また|あるい|もしく|を|も|の)$")


def _topic(text: str) -> tuple[str, str] | None:
    """Take a topic off a sentence that has exactly one."""
    blank = _blank(text)
    found = _TOPIC.match(blank)
    if found is None or _NO_TOPIC.search(found["topic"]) or _is_bare(found["topic"]):
        return None
    if re.search(r"(?<![でにと])は", blank[found.start("rest") :]):
        return None
    return text[: found.end("topic")], text[found.start("rest") :]


def _is_bare(topic: str) -> bool:
    """Whether a topic is no noun, or one that says nothing without its owner."""
    if re.search("[後前際時間]$|場合$|ところ$|(?:当面|今後|最近|現在|以降|以前|結果)$", topic):
        return True
    if re.search(r"\d[人名件棟]$", topic) or re.fullmatch(
        rf"[\d,.]+[{_KANJI}{_KATAKANA}]{{1,3}}", topic
    ):
        return True
    return re.search(rf"[{_KANJI}{_KATAKANA}A-Za-z0-9□げみりめきけえさ]$", topic) is None


# ── makers ───────────────────────────────────────────────────────────────────────────────────


def _already_parted(text: str) -> Iterator[Made]:
    """…したのは1971年である: the sentence parts what happened from when."""
    found = re.match(
        r"^(?P<event>.{4,40}[ただるう]のは)、?(?P<words>[^はがを、]{2,24}?)(?:である|だ|だった|であった|です|でした)$",
        text,
    )
    if found is None:
        return
    words = found["words"]
    if _DATE.fullmatch(words) or re.fullmatch(r"\d{3,4}年代?", words):
        yield Made(f"{found['event']}いつですか", "when", words)
    elif re.fullmatch(_PERSON, words):
        yield Made(f"{found['event']}誰ですか", "who", words)
    elif amount := _AMOUNT.fullmatch(words):
        yield Made(f"{found['event']}{_how_many(amount)}ですか", "count", words)


def _how_many(amount: re.Match[str]) -> str:
    counter = amount["counter"]
    return "いくら" if counter in _MONEY else f"何{counter}"


def _equal_amount(text: str) -> Iterator[Made]:
    """全長は53.85キロメートルである."""
    parts = _topic(text)
    if parts is None:
        return
    topic, rest = parts
    amount = _AMOUNT.match(rest)
    if amount is None or not re.match(f"{_EQUALS}|{_FIRST_EQUALS}", rest[amount.end() :]):
        return
    if re.search(r"\d", topic) and _DATE.search(topic) is None:
        return
    yield Made(f"{topic}は{_how_many(amount)}ですか", "count", amount.group())


def _amount_inside(text: str) -> Iterator[Made]:
    """…で34人が亡くなった: an amount in the last clause."""
    blank = _blank(text)
    if not _tells(text):
        return
    amounts = list(_AMOUNT.finditer(blank))
    if not amounts or not re.search("[はが]", blank):
        return
    amount = amounts[-1]
    if amount["number"] == "1":
        return
    before, after = text[: amount.start()], text[amount.end() :]
    if re.search("[、は]|として|という|恐れ|見通し|可能性|見込", after) or not re.match(
        "[がをに]", after
    ):
        return
    if not _is_open(before) or not _is_placed(_blank(before), after, amount["counter"]):
        return
    word = _how_many(amount)
    if word == "いくら":
        after = after[1:] if after[0] == "を" else after
        if after[:1] in "がに":
            word = "何円"
    yield Made(f"{before}{word}{after}のですか", "count", amount.group())


def _is_placed(before: str, after: str, counter: str) -> bool:
    """Whether what stands before an amount says what it is of, and has no other of its kind."""
    if (
        re.search(rf"\d{counter}|\d[^、はがを]{{0,6}}、$", before)
        or len(re.findall("(?<![でにと])は", before)) > 1
    ):
        return False
    if "は" in before and "が" in before:
        return False
    if re.search("[でに]は", before) and not re.search("(?<![でに])は|が", before + after[:1]):
        return False
    told = re.sub(
        r"[\d,.]+[年月日時分人]|合計|全体|全部|全国|最大|最高|少なくとも|新た", "", before
    )
    return re.search(rf"[{_KANJI}]{{2,}}|[{_KATAKANA}]{{3,}}|[A-Za-z]{{2,}}", told) is not None


def _is_open(before: str) -> bool:
    """Whether what stands before an expression leads to it: no other clause ends there."""
    blank = _blank(before)
    if re.search(rf"[がを][^、がを]*[{_KANJI}]{{2}}、", blank):
        return False
    return re.search(
        r"(?:は|が|を|に|で|では|には|から|と|日|年|、)$", blank
    ) is not None and not re.search(r"[しりきれけめみてびいっ]、", blank)


def _why(text: str) -> Iterator[Made]:
    """…は…ため…した, and …ため、…は…した."""
    if not _tells(text) or len(re.findall("ため|ので|ことから", text)) != 1:
        return
    blank = _blank(text)
    parts = _topic(text)
    cause = re.compile(
        r"^(?P<cause>[^、「」]{2,40}?(?:ため(?:に)?|(?<=[たるいなうくす])ので|ことから))、?(?P<done>(?!の)[^、]{3,})$"
    )
    if parts:
        found = cause.match(parts[1])
        if found and not re.search("[はが]", _blank(found["done"])) and "、" not in found["done"]:
            yield Made(f"{parts[0]}はなぜ{found['done']}のですか", "why", found["cause"])
        return
    found = re.match(
        rf"^(?P<cause>[^は、□]{{2,40}}(?:ため|ので|ことから))、(?P<topic>{_FREE}{{2,24}})[はが](?P<done>[^はが、]{{3,}})$",
        blank,
    )
    if found and not _NO_TOPIC.search(found["topic"]) and not _is_bare(found["topic"]):
        topic, done = text[slice(*found.span("topic"))], text[found.start("done") :]
        yield Made(f"{topic}はなぜ{done}のですか", "why", found["cause"])


def _said(text: str) -> Iterator[Made]:
    """…氏は…「…」と述べた."""
    found = re.match(
        rf"^(?P<who>[^はが「」]{{2,40}})は(?P<rest>[^は「」]{{0,24}})(?P<words>「.+」)(?P<verb>と{_SAID}た|と{_SAID}ている)$",
        text,
    )
    if found is None or "」" in found["words"][1:-1]:
        return
    asked_of = f"{found['who']}は{found['rest']}"
    if not re.search(rf"{_TITLE}$", found["who"]) or re.search(rf"[{_KANJI}]{{2}}、$", asked_of):
        return
    yield Made(
        f"{found['who']}は{found['rest']}何{found['verb']}のですか", "said", found["words"][1:-1]
    )


def _who(text: str) -> Iterator[Made]:
    """…は…氏が…した."""
    if not _tells(text):
        return
    blank = _blank(text)
    found = re.match(
        rf"^(?P<before>(?:{_FREE}{{2,30}}は、?)?)(?P<who>{_PERSON})が(?P<rest>[^はが]{{4,}})$",
        blank,
    )
    if found is None or _NO_TOPIC.search(re.sub("は、?$", "", found["before"]) or "あ"):
        return
    if re.search(rf"^.{{0,12}}[たる][{_KANJI}{_KATAKANA}]", found["rest"]):
        return
    if re.search("[とや・]$", found["before"]):
        return
    before, rest = text[: found.end("before")], text[found.start("rest") :]
    yield Made(f"{before}誰が{rest}のですか", "who", found["who"])


def _where(text: str) -> Iterator[Made]:
    """…は…市で開かれた."""
    if not _tells(text):
        return
    blank = _blank(text)
    found = re.match(
        rf"^(?P<before>.*?(?:[はが]、?|日、|に、|、))(?P<place>{_NOUN}(?:の{_NOUN})?(?<=[{_KANJI}{_KATAKANA}]))(?:で、?(?P<rest>{_HAPPENED}[\u3041-\u3096]{{0,7}})|(?P<towards>(?:に|から)(?:{_MOVED})[\u3041-\u3096]{{0,7}}))$",
        blank,
    )
    if found is None or not re.search(rf"(?:{_PLACE_END})$", found["place"]):
        return
    if (
        not re.search("[はが]", found["before"])
        or _DATE.search(found["place"])
        or re.search(r"[しりきれけめみてび]、", found["before"])
    ):
        return
    before, rest = text[: found.end("before")], text[found.end("place") :].replace("で、", "で", 1)
    if "は" not in _blank(before):
        before = re.sub("^([^が]+)が、?", r"\1は", before)
    yield Made(f"{before}どこ{rest}のですか", "where", text[slice(*found.span("place"))])


def _when(text: str) -> Iterator[Made]:
    """…は1988年3月13日に開業した."""
    if not _PAST.search(text) or not _tells(text) or "ものの" in text:
        return
    blank = _blank(text)
    dates = list(_DATE.finditer(blank))
    if len(dates) != 1 or _TIME_LEFT.search(_DATE.sub("", blank)):
        return
    (date,) = dates
    before, after = text[: date.start()], text[date.end() :]
    if _NOT_A_TIME.match(after) or (before and not re.search("[はが]、?$", before)):
        return
    after = _AFTER_DATE.sub("", after, count=1)
    if _GOES_ON.search(_blank(after)) or _is_of_a_part(text[date.end() :]):
        return
    rest = before + after
    event = _as_event(rest)
    if event and not _SAYS_LITTLE.search(_blank(event)):
        yield Made(f"{event}のはいつですか", "when", date.group())


_AT_ONCE = r"死去|発表|辞意|声明|行われ|投開票|会談|亡くな|開幕|開会|開業|引退|退任|就任|逮捕|提出"
_SAYS_LITTLE = re.compile(
    rf"^[^がをでに]{{1,40}}が(?:[^をとに]*(?:で|に))?(?:発表|語|述べ|明らか|話|表明|会見|伝え|報告)[^をと]*$"
    rf"|^(?:約|およそ)?[\d,.]+[{_KANJI}{_KATAKANA}]{{1,3}}が"
)
"""An event whose subject or object is not told."""


def _is_of_a_part(after: str) -> bool:
    """Whether a date may belong to a clause inside the sentence instead of to the sentence."""
    blank = _blank(after)
    if re.match(r"に?、|に(?:は|も)", blank):
        return False
    if not blank.startswith("に") and not re.match(_AT_ONCE, blank):
        return True
    return re.search(rf"(?:た|る|てい[たる])[{_KANJI}{_KATAKANA}\d□]", blank) is not None


def _as_event(text: str) -> str | None:
    """Write a sentence as a clause that の can follow: its topic becomes its subject."""
    blank = _blank(text)
    placed = re.match("^(?P<place>[^はが、]{2,24}[でに])は、?(?P<told>[^は]+)$", blank)
    if placed and "が" in placed["told"]:
        return f"{text[: placed.end('place')]}{text[placed.start('told') :]}"
    if re.search("が[^がは]*[たるい]こと[にをで]", blank):
        return None  # who did the rest is not told
    if "は" not in blank:
        return (
            re.sub("^([^、]{2,40}が)、", r"\1", text) if re.search(rf"{_LETTER}が", blank) else None
        )
    parts = _topic(text)
    if parts is None or "が" in _blank(parts[1]):
        return None
    return f"{parts[0]}が{parts[1]}"


_ANNOUNCED = (
    r"(?:発表|表明|決定|要求|提案|公開|開始|導入|承認|公表|提出|要請|可決|採択|計画|予定|検討)"
)


def _what(text: str) -> Iterator[Made]:
    """…は29日、…を発表した."""
    parts = _topic(text)
    if parts is None or not _tells(text):
        return
    topic, rest = parts
    found = re.match(
        rf"^(?P<date>(?:{_DATE.pattern}(?:に|、))?)(?P<words>.{{4,90}}?)(?P<verb>(?:を|と)(?:{_ANNOUNCED}し(?:た|ている)|明らかにした|決めた|求めた|求めている|始めた))$",
        rest,
    )
    words = _blank(found["words"]) if found else "は"
    if found is None or (found["verb"][0] == "を" and re.search("[はを]", words)):
        return
    if not re.search("(?:発表|公表|表明|明らか)", found["verb"]) and not re.fullmatch(
        _NOUNS, found["words"]
    ):
        return
    yield Made(f"{topic}は{found['date']}何を{found['verb'][1:]}のですか", "what", found["words"])


def _what_kind(text: str) -> Iterator[Made]:
    """…は…を結ぶ鉄道トンネルである."""
    parts = _topic(text)
    if parts is None:
        return
    found = re.match(
        rf"^(?P<words>.{{6,70}}[るたういすくむぶな])(?P<noun>[{_KANJI}{_KATAKANA}]{{2,10}})(?:である|です)$",
        parts[1],
    )
    if (
        found is None
        or re.search("[はが、]", _blank(found["words"]))
        or _VAGUE.match(found["noun"])
    ):
        return
    yield Made(
        f"{parts[0]}はどのような{found['noun']}ですか", "kind", found["words"] + found["noun"]
    )


_VAGUE = re.compile(
    r"予定|方針|見通し|見込|模様|状況|状態|可能|必要|一方|場合|直後|以来|背景|様子|意向|理由|原因|目的|結果"
)
_SIDE = re.compile(
    r"^(?P<side>[^はが、]{2,30}の(?:原因|理由|目的|きっかけ|名称|正式名称|狙い|特徴))は、?"
    r"(?P<words>[^は]{3,60}?)(?:である|だ|です|だった|であった|という|とみられる)$"
)


def _which_side(text: str) -> Iterator[Made]:
    """…の原因は…である."""
    found = _SIDE.match(text)
    if found:
        yield Made(f"{found['side']}は何ですか", "side", found["words"])


_MAKERS: tuple[Maker, ...] = (
    _already_parted, _which_side, _equal_amount, _what_kind, _why, _said, _who, _where,
    _amount_inside, _when, _what,
)  # fmt: skip
