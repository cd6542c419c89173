"""Rules for follow-ups in Japanese; the earlier question lends what a follow-up leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from shutten.conversation.english import subject_of_question as english_subject
from shutten.conversation.japanese_parts import (
    ASKING,
    NOUN,
    NOUNS,
    OF_WORK,
    WORK,
    Parts,
    are_of_one_kind,
    asks_for_person,
    counts,
    is_general,
    is_name,
    nameable,
    names_event,
    nouns_of,
    parts_of,
    persons_in,
    shape,
    stands_alone,
    subject_of,
    who_is,
    without_marks,
)
from shutten.conversation.memory import Exchange
from shutten.conversation.sides import kind_of
from shutten.conversation.superlatives import MOST_JA

_CONTRAST = re.compile(r"^(?:それ)?(?:では|じゃあ?|なら)[、,\s]*")
_CONNECTOR = re.compile(
    r"^(?:(?:(?:それ)?では|それじゃあ?|じゃあ?|逆に|一方で?|なら|すると|で)[、,\s]+"
    r"|(?:(?:それ)?では|じゃあ|逆に)(?=[^\u3041-\u3096]))"
)
_AMONG = re.compile(r"^(?:(?:その|この)(?:うち|中)(?:で|の)?、?|うち、?(?=[一-龥ァ-ヺ]))")
_QUANTITY = re.compile(r"何[^がをはもかでと]|いくら|いくつ|ど(?:の|れ)(?:くらい|ぐらい|ほど|だけ)")
_COPULA = (
    r"(?:(?:のこと|の時|のとき|なの|だったの|だったん|なん|の)?"
    r"(?:でしたか|だろうか|でしょう|です|だった|だ|か|の)*)"
)
_ASKED_ONLY = re.compile(
    rf"^(?:(?:それ|これ)(?:は|が|って)?[、,]?)?"
    rf"(?P<asked>{ASKING}(?:から|まで|へ|に|で|と|のため(?:に)?|くらい|ぐらい|を(?:{NOUN})?して)?){_COPULA}$"
)
_WHAT_LIKE = re.compile(r"^(?:それ|これ)(?:は|って)?[、,]?(?:どんな|どういう)")
_REALLY = re.compile(
    r"^(?:それは)?(?:本当|ほんとう?|確か|たしか|間違いない|マジ|まじ)(?:に|なん)?(?:です|なの|の)?か?$"
)
_MORE = re.compile(
    r"^(?:それを|それについて|そのことを|そこを|その点を)?(?:もっと|もう少し|さらに|より)?"
    r"(?:詳しく|くわしく|詳細を?|具体的に)(?:は|教えて|説明して|知りたい|話して|お願い)?"
    r"(?:ください|下さい|もらえますか|くれますか|します|です)?$|^(?:つまり|というと|具体的には)$"
)
_OTHERS = re.compile(
    r"^(?:その|それ)?(?:他|ほか|以外)(?:に|には|にも)?(?:何か|なにか|誰か|どこか)?(?:は|も)?(?:何|なに)?"
    r"(?:が)?(?:あります|ある|います|いる|ありました|あった|です)?(?:の|か)*$"
)
_TOPIC_ONLY = re.compile(
    rf"^(?P<alone>{NOUN})$|^(?P<topic>.{{1,40}}?)(?:の(?:場合|とき|時|ほう|方))?(?:について|に関して|なら)?(?:は|って)"
    r"(?:どう(?:です|でし|なります|なりました|なる|だった|なの|なん)?(?:た|です)?か?)?$"
)
_BARE = re.compile(rf"{NOUNS}(?:(?:から|まで|で|へ|と)?の{NOUNS})+")
"""A noun with what tells it apart and nothing else: 駅からのバス."""
_NOT_BUT = re.compile(
    r"^(?P<wrong>[^、。？?]{1,20}?)(?:の(?:こと|ほう|方|話))?(?:じゃ|では)なくて?[、,\s]*(?P<right>.{1,40}?)"
    r"(?:の(?:こと|ほう|方|話|件))?(?:を(?:聞いて(?:い?ます|い?る)|聞きたい|知りたい)(?:んです|んだ|の)?)?"
    r"(?:です|だ)?(?:けど|が|よ|ね)?$"
)
_MOST_ALONE = re.compile(rf"^(?P<most>{MOST_JA})の(?P<asked>は.*)$")
_MEASURE_ASKED = re.compile(
    r"(?:^|の)(?P<measure>[^のはがを、]{1,10})は(?:いくら|いくつ|何|ど[のれ](?:くらい|ほど)|$)"
)
_SIDE_ONLY = re.compile(
    r"^(?P<topic>[^はがをでへとも、]{1,16}?)(?:は|って)(?P<asked>何|なに|なん)?(?:なの|なん|でし|です|だった|だ|た|か|の)*$"
)
_SIDE_ASKED = re.compile(r"^(?P<owner>.+)の(?P<side>[^のはがを]{1,8})(?P<rest>[はが].*)$")
_POINTING = re.compile(
    r"(?P<person>彼女?(?![ら氏岸方])|(?:その|(?<![どそこ])この|あの)(?:人物|人(?![口々数気])|方(?![法針向面式]))|同氏|[本当]人)"
    r"|(?P<people>彼女?ら)"
    r"|(?P<body>同(?:社|省|庁|市|県|国|紙|校|大学|党|町|村|島|団体|研究所|機構|財団|球団)(?![\u4e00-\u9fff]))"
    r"|(?P<place>(?<![っあな])(?:そこ|ここ|そちら)(?=で(?!、)|に|へ|は|が|を|から|まで|の))"
    r"|(?P<thing>(?:それ|これ|あれ)(?!とも|でも|にしても|[でにと]、)"
    r"(?:らって|って|ら?(?=[をはがにのでともや])))"
    rf"|(?:その|(?<![どそこ])この)(?P<noun>(?!記事|文章|文書|本文|後|前|次|際|時(?!期)|間|他|結果){NOUN})"
)
_AFTERWARDS = re.compile(
    r"^(?:その(?:後|あと|前|際|時(?!期)|とき|間|結果)|それから|それ以降|それまで|当時"
    r"|(?:今|現在|最初|今後)(?=[はも、で]))"
)
_NEXT = re.compile(r"^その(?=次)")
_ARTICLE = re.compile(
    r"^(?:この|その)?(?:記事|文章|本文|ページ)(?:を|の(?:要点|概要|要約|内容)|は)|要約して"
)
_PLACE = re.compile(
    rf"(?P<place>{NOUNS})(?:に|へ|で)(?!は|も|つい|対|関|よ|して)(?=[^、。はが]*?[一-龥])"
)
_WHEN = re.compile(r"(?:[年月日時頃]|世紀|[後前]|人|こと)$")
_RETURNING = re.compile(
    r"^(?:もう一度|また|最初の|さっきの|先ほどの|前の)?(?P<topic>[^、。はがを]{1,30}?)(?:の(?:話題?|件|こと))?"
    r"に(?:話を?)?(?:戻る(?:と|が|けど)|戻って|戻り?ますが|戻しますが|戻すと|戻れば)[、,\s]*(?P<rest>.+)$"
)
_CIRCUMSTANCE = re.compile(r"^(?:理由|原因|目的|方法|時期|場所|きっかけ|背景|結果|影響)$")
_ATTRIBUTE = re.compile(
    r"(?:[高深長重大広太厚]さ|大きさ|幅|費用?|金額|総額|人数|割合|料金|価格|値段|面積|人口|全長|全高|年齢|出身|名前|内容|日程)$"
)
_CATEGORY = re.compile(
    r"(?:会社|企業|団体|組織|機関|国|島|町|村|市|県|山|川|駅|港|空港|大学|学校|研究所|工場|病院|政党|協定|条約"
    r"|法律|事件|事故|制度|会議|大会|作品|本|映画|番組|曲|動物|生物|植物|薬|病気|船|機体|列車|車|製品|技術|装置"
    r"|機械|塔|橋|トンネル|選挙|戦争|地震|台風|施設|計画)$"
)
_ADVERB = re.compile(r"^(?:いつ|なぜ|どうして|何故|どのように)|(?:から|まで|[へにでとて])$")
_WAS_ADVERB = re.compile(r"(?:いつ|なぜ|どうして|どこで|どのように)")
_WHERE_IT_IS = re.compile(r"どこに(?:あ|い|位置|所在)")
_VALUE = re.compile(r"^[約およそ]*[\d０-９〇一二三四五六七八九十百千万億.,，．]+")
_OWN_TOPIC = re.compile(rf"^[^はをにで、]{{1,14}}(?:は|が|も)|^{NOUNS}に?は")
_OF_SOMETHING = re.compile(
    rf"^(?P<whose>(?=[^の]*[一-龥々ァ-ヴー]{{2}})(?![^の]*[A-Za-z]){NOUN})の[^はがを]{{1,20}}[はがを]"
)
_OTHER_NAME = re.compile(
    rf"^(?P<name>[A-Za-z][\w.+-]*|[ァ-ヴー]{{3,}})"
    rf"(?:は(?=.*{ASKING})|の[^はがを]{{2,20}}(?:は|が|を))"
)
_WITH_VERB = re.compile(
    rf"(?P<topic>[一-龥々ァ-ヴー]+)は(?=.*{ASKING})(?!.*(?:{ASKING}|の)(?:です|でし|だ|なの)).*(?:ます|まし|た|る)"
)
_COMMON_TOPIC = re.compile(r"(?P<noun>[一-龥々ァ-ヴー]{2,})は")
_OF_SOMETHING_ELSE = re.compile(r"[長者人員主費率数量額名日時法側面点]$")
_RELATIVE = re.compile(
    r"(?:最|今|前|次|翌|初|現|当|以|同|全|各|両|他|別|後|先|毎|本|元|新|旧|双|相|自|一|二|三|第)"
)
"""What a word begins with that means something only beside what was said before."""
_ENGLISH = re.compile(
    r"(?:who|what|which|when|where|why|how|is|are|was|were|do|does|did|regarding)\b", re.IGNORECASE
)
_OF_NAME = re.compile(r"の(?:名前|氏名|フルネーム|名)$")
_JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")

LONGEST_NAME = 24
"""Characters of a short answer that can be put in for a pronoun."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question without its connector, and what was before.

    It was `contrasted` where that was では, and is `among` what was asked about where it was
    そのうち.
    """

    body: str
    earlier: tuple[Exchange, ...]
    contrasted: bool
    among: bool = False

    @property
    def last(self) -> Parts:
        """The earlier question, taken apart."""
        return parts_of(self.earlier[-1].question)

    @property
    def short_answer(self) -> str:
        """The words that answered it."""
        return self.earlier[-1].short_answer

    @property
    def subject(self) -> str:
        """What it was about."""
        if not _JAPANESE.search(self.last.whole) or _ENGLISH.match(self.last.whole):
            return english_subject(self.earlier[-1].question)
        if asked_about := who_is(self.last.whole, self.earlier[-1].description):
            return asked_about
        if not self.earlier[1:]:
            return nameable(subject_of(self.last))
        before = replace(self, earlier=self.earlier[:-1])
        if any(counts(each.question) for each in self.earlier) and (
            before.subject == self.last.about  # 村の柵は何本ありますか, and then of it: 高さは？
        ):
            return before.subject
        return nameable(subject_of(self.last, before.last.whole))

    def lending(self) -> FollowUp | None:
        """The same behind the last question that may lend its subject; None where none may.

        It is the last one that was not refused. Where all were, a question with a noun of its own
        (館長は誰ですか) stands by itself; any other (なぜですか, 費用は？) goes on about them.
        """
        answered = [number for number, each in enumerate(self.earlier, 1) if not each.refused]
        if answered:
            return replace(self, earlier=self.earlier[: answered[-1]])
        topic = _COMMON_TOPIC.match(self.body)
        return None if topic and _is_thing(topic["noun"]) else self


def rewrite(question: str, earlier: tuple[Exchange, ...]) -> str:
    """Return a question with what it leaves out; the same where it leaves out nothing."""
    unmarked = without_marks(question)
    connected = _CONNECTOR.sub("", unmarked)
    body = _AMONG.sub("", connected)
    among = body != connected
    body = _with_topic_mark(body)
    said = _said(earlier)
    if body == unmarked and _names_its_own(body, said):
        return question
    if body != unmarked and _names_somebody_else(body, said):
        return _marked(body)
    contrasted = bool(_CONTRAST.match(unmarked))
    follow_up = FollowUp(body, earlier, contrasted, among=among)
    for rule in _RULES:
        written = rule(follow_up)
        if written is not None:
            return _marked(written)
    if body == unmarked and stands_alone(body, follow_up.subject, said):
        return question
    lending = follow_up.lending()
    if lending is None or not lending.subject:
        return question if body == unmarked else _marked(body)
    return _marked(_with_subject(lending))


def _with_topic_mark(body: str) -> str:
    """A bare noun asks what its own question would: 駅からのバス(は？)."""
    return f"{body}は" if _BARE.fullmatch(body) and not re.search(ASKING, body) else body


def begins_anew(question: str, earlier: tuple[Exchange, ...]) -> bool:
    """Whether a question behind ところで is about something that it names itself."""
    body, said = without_marks(question), _said(earlier)
    if _POINTING.search(body):
        return False
    topic = _COMMON_TOPIC.match(body)
    if topic and _is_thing(topic["noun"]) and not _OF_SOMETHING_ELSE.search(topic["noun"]):
        return topic["noun"] not in said
    return _names_its_own(body, said) or stands_alone(body, "", said)


def _said(earlier: tuple[Exchange, ...]) -> str:
    return " ".join(f"{each.question} {each.answer}" for each in earlier)


def points_back(question: str) -> bool:
    """Whether a question without its marks has a word for what was said before: 彼, その, では."""
    found = _POINTING.search(question) or _AFTERWARDS.match(question) or _CONTRAST.match(question)
    return found is not None


def own_topic(question: str) -> str:
    """Return the common noun that a whole question with a verb is about: 調査は誰が始めましたか.

    Empty where the noun is one of something else (社長, 費用), where something is pointed at, and
    where the question goes on from what was said (では、…).
    """
    unmarked = without_marks(question)
    found = _WITH_VERB.match(unmarked)
    if found is None or _CONNECTOR.match(unmarked) or _POINTING.search(unmarked):
        return ""
    noun = found["topic"]
    if len(noun) == 1 and kind_of(noun):  # 母はどこで生まれましたか
        return ""
    return noun if _is_thing(noun) and not _OF_SOMETHING_ELSE.search(noun) else ""


def asks_of(question: str, name: str) -> bool:
    """Whether a whole question begins with a name: 月見祭はいつですか, but not では、月見祭は？."""
    body = _CONNECTOR.sub("", without_marks(question))
    rest = body.removeprefix(name)
    if rest == body or re.fullmatch(r"(?:は|って|も|なら)?(?:どう.*)?", rest):
        return False
    return re.match(r"[はがのでにをも]|って|とは|について", rest) is not None


def _is_thing(noun: str) -> bool:
    """Whether a noun is neither a circumstance nor a side of what was said before."""
    of_something = is_general(noun) or _CIRCUMSTANCE.match(noun) or _ATTRIBUTE.search(noun)
    return not of_something and not _RELATIVE.match(noun)


def _names_its_own(body: str, said: str) -> bool:
    """Whether a question is about something that it names and that nobody has named before."""
    found = _OF_SOMETHING.match(body)
    side = _SIDE_ONLY.match(body)
    if found is None or any(each.match(body) for each in (_RELATIVE, _POINTING, _RETURNING)):
        return False
    if side and kind_of(side["topic"]):  # 直接の原因は？
        return False
    return found["whose"] not in said


def _names_somebody_else(body: str, said: str) -> bool:
    """Whether a whole question after では is about a name in other letters that nobody has said.

    A name alone (では、ロシアは？) asks the earlier question of it.
    """
    found = _OTHER_NAME.match(body)
    return found is not None and found["name"].lower() not in said.lower()


def _marked(text: str) -> str:
    bare = without_marks(text)
    if re.search(r"(?:ください|して|教えて)$", bare):
        return bare
    return f"{bare}？" if _JAPANESE.search(bare) else f"{bare}?"


# ── questions that are only half said ────────────────────────────────────────────────────────


def _confirmed(given: FollowUp) -> str | None:
    """本当？ asks the earlier question again."""
    return given.last.whole if _REALLY.match(given.body) else None


def _more(given: FollowUp) -> str | None:
    """もっと詳しく asks about the same thing."""
    if not _MORE.match(given.body):
        return None
    about = given.last.matter or given.subject
    return f"{about}について詳しく教えてください" if about else given.last.whole


def _others(given: FollowUp) -> str | None:
    """他には？ asks the earlier question for more."""
    if not _OTHERS.match(given.body):
        return None
    last = given.last
    return f"{last.whole[: last.start]}他に{last.whole[last.start :]}"


def _asked_otherwise(given: FollowUp) -> str | None:
    """いつ？ なぜ？: the earlier question with another question word."""
    found = _ASKED_ONLY.match(given.body)
    if found is None:
        return None
    last = given.last
    named = _named_answer(given) if _WHAT_LIKE.match(given.body) else ""
    if named:
        return f"{named}は{found['asked']}ですか"
    if not last.asked:
        about = _OF_NAME.sub("", last.about)
        return f"{about}は{given.body}" if about else None
    if last.clause is not None:
        return f"{_told_event(given)}のは{found['asked']}ですか"
    return _with_other_word(last, found["asked"], _named_answer(given))


def _with_other_word(last: Parts, asked: str, answered: str) -> str:
    """The earlier question with another question word, its particle changed along.

    Who did it is told by then: 誰が休みましたか, なぜ？ asks why that person did.
    """
    after = last.whole[last.end :]
    is_adverb = _ADVERB.search(asked)
    was_adverb = _WAS_ADVERB.match(last.asked) and last.about
    if is_adverb and re.fullmatch("誰|だれ", last.asked) and after.startswith("が"):
        asked = f"{answered}が{asked}" if answered else asked
    if is_adverb:
        after = re.sub(r"^(?:から|まで|[がをにへで])(?!す)", "", after)
    elif was_adverb and re.match(r"誰|だれ|どこ$|どなた", asked):
        asked = f"{asked}が"
    elif _must_change(last, asked, after):
        return f"{last.matter}は{asked}ですか"
    return f"{last.whole[: last.start]}{asked}{after}"


def _must_change(last: Parts, asked: str, after: str) -> bool:
    """Whether another question word fits nowhere in the earlier question: いくら for どこ(に)."""
    if last.about and last.asked.startswith("どこ") and _QUANTITY.match(asked):
        return True
    is_whole = re.match(_COPULA + "$", after)
    return bool(_WAS_ADVERB.match(last.asked) and last.about and not is_whole)


def _told_event(given: FollowUp) -> str:
    """The earlier question's event, with the answer where who or which was asked."""
    clause = given.last.clause or ""
    regarding = re.match(r"^(.+について、)", given.last.whole)
    who = given.short_answer
    asks_who = re.match(r"誰|だれ|どちら|どっち", given.last.asked) or given.last.about[-1:] != "の"
    if who and asks_who and "が" not in clause and not _VALUE.match(who) and who not in clause:
        clause = f"{who}が{clause}"
    return f"{regarding[1]}{clause}" if regarding and regarding[1] not in clause else clause


def _returned(given: FollowUp) -> str | None:
    """橋の話に戻ると、全長は？ asks for the length of the bridge, whatever was said in between."""
    found = _RETURNING.match(given.body)
    if found is None:
        return None
    topic, rest = _named_before(found["topic"], given) or found["topic"], found["rest"]
    pointing = _POINTING.search(rest)
    if pointing and not pointing["noun"] and not pointing["place"]:
        return f"{rest[: pointing.start()]}{topic}{rest[pointing.end() :]}"
    if topic in rest:
        return rest
    return f"{topic}の{rest}" if _OWN_TOPIC.match(rest) else f"{topic}は{rest}"


def _of_the_article(given: FollowUp) -> str | None:
    """この記事…: the article that the conversation is about."""
    if not _ARTICLE.search(given.body) or not given.subject:
        return None
    return given.body if given.subject in given.body else f"{given.subject}について、{given.body}"


def _part(given: FollowUp) -> str | None:
    """そのうちXは？: X of it, and how much that is where it was asked how much it is."""
    found, asked = _TOPIC_ONLY.match(given.body) if given.among else None, given.last.asked
    topic = (found["alone"] or found["topic"]) if found else ""
    if not topic:
        return None
    if not given.subject:
        return given.body
    return f"{given.subject}のうち{topic}は" + (f"{asked}ですか" if _QUANTITY.match(asked) else "")


def _foremost(given: FollowUp) -> str | None:
    """一番安いのは？: the other end of what was asked for, or the most of what was asked of one."""
    found = _MOST_ALONE.match(given.body)
    if found is None:
        return None
    last, asked = given.last.whole, found["asked"]
    said = re.search(MOST_JA, last)
    if said:
        rest = f"の{asked}" if re.search(ASKING, asked) else last[said.end() :]
        return f"{last[: said.start()]}{found['most']}{rest}"
    measured = _MEASURE_ASKED.search(last)
    return f"{measured['measure']}が{found['most']}の{asked}" if measured else None


def _not_but(given: FollowUp) -> str | None:
    """朝じゃなくて夜: the earlier question with what was meant in the place of what was not."""
    found = _NOT_BUT.match(given.body)
    if found is None or found["wrong"] not in given.last.whole or re.search(ASKING, found["right"]):
        return None
    right = found["right"].removesuffix("は")
    return given.last.whole.replace(found["wrong"], right, 1)


def _other_side(given: FollowUp) -> str | None:
    """母は？ after Xの父は誰？: the earlier question asked of another side of the same thing."""
    found = _SIDE_ONLY.match(given.body)
    kind = kind_of(found["topic"]) if found else None
    if found is None or kind is None:
        return None
    topic, last = found["topic"], given.last
    owned = _SIDE_ASKED.match(last.whole)
    if owned and not found["asked"] and kind_of(owned["side"]) == kind and last.asked:
        return f"{owned['owner']}の{topic}{owned['rest']}"
    if kind == "circumstance" and _head(topic) in last.whole and not last.asked:
        whose = _asked_whether(_head(topic), last)
        return f"{whose}の{topic}は何ですか" if whose else f"{topic}は何ですか"
    if kind == "kin" and given.contrasted and not found["asked"] and given.subject and not owned:
        return last.whole.replace(given.subject, f"{given.subject}の{topic}", 1)
    return None


def _head(topic: str) -> str:
    return re.split("[のなに]", topic)[-1]


def _asked_whether(side: str, last: Parts) -> str:
    """Return of what a question for yes or no asks whether something is a side of it."""
    found = re.match(
        rf"(?P<of>.+)の[^のはが]*{side}は|(?:(?P<about>.+?)[はの])?[^はが]+が.*{side}", last.whole
    )
    return ((found["of"] or found["about"]) if found else subject_of(last)) or ""


def _other_topic(given: FollowUp) -> str | None:
    """Xは？: the earlier question asked of X, or X as one more side of its subject."""
    found = _TOPIC_ONLY.match(given.body)
    topic = (found["alone"] or found["topic"]) if found else ""
    if not topic or re.search(ASKING, topic):
        return None
    old = _counterpart(topic, given)
    if not old and given.subject in given.last.whole and are_of_one_kind(topic, given.subject):
        old = given.subject
    if old:
        return given.last.whole.replace(old, topic, 1)
    if re.match(r"[\d０-９]+(?:年|月|世紀)", topic):
        return f"{topic}に{given.last.whole}"
    lending = given.lending()
    if lending is not None and lending.subject and lending.subject in topic:
        return f"{topic}は"
    if (
        topic.endswith(("の", "こと"))
        or names_event(topic)
        or is_name(topic)
        or not lending
        or not lending.subject
    ):
        return None
    return f"{lending.subject}の{topic}は"


def _counterpart(topic: str, given: FollowUp) -> str:
    """Return the word of the earlier question in whose place another one is named."""
    if titled := _other_person(topic, given.last.whole):
        return titled
    terms = [term for term in nouns_of(given.last.whole) if term not in topic]
    if topic[:1].isdigit():
        alike = [term for term in terms if term[:1].isdigit()]
    else:
        alike = [term for term in terms if shape(term) == shape(topic) and is_name(topic)]
        ending = [term for term in terms if term[-1] == topic[-1] and len(topic) > 1]
        alike += [term for term in ending if kind_of(term) == kind_of(topic)]  # 部会, but 司会
    replaced = given.contrasted and given.subject not in topic and not _ATTRIBUTE.search(topic)
    replaced = replaced and kind_of(topic) is None
    fallback = [given.subject] if replaced else []
    return next(iter([*alike, *fallback]), "")


_PERSON_TITLE = r"(?:さん|くん|ちゃん|氏|君|様|先生|教授|博士)"
_TITLED = re.compile(
    rf"(?P<name>[^\s、。「」はがをにでのともへ]{{1,15}}){_PERSON_TITLE}(?=[、はがをにでのともへ]|$)"
)


def _other_person(topic: str, asked: str) -> str:
    """Return whom a question names with a title where another one is named so (谷さんは？)."""
    if not _names_person(topic):
        return ""
    found = (match.group() for match in _TITLED.finditer(asked))
    return next((each for each in found if each != topic and _names_person(each)), "")


def _names_person(words: str) -> bool:
    """Whether words are a name with a title, and no word for kin or visitors (お母さん)."""
    found = _TITLED.fullmatch(words)
    return found is not None and kind_of(words) is None and not re.match("[おご奥嫁客]", words)


# ── pronouns ─────────────────────────────────────────────────────────────────────────────────


def _afterwards(given: FollowUp) -> str | None:
    """その後は？: a time within what was asked about."""
    last = given.last
    following = _NEXT.match(given.body)
    if following and last.about:
        end = last.start if last.asked else len(last.whole)
        asked_of = re.sub(r"(?:に|で)?[はがを]$", "", last.whole[:end])
        return f"{asked_of}の{given.body[following.end() :]}"
    if not _AFTERWARDS.match(given.body):
        return None
    if not last.about or stands_alone(given.body, given.subject, ""):
        return None
    return f"{last.matter}{'について、' if last.asks_for_part else 'は、'}{given.body}"


def _pointed(given: FollowUp) -> str | None:
    """Names for pronouns; None where there are none, or nothing that they can mean."""
    found = _POINTING.search(given.body)
    if found is None:
        return None
    name = _noun_meant(given, found["noun"]) if found["noun"] else _meant(given, found)
    if name and found.group().endswith("って"):
        name = f"{name}は"
    return f"{given.body[: found.start()]}{name}{given.body[found.end() :]}" if name else None


def _meant(given: FollowUp, found: re.Match[str]) -> str:
    if found["person"] or found["people"]:
        return _person(given) or _described(given) or given.subject
    if found["place"] and _WHERE_IT_IS.search(given.last.whole):
        return given.last.about or given.subject
    if found["place"]:
        return _place_meant(given) or given.subject
    if found["body"]:
        return _named_answer(given) or given.subject
    return _thing(given)


def _persons_asked_for(given: FollowUp) -> set[str]:
    """The answers to earlier questions that asked who."""
    asked = (each for each in given.earlier if asks_for_person(each.question))
    return {each.short_answer for each in asked if each.short_answer}


def _place_meant(given: FollowUp) -> str:
    """Return what そこ means: the answer, or where whoever was asked for was: パリに招いた."""
    persons = _persons_asked_for(given)
    named = _named_answer(given)
    return _place_in(given) if persons and (not named or named in persons) else named


def _place_in(given: FollowUp) -> str:
    """Return where somebody was said to go or to be: スウェーデンに招いた, 京都で会った."""
    for each in reversed(given.earlier):
        places = [found["place"] for found in _PLACE.finditer(each.question)]
        for place in places:
            if not _WHEN.search(place):
                sent = re.search(rf"([^はがを、]{{2,20}})を{re.escape(place)}[にへ]", each.question)
                return f"{sent[1]}は{place}" if sent else place
    return ""


def _person(given: FollowUp) -> str:
    """Return whom the conversation was about last."""
    for exchange in reversed(given.earlier):
        if asked_about := who_is(exchange.question, exchange.description):
            return asked_about
        asked_who = asks_for_person(exchange.question)
        if asked_who and exchange.short_answer and not _VALUE.match(exchange.short_answer):
            return exchange.short_answer
        named = persons_in(exchange.short_answer) if asked_who else persons_in(exchange.question)
        named = named or (persons_in(exchange.answer) if asked_who else [])
        if named:
            return named[0]
    return next(iter(persons_in(given.earlier[-1].answer)), "")


def _described(given: FollowUp) -> str:
    """Return whom the last question asked for, in its own words: 会社を設立した人."""
    asked_who = re.match(r"誰|だれ", given.last.asked)
    return f"{given.last.clause}人" if asked_who and given.last.clause else ""


def _named_answer(given: FollowUp) -> str:
    """Return the short answer where a name was asked for."""
    short = given.short_answer
    asked = re.match(r"どこ|どの|どちら|どれ|どんな|何$|何[てと]いう|誰|だれ", given.last.asked)
    if not asked or not short or _VALUE.match(short) or len(short) > LONGEST_NAME:
        return ""
    return "" if re.search(r"[をがは]|た$", short) else short


def _thing(given: FollowUp) -> str:
    """Return what それ means: what was done something to, a name that answered, or the matter."""
    if given.last.asks_for_part and "を" in given.last.about:
        return given.last.about.partition("を")[0].rpartition("が")[2]
    if asks_for_person(given.last.whole):
        return given.last.matter if given.last.clause else given.subject
    return _named_answer(given) or given.last.matter or given.subject


def _noun_meant(given: FollowUp, noun: str) -> str:
    """その動物 is the animal that was named; その最高速度 is the top speed of what was."""
    is_answer = given.last.clause is not None and given.last.about.endswith(noun)
    named = (_named_answer(given) if is_answer else "") or _named_before(noun, given)
    if named:
        return named
    if asks_for_person(given.last.whole) and _is_said(noun, given):
        return noun
    work = re.search(WORK, given.earlier[-1].answer) if re.fullmatch(OF_WORK, noun) else None
    if work is not None and given.subject:
        return f"{given.subject}の{work.group()}の{noun}"
    if _CIRCUMSTANCE.match(noun):
        clause = given.last.clause
        return f"{clause}{noun}" if clause else f"{given.last.matter or given.subject}の{noun}"
    if _CATEGORY.search(noun):
        head = noun[-1]
        is_answer = head in given.last.asked or head in given.last.about[-1:]
        return (_named_answer(given) if is_answer else "") or given.subject
    return f"{given.subject}の{noun}" if given.subject else ""


def _is_said(noun: str, given: FollowUp) -> bool:
    """Whether an earlier question has a noun by itself: 会議で書記を務めたのは誰ですか."""
    alone = re.compile(rf"(?:^|[、はがをにでのと]){re.escape(noun)}(?=[はがをにでのと、]|$)")
    return any(alone.search(each.question) for each in given.earlier)


def _named_before(noun: str, given: FollowUp) -> str:
    """Return the words with which an earlier question named a thing of this kind."""
    pattern = re.compile(rf"[^はがを、。？?\s]{{1,20}}{re.escape(noun)}(?=[はがをにでのと、？?]|$)")
    asked = [each.question for each in reversed(given.earlier)]
    found = next((match for each in asked if (match := pattern.search(each))), None)
    if found is None or re.match(rf"{ASKING}", found.group()):
        return ""
    return found.group()


# ── questions without a subject ──────────────────────────────────────────────────────────────


def _with_subject(given: FollowUp) -> str:
    """Put what the conversation is about before a question."""
    body, last = given.body, given.last
    if re.match(r"誰|だれ", last.asked) and given.short_answer and not _OWN_TOPIC.match(body):
        return f"{given.short_answer}は{body}"
    if not given.subject:
        return body
    if last.asks_for_part and "を" in last.about:
        return f"{last.matter}について、{body}"
    topic = re.match(rf"^(?P<noun>{NOUN}|[^はがをにで、の]{{1,8}})(?:は|が|も)", body)
    if topic and not is_name(topic["noun"]) and not re.search(ASKING, topic["noun"]):
        return f"{given.subject}の{body}"
    about = given.subject if last.clause is None else last.matter or given.subject
    return f"{about}について、{body}" if re.search("は", body) else f"{about}は{body}"


_RULES: tuple[Callable[[FollowUp], str | None], ...] = (
    _returned,
    _not_but,
    _foremost,
    _part,
    _confirmed,
    _more,
    _others,
    _asked_otherwise,
    _of_the_article,
    _afterwards,
    _pointed,
    _other_side,
    _other_topic,
)
