"""What names nothing to look up: thanks and greetings, a pronoun or a question word alone.

Nor does what is asked of the tool and not of the articles, and what has no words.
"""

from __future__ import annotations

import re

from shutten.conversation.about_tool import (
    asks_about_tool,
    asks_how_to_use,
    asks_which_articles,
    bare,
)
from shutten.conversation.japanese_parts import ASKING
from shutten.phrases import HELPED, LISTED, NOTHING_ASKED, THANKED
from shutten.types import Language

_BETWEEN = r"[\s、,。．.!！?？…~〜～ー♪☆^_\-]*"

_JAPANESE = (
    r"(?:(?:本当に|ほんとに|いつも|大変|とても|どうも|誠に)?(?:ありがと[うー]?|有難う|有り難う|あざっ?す)"
    r"(?:ござい(?:ます|ました))?(?:です|ね)?"
    r"|どうも(?:です)?|サンキュー?|感謝(?:します|です)?|(?:とても|大変)?助かり(?:ます|ました)|助かった"
    r"|(?:はい)?(?:了解|承知|承り)(?:です|しました|いたしました|致しました)?|かしこまりました"
    r"|(?:よく)?(?:わかり|分かり|解り)(?:ました)?|(?:わかっ|分かっ|解っ)た|なるほど(?:です)?(?:ね)?"
    r"|はい|いいえ|いえ|うん|ううん|ええ|そう(?:です(?:か|ね)?|か|だね|ですよね)?|へ[えぇー]+|ふーん|OKです"
    r"|こんにち[はわ]|こんばん[はわ]|おはよう(?:ございます)?|はじめまして|初めまして|やあ|もしもし"
    r"|さ[よよう]*うなら|さようなら|バイバイ|またね|おやすみ(?:なさい)?|お(?:疲|つか)れ(?:様|さま)?(?:です|でした)?"
    r"|すみません(?:でした)?|ごめん(?:なさい)?|(?:どうぞ)?よろしく(?:お願い(?:します|いたします|致します))?"
    r"|お願い(?:します|いたします)|すごい(?:です)?(?:ね)?|すばらしい|素晴らしい(?:です)?|いいね|いいですね|完璧"
    r"|(?:あなた|君|お前|きみ)は?(?:誰|だれ|何者|何)(?:なの|です|だ)?か?|自己紹介して(?:ください)?"
    r"|(?:お元気|元気)(?:です)?か|(?:今日|明日|今)の?天気は(?:どう(?:です)?か?)?"
    r"|(?:本当に|ほんとに?|全然|ぜんぜん)?(?:使え|役に立た|つまら|くだら)ない(?:やつ|奴|ツール|アプリ)?(?:です|だ)?"
    r"|(?:バカ|ばか|馬鹿|アホ|あほ)(?:だ|か)?|ひどい(?:です)?|最悪(?:です|だ)?|がっかり(?:です|だ)?"
    r"|(?:(?:それ|これ|その答え|今の答え|答え|回答)[はがもって]{0,2})?(?:(?:全然|ぜんぜん|まったく|全く)?違(?:う|います|ってい?る|っています)"
    r"|間違(?:い|いです|えてい?る|えています|ってい?る|っています)|おかしい(?:です)?|誤りです|嘘(?:です|だ)?)"
    r"|(?:今日は)?いい(?:お)?天気(?:です|だ)?|(?:暑|寒|眠)い(?:です)?|疲れ(?:た|ました)"
    r"|(?:今日|明日|きょう)は?(?:何月)?何(?:日|曜日?)(?:です|だ)?か?|[今いま]{1,2}は?何時(?:です|だ)?か?"
    r"|大丈夫(?:です)?|結構です|以上(?:です)?|終わり(?:です)?|テスト(?:です)?|ご?質問(?:があります|です)?)"
    r"(?:よね|よ(?!く)|ね|わ(?!か)|な(?!る)[あー]?)?"
)
_ENGLISH = (
    r"(?:(?:it(?: is|'s) )?(?:nice|lovely|bad|good|great) weather"
    r"|(?:many |no )?thanks?(?: you)?(?: (?:so|very) much| a lot| again)?|thx|ty|cheers"
    r"|thank you(?: (?:so|very) much| again)?|hello|hi|hey|good (?:morning|afternoon|evening|night)"
    r"|(?:good)?bye|see you|yes|no|yep|nope|ok(?:ay)?|sure|great|good|nice|cool|perfect|excellent"
    r"|awesome|wow|i see|got it|understood|right|sorry|please|test|that(?:'s| is| was)"
    r"(?: very)? (?:great|helpful|all|good|nice)|well done|never ?mind|who are you|what are you"
    r"|how are you|what(?: is|'s) your name|how(?: is|'s) the weather"
    r"|what(?: is|'s) the weather(?: like)?"
    r"|(?:(?:that|this|it)(?: is|'s| was)|(?:you|your answer)(?: are|'re| is)) (?:not (?:right|true"
    r"|correct)|(?:completely |all )?(?:wrong|incorrect|false|useless|stupid|boring))"
    r"|wrong|incorrect|useless|stupid|boring|terrible|what (?:day|time|date) is it"
    r"|what(?: is|'s) (?:the date|the time|today's date))(?: there| everyone| today| now)?"
)
_CHAT = re.compile(
    rf"{_BETWEEN}(?:(?>{_JAPANESE}|\b{_ENGLISH}\b){_BETWEEN})++", re.IGNORECASE | re.DOTALL
)

_THANKS = re.compile(
    r"ありがと|有難う|有り難う|あざっ?す|サンキュ|感謝|助かり|助かっ|\b(?:thanks?|thx|ty|cheers)\b",
    re.IGNORECASE,
)

_WORDS = re.compile(r"[^\W_]{2}|[^\W_]-\d|[\u3400-\u9fff]")
_KEYS = re.compile(r"(?:asdf|qwer|zxcv|hjkl|sdfg|dfgh|fghj|lkjh)[a-z]*", re.IGNORECASE)
"""Neighbours on a keyboard."""
_ONE_AGAIN = re.compile(r"([^\W\d_])\1{3,}")
_CODE = re.compile(r"[;{}<>|\\`=]|--")
_PROSE = re.compile(
    r"[\u3041-\u30ff\u3400-\u9fff?]|\b(?:what|which|who\w*|when|where|why|how)\b", re.IGNORECASE
)
_MUCH_CODE = 3
"""So many signs of code make a text without a question a piece of code."""

_SENTENCE_ENDS = re.compile(r"(?<=[。．.!！?？])\s*|\s*\n\s*")

_PRONOUN = (
    r"(?:そ[れのこ]|こ[れのこ]|あ[れのこ]|それら|これら|そちら|こちら|彼女?ら?|そ(?:の|こ)(?:人|方|こと|件|後|時)"
    r"|こ(?:の|こ)(?:人|方|こと|件)|同氏|本人)"
)
_PARTICLES = r"(?:について|に関して|[はがをにでとのも]|って|から|まで|だけ)*"
_TOLD = (
    r"(?:(?:です|でした|でしょう|だっ?た?|な(?![るっり])|ます|ました|ある|いる|あり(?:ます|ました)"
    r"|い(?:ます|ました)|し(?:ます|ました|た)|する|なり(?:ます|ました)|なる|なった|起き(?:た|ました)|言い(?:ます|ました)"
    r"|教えて(?:ください|下さい)?|詳しく|くわしく|もっと|説明して(?:ください)?|お願い(?:します)?)(?:か|の|ん)*)*+(?:か|の)*"
)
_BARE_JAPANESE = re.compile(
    rf"(?:{_PRONOUN}{_PARTICLES})?(?:{ASKING}{_PARTICLES}){{0,2}}{_TOLD}"
    rf"|(?:もっと)?(?:詳しく|くわしく)(?:は|{_TOLD})|(?:他|ほか)に?(?:は|も){_TOLD}|続き(?:は|を)?{_TOLD}"
    rf"|(?:何か|他の)?(?:おすすめ|オススメ|お勧め)(?:は|を|の記事は?)?(?:何|なに|ある|あり)?{_TOLD}|[0-9]{{1,3}}"
)
_ASKING_ENGLISH = (
    r"(?:what|which|who|whom|whose|when|where|why|how)"
    r"(?: (?:much|many|long|old|big|far|tall|come|exactly|else))?"
)
_POINTING_ENGLISH = (
    r"(?:it|that|this|they|them|these|those|he|him|she|her|its|his|their|there|the (?:one|thing))"
)
_BARE_ENGLISH = re.compile(
    rf"(?:(?:and|but|so|then|ok(?:ay)?|well),? )*(?:{_ASKING_ENGLISH}"
    rf"(?: (?:is|was|are|were|did|does|do|has|had|will|would|can)(?:n't)?)?"
    rf"(?: {_POINTING_ENGLISH})?(?: (?:not|happen|do|mean|called|about|so|to|for|from|at|in|on|be"
    rf"|made|say|go))*|{_POINTING_ENGLISH}|anything else|(?:tell me |say )?more(?: about"
    rf" {_POINTING_ENGLISH})?|(?:any |what are your )?recommendations|what do you recommend"
    rf"|(?:really|go on|explain(?: {_POINTING_ENGLISH})?)"
    rf"|(?:is|was|are|were) {_POINTING_ENGLISH}(?: (?:so|true|right|it))?)",
    re.IGNORECASE,
)
_COUNTED_VERB = re.compile(
    r"何(?!時間|曜日|世紀|年間|日間|週間|番目|回目|種類|か|ヶ|カ|年頃|人目)[一-龥]{2}"
)
"""何人来ましたか has a verb of its own."""

_WHAT_TO_DO: dict[Language, str] = {
    "ja": "知りたいことを、人や物の名前を挙げて質問してください。",
    "en": "Name the person or thing that you ask about.",
}


def asks_nothing(said: str) -> bool:
    """Whether something is thanks, a greeting or the like, asks of the tool, or has no words."""
    words = bare(said)
    if not words:
        return False
    if _CHAT.fullmatch(words) or asks_about_tool(said) or _is_scrap(said, words):
        return True
    halves = _halves(said)
    return len(halves) > 1 and all(map(asks_nothing, halves))


def _halves(said: str) -> list[str]:
    """What was said in sentences; those without words are left out."""
    return [each for each in _SENTENCE_ENDS.split(said) if bare(each)]


def _is_scrap(said: str, words: str) -> bool:
    """Whether something is a few letters, one of them again and again, or a piece of code."""
    if not _WORDS.search(words) or _ONE_AGAIN.fullmatch(words) or _KEYS.fullmatch(words):
        return True
    return len(_CODE.findall(said)) >= _MUCH_CODE and not _PROSE.search(said)


def reply_to(said: str, language: Language) -> str:
    """Return what is said to what asks nothing of the articles."""
    if asks_which_articles(said):
        return LISTED[language]
    if any(map(asks_about_tool, (said, *_halves(said)))) or asks_how_to_use(said):
        return HELPED[language]
    return (THANKED if _THANKS.search(bare(said)) else NOTHING_ASKED)[language]


def names_nothing(question: str) -> bool:
    """Whether a question, made to stand alone, is a pronoun or a question word alone."""
    words = bare(question)
    if not words or _COUNTED_VERB.match(words):
        return False
    return bool(_BARE_JAPANESE.fullmatch(words) or _BARE_ENGLISH.fullmatch(words))


def what_to_do(language: Language) -> str:
    """Return what is said beside the refusal of a question that names nothing."""
    return _WHAT_TO_DO[language]
