"""Which words can be put forward as an answer.

None that say the contrary of their sentence, none that say nothing, and none of another kind than
the question asks for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from shutten.wording.counters import COUNTER, asked_counters, asked_measure, counted_in
from shutten.wording.durations import asks_how_long
from shutten.wording.expressions import MONTHS, Kind

_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\S+",
        "not never no nor neither a an the and or but if of in on at to for from with by as than "
        "is are was were be been being am do does did has have had can could will would shall "
        "should may might must it he she they them him her his its their this that these those "
        "there here who which what when where why how so also too very only just yet still "
        "を に へ と で も の から まで より など だけ しか ので のに けど けれど ため こと "
        "もの よう する した して しない される された いる いた ある あった ない "
        "なく なかった です ます だった である それ これ あれ その この ここ そこ また しかし なお "
        "では には とは への との ながら",
    )
)
_EDGES = " \t\u3000、。，．,.;:!?！？「」『』()（）\"'“”‘’"
_UNIT = re.compile(rf"(?:{COUNTER.pattern})間?")
_UNIT_BEHIND = re.compile(rf"\s?(?:{COUNTER.pattern})")
_ONE_HIRAGANA = re.compile(r"[\u3041-\u3096]")

_BEHIND_NEGATES = re.compile(
    r"(?:では|じゃ|でも|では?あり)(?:あり)?(?:な[いくか]|ません)"
    r"|(?:は|が|を|も)?(?:い|でき|し)?(?:ない|なかった|ません|なく)(?![なるっりて])"
    r"|(?:は|が|を|も)(?:固く|堅く|一切)?(?:禁止|禁じ|認められてい?な|許可?されてい?な)"
)
_ASKS_NEGATED = re.compile(
    r"な[いくかけ]|ません|ず|禁|\b(?:not|never|no|without|cannot|forbid\w*|prohibit\w*|banned)\b|n't"
)

_TELEPHONE_ASKED = re.compile(
    r"電話番号|ファッ?クス番号|連絡先の番号|\b(?:tele)?phone number\b|\bfax number\b", re.IGNORECASE
)
_TELEPHONE = re.compile(
    r"\+?\d{1,4}[-‐–−ー(（)）. ]{1,2}\d{1,4}[-‐–−ー(（)）. ]{1,2}\d{3,4}(?!\d)"
    r"|(?<!\d)0\d{9,10}(?!\d)|(?<!\d)\d{3,4}[-‐–−]\d{4}(?!\d)|#\d{4}|(?<!\d)1[01]\d(?!\d)番?$"
)
_ADDRESS_ASKED = re.compile(r"メールアドレス|\be-?mail address\b", re.IGNORECASE)

_PERSON_WORD = re.compile(
    r"(?:氏|さん|教授|博士|大臣|首相|大統領|社長|会長|監督|選手|容疑者|議員|知事|市長|町長|村長|船長"
    r"|館長|校長|店長|画家|作家|建築家|政治家|音楽家|写真家|作曲家|小説家|評論家|登山家|学者|研究者"
    r"|記者|技師|教師|先生|[船職会社隊乗]員|従業員|利用者|患者|詩人|夫|妻|父|母|兄|弟|姉|妹|孫|息子"
    r"|娘|夫婦)$"
    r"|^(?:mr|mrs|ms|dr|prof|professor|captain|president|king|queen)\b"
    r"|\b(?:architect|engineer|teacher|captain|professor|president|painter|writer|author|scientist"
    r"|worker|director|manager|owner|founder|minister|mayor)s?$",
    re.IGNORECASE,
)
_ASKS_NAME_OF_PERSON = re.compile(r"誰|だれ|どなた|\bwho(?:m|se)?\b", re.IGNORECASE)


_MERE_COUNT = re.compile(
    rf"(?:約|およそ|計|合計|延べ|のべ|各|片道|往復|年間|[1一]人)?[0-9][0-9,.]*[十百千万億兆]*[0-9,]*\s?(?:{COUNTER.pattern})間?"
)
_ASKS_HOW_FAR = re.compile(
    r"どちら|どっち|どんな|何(?:[かカヶ箇]所|[個回位番度人年])|どこまで|ど[れの](?:くらい|ぐらい|ほど|だけ|程度)"
    r"|\b(?:rank\w*|finish\w*|place|numbers?|come|how)\b",
    re.IGNORECASE,
)
_ASKS_WHAT = re.compile(
    r"何の|(?<![数率値量番号年度比長高温価金額日時歳齢順位績])は(?:何|なん)(?:です|でし|だっ|[?？]|$)"
)
"""何の, and 「…は何ですか」 behind a noun that is no number."""
_LOWER_LATIN = re.compile(r"[a-z][A-Za-z .-]*")
_JAPANESE = re.compile(r"[\u3041-\u3096]")
_NAMED_PERSON = re.compile(r"[人員師家者手官匠夫兵]の$")
_ASKS_WHICH_NUMBER = re.compile(r"(?<!と)いくつ(?![もかい])")
_REST_OF_METHOD = re.compile(r"[一-龥々ァ-ヶー]{0,8}(?:法|装置|剤)(?![一-龥々律])")
"""毛細管|洗浄法, and not 新田義貞|率いる."""
_NO_PERSON = re.compile(r"(?:法|製|装置|費|額|率|剤)$")
"""No answer to 誰 in 10,544 of them of JaQuAD and our own ends so: ピペット洗浄法."""
_TELLS = re.compile(
    r"(?!.*\s(?:who|which|whose|where|whom)\b).*\b(?:is|are|was|were|has|have|had|will|can)\b",
    re.IGNORECASE,
)
"""A clause is no person: the waste tank is full. 5 of 3,939 English answers to who are one."""
_NAME = re.compile(
    r"(?![^はがで、]*[市町村区県府都道国島山川寺社館校院園港駅店場所会部課室](?:[はがで、]|$))[一-龥々]{2,5}"
)
"""技師の|早瀬|は: a name behind what somebody is, and that no place ends like."""


_SOME_NUMBER = re.compile(
    r"[0-9〇一二三四五六七八九十百千万億兆数半両双毎]|\b(?:one|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twelve|\w+teen|\w+ty|dozens?|hundreds?|thousands?|millions?|half|twice|once|both"
    r"|eleven|twelve|single|pair|couple|several|an?|no|none|all|every\w*|few|many)\b|[ひふ][とた]つ|みっつ|よっつ",
    re.IGNORECASE,
)
_MERE_DATE = re.compile(
    r"(?:[0-9〇一二三四五六七八九十百千年月日時分秒世紀頃ごろ約 ,.–~〜-]|西暦|紀元前|昭和|平成|令和"
    r"|大正|明治|\b(?:in|on|at|around|about|by|from|to|until|the|down|early|late|BC|AD"
    rf"|{MONTHS})\b)+",
    re.IGNORECASE,
)
_ASKS_AMOUNT = re.compile(
    r"いくら(?:$|[？?だでかにな払支し]|の?(?:値|額|金))|(?:価格|値段|料金|費用|金額)は[？?]?$"
    r"|\bhow much (?:money|is|was|are|were)\b"
    r"|\bhow much (?:do(?:es)?|did|will|would) [^?]*\b(?:cost|charge|pay)\b"
    r"|^what (?:is|was|are|were) the (?:price|cost)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"[\d〇一二三四五六七八九十百千万億兆数半]|無料|無償|有料|ただ|ゼロ|未定|非公開|不明|同額|差額|自由|任意|お志"
    r"|\b(?:free|nothing|half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w*teen|\w+ty"
    r"|\w*-?(?:one|two|three|four|five|six|seven|eight|nine)|hundred|thousand|million|penny|\w*pence|dollars?"
    r"|pounds?|double|quarter|third|same|more|less|much|little|dozen|unknown|gratis|donation)\b",
    re.IGNORECASE,
)
"""Of 1,297 answers to how much something costs two have nothing of this."""
_ASKS_COLOUR = re.compile(
    r"(?<!の)何色|(?:どんな|何の|どの)色(?:です|でし|だっ|だ|に|を|で|[?？]|$)|色は(?:何色)?[?？]?$"
    r"|\bwhat colou?rs? (?:is|was|are|were|do|does|did|can|has|have)\b",
    re.IGNORECASE,
)
_COLOUR = re.compile(
    r"[赤青白黒緑黄紫茶灰朱紅藍桃橙金銀銅紺碧蒼褐色]|無地|透明|ピンク|ブルー|レッド|グリーン|イエロー|オレンジ|ベージュ"
    r"|ゴールド|シルバー|ブラ[ウッ]|ホワイト|グレー|グレイ|クリーム|エメラルド|アイボリー|パープル|モーブ|ブルネット"
    r"|\b(?:red|blue|green|yellow|white|black|brown|grey|gray|pink|purple|orange|gold\w*|silver\w*"
    r"|violet|cream|scarlet|crimson|turquoise|amber|beige|ochre|transparent|clear|\w*colou?r\w*|\w+ish|rust"
    r"|ivory|pale|dark|tan|maroon|navy|indigo|rose|copper|bronze|mauve|lilac|teal|aqua|khaki|blond\w*)\b",
    re.IGNORECASE,
)
"""All of 251 answers to what colour something has have one of these."""
_WEEKDAY = re.compile("[(（][月火水木金土日・祝]{1,3}[)）]?|[月火水木金土日]曜日?")
_ASKS_HOW_MANY = re.compile(r"\bhow many\b(?! years?\b)", re.IGNORECASE)
_BARE_YEAR = re.compile(r"(?:1[0-9]{3}|20[0-9]{2})")
_DATES_AHEAD = re.compile(
    rf"\b(?:in|since|until|till|during|by|year|{MONTHS}|(?:{MONTHS}) [0-9]{{1,2}},) ?$",
    re.IGNORECASE,
)
"""What stands before a year: in 1995, and not of 1200 bicycles."""


_ONE_DAY = re.compile(
    rf"(?:[0-9]{{4}}|(?:昭和|平成|令和|大正|明治)(?:元|[0-9]{{1,2}}))年|[0-9]月[0-9]{{1,2}}日"
    rf"|\b(?:1[0-9]{{3}}|20[0-9]{{2}})\b|\b(?:{MONTHS})\b",
    re.IGNORECASE,
)
_STRETCH = re.compile(r"[約–~〜-]|\b(?:to|until|about)\b", re.IGNORECASE)
"""What makes of dates, or of a number like one, how long something took: 1964–1988, 約1500年."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What can be told of the words that would answer a question."""

    kind: Kind
    counters: frozenset[str]
    measure: frozenset[str]
    reason: bool
    negated: bool
    telephone: bool
    address: bool
    place: bool
    how_many: bool
    how_long: bool
    no_count: bool
    number: bool
    amount: bool
    colour: bool

    @classmethod
    def of(cls, question: str, kind: Kind) -> Wanted:
        """Look at a question that asks for a kind of expression."""
        folded = unicodedata.normalize("NFKC", question)
        counters, measure = asked_counters(folded), asked_measure(folded)
        asks_what = kind in ("person", "place") or _ASKS_WHAT.search(folded) is not None
        return cls(
            kind,
            counters,
            measure,
            kind == "reason",
            bool(_ASKS_NEGATED.search(folded.casefold())),
            bool(_TELEPHONE_ASKED.search(folded)),
            bool(_ADDRESS_ASKED.search(folded)),
            kind == "place" and not _ASKS_NAME_OF_PERSON.search(folded),
            bool(_ASKS_HOW_MANY.search(folded)),
            asks_how_long(folded),
            asks_what and not (counters or measure or _ASKS_HOW_FAR.search(folded)),
            bool(_ASKS_WHICH_NUMBER.search(folded)),
            kind == "money" and _ASKS_AMOUNT.search(folded) is not None,
            _ASKS_COLOUR.search(folded) is not None,
        )

    def fits(self, text: str, start: int, end: int) -> bool:
        """Whether `text[start:end]` can be shown as the answer."""
        words = unicodedata.normalize("NFKC", _with_unit(text, start, end)).strip(_EDGES)
        if says_nothing(words) or (not self.negated and _BEHIND_NEGATES.match(text, end)):
            return False
        if self._is_of_another_measure(words) or _is_weekday_aside(text, start, end):
            return False
        if self._is_a_date_only(words, text[:start]) or self._is_no_person(text, start, end):
            return False
        if self.telephone:
            return _TELEPHONE.search(words) is not None
        if self.address:
            return "@" in words
        return not (self.place and _PERSON_WORD.search(words))

    def misses(self, text: str, start: int, end: int) -> bool:
        """Whether the likeliest words of a sentence show that it tells something else."""
        span = text, start, end
        return self.is_of_another_kind(*span) or self.is_measured_otherwise(*span)

    def is_of_another_kind(self, text: str, start: int, end: int) -> bool:
        """Whether words cannot be what is asked for, whatever the sentence says.

        A count for who, where or what, a person for where, a word in small Latin letters for who.
        Of the right answers to 33,356 such questions of JaQuAD and our own 6 are.
        """
        words = unicodedata.normalize("NFKC", text[start:end]).strip(_EDGES)
        if self.no_count and _MERE_COUNT.fullmatch(words):
            return True
        if self.kind == "person":
            return bool(_LOWER_LATIN.fullmatch(words) and _JAPANESE.search(text))
        if self.place and _MERE_DATE.fullmatch(_WEEKDAY.sub("", words)) and re.search(r"\d", words):
            return True
        if not self.place or not _NAMED_PERSON.search(text[:start]):
            return False
        return bool(_NAME.fullmatch(words) and text[end : end + 1] in tuple("はがで、"))

    def is_measured_otherwise(self, text: str, start: int, end: int) -> bool:
        """Whether words tell another measure than the one asked for, minutes for °C, or none.

        So do 65 of 15,891 right answers of JaQuAD and our own to how much or how many of something.
        """
        words = unicodedata.normalize("NFKC", _with_unit(text, start, end))
        if self._is_neither_amount_nor_colour(words):
            return True
        if _counts_others(words, self.counters | self.measure):
            return True
        return bool(self.measure) and not (_SOME_NUMBER.search(words) or _AMOUNT.search(words))

    def _is_of_another_measure(self, words: str) -> bool:
        """Whether words count or measure something else than what is asked for, or nothing."""
        if self._is_neither_amount_nor_colour(words):
            return True
        return (bool(self.counters) and not self._counts(words)) or self._measures_otherwise(words)

    def _is_neither_amount_nor_colour(self, words: str) -> bool:
        """Whether it is neither a number nor free for how much something costs, or no colour."""
        if self.amount and not _AMOUNT.search(words):
            return True
        return self.colour and not _COLOUR.search(words)

    def _is_no_person(self, text: str, start: int, end: int) -> bool:
        """Whether who is asked for, and words are a method or a thing, or begin one; or code."""
        if self.kind != "person":
            return False
        if "`" in text[max(0, start - 1) : end] or _REST_OF_METHOD.match(text, end):
            return True
        words = text[start:end]
        return bool(_NO_PERSON.search(words) or _TELLS.match(words))

    def _is_a_date_only(self, words: str, before: str) -> bool:
        """Whether words tell when, where a reason, a number of things or a time is asked for."""
        if self.how_many and _BARE_YEAR.fullmatch(words):
            return _DATES_AHEAD.search(before) is not None
        is_date = _MERE_DATE.fullmatch(words) is not None
        is_one_day = is_date and _ONE_DAY.search(words) and not _STRETCH.search(words)
        return (self.reason and is_date) or (self.how_long and bool(is_one_day))

    def _counts(self, words: str) -> bool:
        """Whether there is a number in words, and no clause of them counts something else alone."""
        counted = counted_in(words)
        parts = [each for each in map(counted_in, words.split("、")) if each]
        return (
            bool(counted & self.counters or not counted)
            and all(each & self.counters for each in parts)
            and bool(_SOME_NUMBER.search(words))
        )

    def _measures_otherwise(self, words: str) -> bool:
        """Whether a measure or いくつ is asked for, and words have another one or no number."""
        if self.number and not _SOME_NUMBER.search(words):
            return True
        is_unit = _UNIT.fullmatch(words) is not None
        return _counts_others(words, self.measure) or (bool(self.measure) and is_unit)


def _counts_others(words: str, wanted: frozenset[str]) -> bool:
    """Whether words count something, where something is wanted, and none of it."""
    counted = counted_in(words)
    return bool(counted and wanted) and not counted & wanted


def _with_unit(text: str, start: int, end: int) -> str:
    """Words with the unit that stands behind their number: 0.7| g."""
    unit = _UNIT_BEHIND.match(text, end) if text[end - 1 : end].isdigit() else None
    return text[start : unit.end() if unit else end]


def _is_weekday_aside(text: str, start: int, end: int) -> bool:
    """Whether words are the day of the week behind a date: 11月28日(木)."""
    return bool(
        re.fullmatch("[月火水木金土日]", text[start:end])
        and text[start - 1 : start] in tuple("(（")
        and text[end : end + 1] in tuple(")）")
    )


def says_nothing(words: str) -> bool:
    """Whether words are a function word alone, or a single letter of a syllabary."""
    return words.casefold() in _FUNCTION_WORDS or _ONE_HIRAGANA.fullmatch(words) is not None
