"""A Japanese question taken apart at its particles, with neither analyser nor dictionary.

Nouns are runs without hiragana, what a question is about stands before は, and what it wants is one
of a closed set of words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from shutten.conversation.sides import kind_of

_KATAKANA = r"\u30a1-\u30faー"
_KANJI = r"\u3005\u4e00-\u9fff"
_HIRAGANA = r"\u3041-\u3096"
_NOUN_BEFORE_I = "買追思言使払食洗願扱拾合救争戦占笑会向迷誘習違祝誓匂勢舞伺問伝"

_STEM_END = "きぎしじちぢひびみりけげせぜねべめれえ"
_WITH_KANA = (
    rf"(?<=[{_KANJI}])(?:っ(?=[{_KANJI}])|(?:(?<=[{_NOUN_BEFORE_I}])い"
    rf"|(?![はがをにのでとへやも]|(?:より|おり|なり|あり|だけ|および|ならび|うち))"
    rf"[\u3041-\u3091]{{0,3}}[{_STEM_END}](?<![対際関]し)(?<![応同通]じ)(?<!少し))"
    rf"(?=[はがをのでともへや]|に(?![行来き])|って|から(?!れ)|まで|$|[」』）)]"
    rf"|(?![何誰])[{_KANJI}{_KATAKANA}]))"
)
"""Hiragana inside a noun or at its end, behind a verb's stem: 地すべり, 打ち上げ, 申し込み期限."""

NOUN: Final = (
    rf"(?:[おご](?=[{_KATAKANA}{_KANJI}]))?"
    rf"(?:[「『“][^」』”]{{1,40}}[」』”]|[^\s、。，．？?！!・…{_HIRAGANA}「」『』“”（）()]|(?<=\S)・(?=\S)"
    rf"|(?<=[A-Za-z0-9]) (?=[A-Za-z0-9 ._-]{{1,40}}[{_HIRAGANA}{_KATAKANA}{_KANJI}])|{_WITH_KANA})+"
)
NOUNS: Final = rf"{NOUN}(?:の{NOUN})*"
ASKING: Final = (
    r"(?:どの(?:くらい|ぐらい|ように|よう)|どれ(?:くらい|ぐらい|ほど|だけ)|どう(?:やって|して|いう)?"
    rf"|(?:どの|どんな|何(?:て|と)いう){NOUN}|どんな|どこ|どちら|どっち|どれ|どなた|いつ(?:ごろ|頃)?|いくら|いくつ"
    rf"|誰|だれ|なぜ|何故|なんで|何者|なに|何(?:[^\W_{_HIRAGANA}]|か所|か国|か月|%|％)*)"
)

_MARKS = re.compile(r"[\s。．.？?！!…]+$")
_REGARDING = re.compile(r"^(?P<about>.{1,80}?)について、")
_TOPIC_MARK = re.compile(r"(?<=.)(?:に|で|と|から)?は(?!ずっ|じめ|っきり|るか)")
_DATE = re.compile(
    r"^(?:(?:[\d０-９]+(?:年度|[年月日世紀時分前半上中下旬]+))+|今年|昨年|去年|今|現在|最近)(?:の|に|、|では|は)?"
)
_CLEFT = re.compile(
    r"^(?P<clause>.*(?:[ただいうくすつむぶぐる]))"
    r"(?P<noun>の|人物|人|方|者|国|会社|都市|場所|団体|機関|チーム|選手|理由)$"
)
_MODIFIED = re.compile(rf"[ただるいうくすつむぶぐな](?P<noun>{NOUNS})$")
"""A clause before a noun tells which is meant: ウクライナで墜落したマレーシア航空17便."""
_OWNED = re.compile(
    rf"(?P<owner>.{{2,}})の(?!うち|ため|よう|ほう|とき|こと|もの)[{_HIRAGANA}]{{0,3}}{NOUN}"
    rf"(?:[{_HIRAGANA}]{{0,2}}[さみ])?"
)
"""けが人 begins with hiragana."""
_ASKED_OF_PART = re.compile(rf"{NOUNS}で({NOUNS})の(?:何|誰|だれ|どこ|どの)")
"""会議でブイの何が問題になりましたか is about the buoy."""
_HAPPENING = re.compile(
    r"(?:火災|火事|事故|地震|事件|噴火|災害|爆発|墜落|沈没|座礁|衝突|脱線|台風|豪雨|洪水|津波|雪崩|戦争|選挙"
    r"|大会|裁判|訴訟|地すべり|土砂崩れ|崖崩れ|祭|祭り)$"
)
"""What happened is talked about, and not whose it was."""
_COUNTED = re.compile(
    r"は(?:全部で|合わせて)?(?:いくつ|何(?:か所|[^\W_\u3041-\u3096]{1,2}))(?:あ[りる]|い[まる])"
)
"""村の柵は何本ありますか asks of the fence; 村の人口は何人ですか of the village."""
OF_WORK: Final = r"題名|タイトル|表題|書名|曲名|あらすじ|筋"
WORK: Final = (
    r"論文|著書|小説|随筆|映画|作品|楽曲|番組|絵本|詩集"
    r"|(?<![一-龥])[本歌曲詩絵](?=[をがは「『の]|$)"
)
"""Somebody's title is that of what they wrote."""
_TITLE_OF_WORK = re.compile(rf"(?P<author>.+)の(?:{WORK})の(?:{OF_WORK})")
_TELLING = re.compile(r"(?<=.)の(?:[^の]*(?:から|まで|へ)|[今次前毎]回|今度)$")
"""What tells which is meant is not what is talked about: 館の駅から(のバス), 会の次回(の議題)."""
_DOING = re.compile(r"[をが].*[るうくすつむぶぐ]$")
"""検索索引を作る(には): what is to be done, and not yet a noun."""
_SOMEBODY = re.compile(r"[員者人男女長官査生師]$")
_LEADING = re.compile(rf"^{NOUNS}")
_GENERAL = frozenset(
    re.findall(
        r"\S+",
        "今 今年 去年 昨年 今後 現在 最近 最初 最後 最終 当時 以前 以後 前 後 次 "
        "実際 人 者 方 物 事 数 時 何 中 上 下 内 外 間 理由 原因 目的 方法 "
        "場所 名前 結果 場合 全体 一番 最大 最高 最低 合計 全部 他 別 主 同 約 計 "
        "本当 詳細 意味 特徴 ",
    )
)
_NAME = re.compile(
    rf"[{_KATAKANA}・]{{4,}}|[A-Za-zＡ-Ｚａ-ｚ][A-Za-z0-9Ａ-Ｚａ-ｚ０-９.\-]+|[「『]"
    rf"|[{_KATAKANA}]{{2,}}[{_KANJI}]{{2,}}|[{_KANJI}]{{2,}}[{_KATAKANA}]{{2,}}"
)
_TITLE = (
    r"(?:氏|さん|容疑者|教授|博士|首相|大統領|社長|会長|監督|選手|議員|大臣|少佐|被告|弁護士|知事"
    r"|[市町村区]長|(?:事務|官房|[課部署所局])?[課部署所局]長|事務総長|理事長|委員長|幹事長|書記長"
    r"|総裁|党首|長官|次官|大使|受刑者)"
)
_PERSON = re.compile(
    rf"(?:[{_KANJI}]{{2,6}}|[{_KATAKANA}]{{2,20}}(?:[・＝=][{_KATAKANA}]{{1,20}}){{0,4}}){_TITLE}"
    rf"|[{_KATAKANA}]{{2,20}}(?:[・＝=][{_KATAKANA}]{{2,20}}){{1,4}}"
)
_WHO = re.compile(
    rf"誰|だれ|何者|\b[Ww]ho\b|(?:{_TITLE}|(?:設計|創業|創設|設立|作|著|発明|発見|後継|主演|責任)者)(?:の名前)?は[。？?]?$"
)
_COMMON_KATAKANA = frozenset(
    re.findall(
        r"\S+",
        "コメント サービス ニュース メンバー イベント スタッフ グループ メートル センチ "
        "キロメートル パーセント タイトル システム プログラム ポイント メリット デメリット "
        "サッカー テニス ゴルフ ボクシング バレー バスケット スケート スキー ラグビー "
        "マラソン オリンピック パラリンピック レスリング ",
    )
)
_SIGNS = re.compile(r"[<>{}\[\]=;|\\`$^~*#]")
_LETTER = re.compile(r"[^\W\d_]")
_VERB = re.compile(rf"[しさすせ](?![{_KANJI}{_KATAKANA}])")
_NAMED_ENOUGH, _TOLD_ENOUGH, _LONG_ENOUGH = 3, 8, 3
"""So many nouns, or characters of nouns, make a question that needs no subject from before; so do
so many characters of a new noun whose side is asked about."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A question taken apart: what it is `about`, and `asked[start:end]` of the whole it wants.

    Both are empty where the question does not show them.
    """

    whole: str
    about: str
    asked: str
    start: int
    end: int

    @property
    def clause(self) -> str | None:
        """The event of a question such as 沈没したのは…: 沈没した; None where there is none."""
        found = _CLEFT.match(self.about)
        return found["clause"] if found else None

    @property
    def asks_for_part(self) -> bool:
        """Whether the event ends in の, so that any question word may follow."""
        return self.clause is not None and self.about.endswith("の")

    @property
    def matter(self) -> str:
        """What the question is about, as a noun: 沈没したこと."""
        if self.asks_for_part:
            return f"{self.about[:-1]}こと"
        return self.about


def counts(question: str) -> bool:
    """Whether a question asks how many there are of something."""
    return _COUNTED.search(question) is not None


def without_marks(text: str) -> str:
    """Return a question without the marks at its end."""
    return _MARKS.sub("", text)


@lru_cache(maxsize=256)
def parts_of(question: str) -> Parts:
    """Take a question apart."""
    whole = without_marks(question)
    found = list(re.finditer(ASKING, whole))
    start, end = (found[0].start(), found[-1].end()) if found else (len(whole), len(whole))
    return Parts(whole, _about(whole, start), whole[start:end], start, end)


def _about(whole: str, asked: int) -> str:
    regarding = _REGARDING.match(whole)
    if regarding:
        return regarding["about"]
    for mark in _TOPIC_MARK.finditer(whole):
        about = whole[: mark.start()]
        if not _DATE.fullmatch(about):
            return about if mark.start() <= asked or not asked else ""
    rest = _DATE.sub("", whole)
    subject = re.match(rf"({NOUNS})[がを]", rest) or _ASKED_OF_PART.match(rest)
    return subject[1] if subject else ""


def subject_of(part: Parts, said_before: str = "") -> str:
    """Return what an earlier question was about, as a noun that の can follow.

    Of two nouns of an event the one counts that `said_before` holds already.
    """
    about = _DATE.sub("", part.about).removesuffix("こと")
    about = re.sub(rf"(?<=[A-Za-z0-9]) (?=[{_HIRAGANA}])", "", about)
    if not about:
        found = _LEADING.match(_DATE.sub("", part.whole))
        return found.group() if found and kind_of(found.group()) != "extent" else ""
    if part.clause is not None or part.about.endswith("こと") or _DOING.search(about):
        return _subject_of_event(about, said_before)
    owned = _OWNED.fullmatch(about)
    is_thing = _HAPPENING.search(about) or about[-1] in "」』" or counts(part.whole)
    owned = None if is_thing else owned
    titled = _TITLE_OF_WORK.fullmatch(about)
    if titled is not None:
        return titled["author"]
    if _MODIFIED.search(about):
        whole = owned["owner"] if owned and not _SOMEBODY.search(about) else about
        modified = _MODIFIED.search(whole)
        return modified["noun"] if modified and is_name(modified["noun"]) else whole
    leading = _LEADING.match(about)
    if leading and about[leading.end() : leading.end() + 1] == "で":
        return leading.group()
    if owned is None:  # 全長は何キロですか does not say of what
        owned_by = "" if kind_of(about) == "extent" else about
    else:
        owned_by = _TELLING.sub("", owned["owner"].removesuffix("と"))
    return owned_by


def _subject_of_event(event: str, said_before: str) -> str:
    nouns = [
        (match.group(), event[match.end() : match.end() + 1]) for match in re.finditer(NOUNS, event)
    ]
    lasting = [noun for noun, mark in nouns if mark in ("が", "を") and noun in said_before]
    doers = [noun for noun, mark in nouns if mark == "が"]
    undergone = [_owner(noun) for noun, mark in nouns if mark == "を"]
    others = [
        _owner(noun) if mark in ("し", "さ") else noun
        for noun, mark in nouns
        if (len(noun) > 1 or mark in "はがをにでのとも") and not is_general(noun)
    ]
    return next(iter([*lasting, *doers[:1], *undergone[:1], *others]), "")


def _owner(noun: str) -> str:
    return noun.rpartition("の")[0] or noun


def nouns_of(text: str) -> list[str]:
    """Return the nouns of a question that tell something, in order."""
    rest = re.sub(ASKING, " ", text)
    found = re.finditer(NOUN, rest)
    return [each.group() for each in found if not _is_general(each.group(), rest[each.end() :])]


def _is_general(term: str, following: str) -> bool:
    is_stem = len(term) == 1 and re.match(rf"[{_HIRAGANA}]", following) is not None
    return term in _GENERAL or is_stem or (len(term) <= 2 and _is_verb(following))  # noqa: PLR2004


def _is_verb(following: str) -> bool:
    return _VERB.match(following) is not None


def stands_alone(body: str, subject: str, said: str) -> bool:
    """Whether a question without pronouns has a subject: the earlier one, or one of its own.

    A name that was not said before begins a new subject, and so do many nouns.
    """
    if subject and subject in body:
        return True
    named = re.match(rf"(?P<noun>{NOUN})[はのがを]", body)
    if named and subject and are_of_one_kind(named["noun"], subject):
        return True
    leading = re.match(NOUN, body)
    if leading and names_event(leading.group()) and leading.group() not in said:
        return True
    owner = re.match(rf"(?P<noun>{NOUN})の{NOUNS}?[^、]{{0,8}}は(?=.)", body)
    if owner and len(owner["noun"]) >= _LONG_ENOUGH and owner["noun"] not in said:
        return True
    terms = nouns_of(body)
    if any(is_name(term, body) and term not in said for term in terms):
        return True
    return len(terms) >= _NAMED_ENOUGH or sum(map(len, terms)) >= _TOLD_ENOUGH


_EVENT = re.compile(
    r"(?:(?!前夜|後夜|文化|学園|学校|体育|芸術|音楽|映画|本).{2,}(?:祭|祭り|まつり)"
    r"|.{3,}(?:地震|地すべり|噴火|台風|豪雨|水害|洪水|津波|雪崩|土砂崩れ|崖崩れ|大火))"
)


def names_event(noun: str) -> bool:
    """Whether a noun is what a feast or a disaster is called by: 月見祭, but not 前夜祭."""
    return _EVENT.fullmatch(noun) is not None


_KIND = "橋丸館山川駅市県府寺社湖島城塔門院園港線号村町区国州党隊船艦堂沼池滝峠岳校科"


def are_of_one_kind(one: str, other: str) -> bool:
    """Whether two nouns name two things of a kind, as their last letters do: 大手橋, 柳橋."""
    last = one[-1:]
    return one != other and min(len(one), len(other)) > 1 and last == other[-1:] and last in _KIND


def is_name(term: str, text: str = "") -> bool:
    """Whether a noun looks like the name of somebody or something."""
    if term in _COMMON_KATAKANA or _is_verb(text[text.find(term) + len(term) :]):
        return False
    return bool(_NAME.search(term) or _PERSON.fullmatch(term))


def is_general(noun: str) -> bool:
    """Whether a noun tells nothing by itself."""
    return noun in _GENERAL


def nameable(words: str) -> str:
    """Return words that can name a subject; nothing for signs and scraps of markup."""
    return "" if _SIGNS.search(words) or not _LETTER.search(words) else words


def asks_for_person(question: str) -> bool:
    """Whether a question asks who, or for the holder of an office: 次の社長は."""
    return _WHO.search(question) is not None


_IDENTITY = re.compile(
    r"^(?P<who>[^、。はがを？?]{2,24}?)(?:は|って|とは|というのは)、?(?P<asked>誰|だれ|何者|どなた|(?:どんな|どういう)(?:人物|人|方))?"
    r"(?:です|でした|でしょう|なの|なん|だった|だ|う|か)*$"
)
_ROLE = re.compile(
    r"の|[ただるいう](?:人|方)$|^(?:夫|妻|父親?|母親?|親|兄|弟|姉|妹|息子|娘|孫)$"
    r"|(?:[者員主役官]|[会社院市町村区部課局署所校店館艦船団班座議組駅]長|総長|委員長|理事長|監督|選手|投手|教授|大臣"
    r"|首相|大統領|知事|議員|代表|相手|犯人|本人|恋人|友人|住人|師匠|弟子|メンバー|トップ|リーダー|キャプテン|オーナー"
    r"|スポンサー|ライバル|パートナー|デザイナー|プロデューサー|ディレクター|マネージャー|モデル|コーチ|ゲスト)$"
)
_ORDINAL = re.compile(r"[\d０-９最次前初今現一二三第]")
_DESCRIBES = re.compile(r"、|(?:[者家員師士官長]|俳優|歌手|選手|監督|教授|画家|人物|女性|男性|人)$")


def who_is(question: str, answered: str = "") -> str:
    """Return X where a question asks who X is: Xって誰？ Xとは何者ですか.

    Empty where it asks for the holder of a role (会長は誰？); of a name that does not look like
    one the answer tells, by being a description.
    """
    found = _IDENTITY.match(without_marks(question))
    if found is None or _ROLE.search(found["who"]) or re.search(ASKING, found["who"]):
        return ""
    by_mark = question[found.end("who")] != "は"
    if by_mark or (found["asked"] and found["asked"] not in ("誰", "だれ", "どなた")):
        return found["who"]
    described = _DESCRIBES.search(answered) and not persons_in(answered)
    told = is_name(found["who"]) or (described and not _ORDINAL.match(found["who"]))
    return found["who"] if found["asked"] and told else ""


def persons_in(text: str) -> list[str]:
    """Return the people that a text names, with their titles, in order."""
    found = (match.group() for match in _PERSON.finditer(text))
    return [each for each in found if re.sub(rf"{_TITLE}$", "", each) not in _COMMON_KATAKANA]


def shape(term: str) -> str:
    """Write a noun as the run of its scripts, so that R1 and R2 are alike."""
    kinds = (("0", r"[\d０-９]+"), ("A", r"[A-Za-zＡ-Ｚａ-ｚ]+"), ("カ", rf"[{_KATAKANA}・]+"))
    for sign, pattern in kinds:
        term = re.sub(pattern, sign, term)
    return re.sub(rf"[{_KANJI}]+", "漢", term)
