"""Sentences about the opposite of what a question asks for.

Who resigned is not answered by who was appointed. Such a sentence shares nearly all of its words
with the question.
"""

from __future__ import annotations

import re

from shutten.terms import folded

_OPPOSITES = tuple(
    (re.compile(asked), re.compile(told))
    for asked, told in (
        ("辞任|退任|辞め|辞職", "就任|就い"),
        ("増(?!設|築|刊)", "減"),
        ("減", "増(?!設|築|刊)"),
        ("最小|最少|最低", "最大|最多|最高"),
        ("輸入", "輸出"),
        ("輸出", "輸入"),
        ("賛成", "反対"),
        ("反対", "賛成"),
        ("卒業|退社|退団|退学", "入学|入社|入団"),
        ("開業|開店|開館|開設|開校|開園|創業", "閉業|閉店|閉館|閉鎖|閉校|閉園|廃業"),
        ("降車", "乗車"),
        ("乗車", "降車"),
        ("脱退|離脱", "加入|加盟"),
        ("建設|建て", "解体|取り壊"),
        ("着工|起工", "完成|竣工"),
        ("完成|竣工", "着工|起工"),
        ("開始|始ま", "終了|終わ"),
        ("終了|終[わえ]|締め?切|まで", "開始|始ま"),
        ("釈放|保釈", "逮捕"),
        # whose, and which of several
        ("生まれ|誕生日|出生", "死去|没し|亡くな|死亡"),
        ("死(?!体)|没|亡くな|夭折|最期", "生まれ|誕生|出生"),
        ("母", "父(?!母)"),
        ("女性|女子", "男性|男子"),
        ("男子|共学", "女子"),
        ("長男", "次男|三男"),
        ("次男", "長男|三男"),
        ("長女", "次女"),
        ("二代|2代", "初代|三代|3代"),
        ("三代|3代", "初代|二代|2代"),
        ("第一次", "第二次"),
        ("第二次", "第一次"),
        ("社長", "会長|副社長"),
        ("首相", "大統領"),
        ("大統領", "首相"),
        ("知事", "市長"),
        ("衆議院", "参議院"),
        ("参議院", "衆議院"),
        ("監督", "主演|出演"),
        ("主演", "監督"),
        ("作詞", "作曲"),
        ("脚本", "監督|原作"),
        ("負傷|けが|怪我", "死者|死亡|亡くな"),
        ("死|亡くな", "負傷|けが|重傷|軽傷"),
        ("行方不明", "死者|死亡"),
        # where, when, and which measure
        ("右", "左"),
        ("左", "右"),
        ("後半", "前半"),
        ("先代|旧(?=[一-龥])|以前の|かつての|前の(?!方)", "現在の|今の|現行"),
        ("土曜|日曜|週末|祝日", "平日"),
        ("昨年|去年", "今年"),
        ("今年", "昨年|去年"),
        ("日本(?:の|で|国内)|国内", "全世界|世界全体"),
        ("幅", "長さ|高さ"),
        ("高さ", "長さ|幅|深さ"),
        ("[重体]重|重[さ量]|質量", "長さ|高さ"),
        ("面積", "長さ|高さ|幅"),
        ("人口", "面積"),
        ("発売", "発表"),
        (
            r"\b(?:resign|step(?:ped)? down|retire|leave office|left office)",
            r"\b(?:was appointed|became|took office|took over|took up)\b",
        ),
        (r"\b(?:decreas|declin|fell\b|drop)", r"\b(?:increas|rose\b|grew\b)"),
        (r"\b(?:increas|rise\b|rose\b)", r"\b(?:decreas|declin|fell\b|drop)"),
        (r"\b(?:rejected|refus)", r"\baccepted"),
        (r"\bopen", r"\bclos"),
        (r"\b(?:clos|shut)", r"\bopen"),
        (r"\b(?:hired|appoint)", r"\b(?:dismiss|resign|fired)"),
        (r"\bborn\b|birth", r"\b(?:died|death)\b"),
        (r"\b(?:die|died|death|dead)\b", r"\bborn\b"),
        (r"\bmother\b", r"\bfather\b"),
        (r"\bdaughter", r"\bson\b"),
        (r"\b(?:women|female)", r"\b(?:men|male)\b"),
        (r"\b(?:pupil|student)", r"\bteacher"),
        (r"\b(?:injured|hurt|wounded)", r"\b(?:killed|died)"),
        (r"\bdesign", r"\b(?:built|constructed)"),
        (r"\bfirst\b", r"\blast\b"),
        (r"\blast\b", r"\bfirst\b"),
        (r"\bsecond\b", r"\bfirst\b"),
        (r"\bthird\b", r"\b(?:first|second)\b"),
        (r"\bold\b", r"\bnew\b"),
        (r"\bafter\b", r"\bbefore\b"),
        (r"\bsouth", r"\bnorth"),
        (r"\beast", r"\bwest"),
        (r"\blength\b|\blong\b", r"\b(?:height|high|wide)\b"),
        (r"\b(?:weight|weigh|heavy)", r"\b(?:height|length|tall)\b"),
    )
)
"""What is asked for, and what a sentence then must not tell alone. Of the sentences in which
114,268 questions of JaQuAD, SQuAD and our own have their answer, 105 do; of the two most tempting
ones for 53,599 near misses 993. Pairs that are hit about as often in the first as in the second
were left out (買 and 売, 勝 and 敗, 兄 and 弟, 父 for 母 the other way round)."""
_SIDES = (
    re.compile(r"(?P<of>[一-龥々ァ-ヴー])の(?:外側|外)(?![一-龥])"),
    re.compile(r"(?P<of>[一-龥々ァ-ヴー])の(?:内側|内部|中)(?![一-龥])"),
)
"""What is outside of something, and what inside."""


def tells_the_opposite(question: str, sentence: str) -> bool:
    """Whether a sentence tells the opposite of what is asked for, and that alone."""
    asked, said = folded(question), folded(sentence)
    if any(
        wanted.search(asked)
        and not other.search(asked)
        and other.search(said)
        and not wanted.search(said)
        for wanted, other in _OPPOSITES
    ):
        return True
    return _is_of_the_other_side(asked, said)


def _is_of_the_other_side(asked: str, said: str) -> bool:
    outside, inside = ([each["of"] for each in side.finditer(asked)] for side in _SIDES)
    there, here = ([each["of"] for each in side.finditer(said)] for side in _SIDES)
    if outside and not inside:
        return bool(set(outside) & set(here)) and not there
    return bool(inside) and not outside and bool(set(inside) & set(there)) and not here
