"""Content words and clauses of a folded text, without a dictionary.

Japanese is cut where the script changes, which leaves stems and names whole; English is cut at
spaces, its function words dropped and its endings taken off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from shutten.types import Language

Script = Literal["kanji", "katakana", "latin", "kana"]

HAN = r"々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KATAKANA = r"\u30a1-\u30fa\u30fc"
_KANA_NOUNS = (
    "けが人|けが|ごみ|りんご|みかん|ぶどう|いちご|さくらんぼ|さくら|うどん|たばこ|おもちゃ|めがね|"
    "はがき|きっぷ|ねずみ|うさぎ|きつね|たぬき|くじら|まぐろ|さんま|にわとり|"
    "ぜんそく|やけど|めまい|おにぎり|しょうゆ|こんにゃく|たまご|"
    "まんじゅう|せんべい|おでん|ろうそく|ちょうちん|だるま|こけし|みぞれ|なだれ"
)
"""Common nouns that are written in hiragana; other words in it are not told from particles."""
_WORD = re.compile(
    rf"(?P<noun>{_KANA_NOUNS})|(?P<kanji>[{HAN}]+)|(?P<katakana>[{_KATAKANA}][{_KATAKANA}・]*)"
    r"|(?P<latin>[a-z\u00c0-\u024f][a-z\u00c0-\u024f0-9]*(?:['-][a-z\u00c0-\u024f]+)*)"
    r"|(?P<kana>[ぁ-ゖ])"
)
_TAIL = re.compile(r"[ぁ-ゖ]*")

_STOP = frozenset(
    "a an the of in on at to for from by with as and or but nor so if than that this these those it "
    "its he she they them his her their him we our you your i my me is are was were be been being am "
    "do does did done has have had having will would shall should can could may might must not no "
    "there here who whom whose which what when where how why while because since until after before "
    "during between among into onto over under about around up out off then also too very just only "
    "such own same other another each both more most less least much many some any all every few "
    "however although though despite according article articles passage passages one ones s t re ve "
    "ll d nt away ago per via within without again ever even still yet already now later earlier "
    "former latter later about roughly approximately nearly almost exactly at against near "
    "never ms mr mrs dr prof called named known well get got down back along place times month months year years day days".split()
)
LIGHT = frozenset(
    "com mak tak giv go becom put set keep show provid turn us hav bring lie stand remain includ larg lot kind type way "
    "part number total amount thing people person time figur hous compar probab last even far look happen occur someon got actual fact mention follow situat 人".split()
)
"""Stems that say little by themselves: beside others they are no addition."""

STOP_KANJI = frozenset(
    "約 第 等 的 様 為 方 際 点 側 同 者 事 物 時 所 中 内 間 上 下 前 後 氏 年 月 日 他 今 当 其 此 何 数 以上 以下 以降 "
    "以前 未満 場合 模様 自身 自体 本人 彼 彼女 我々 私 際 旨 分 程度 以内 現在 当時 同時 一方 記事 文章 資料 場 々 更 互 例 "
    "行 言 思 見 来 出 入 持 成 用 得 取 付 合 度 回 個 達 化 性 頃 共 通 際 特 実 主 例 結果 必要 関係 対 関 述 比 起 数 際 降 従".split()
)
_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "built:build fell:fall fallen:fall rose:rise risen:rise won:win bought:buy sold:sell "
        "grew:grow grown:grow held:hold made:make took:take taken:take gave:give given:give "
        "wrote:write written:write led:lead left:leave lost:lose found:find began:begin begun:begin "
        "became:become came:come went:go gone:go ran:run saw:see seen:see said:say told:tell "
        "brought:bring caught:catch taught:teach thought:think fought:fight kept:keep slept:sleep "
        "met:meet paid:pay sent:send spent:spend stood:stand understood:understand chose:choose "
        "chosen:choose broke:break broken:break drew:draw drawn:draw flew:fly flown:fly knew:know "
        "sank:sink sunk:sink sang:sing sung:sing spoke:speak spoken:speak stole:steal stolen:steal "
        "threw:throw thrown:throw wore:wear worn:wear beat:beat beaten:beat shot:shoot lay:lie "
        "children:child men:man women:woman people:person feet:foot lives:life wives:wife born:born "
        "died:die dying:die lying:lie tied:tie better:good best:good worse:bad worst:bad "
        "its:it burnt:burn learnt:learn lent:lend meant:mean struck:strike shrank:shrink "
        "shrunk:shrink swam:swim drove:drive driven:drive ate:eat eaten:eat drank:drink hid:hide"
    ).split()
)
_ENDINGS = (
    "ational", "ization", "ations", "ation", "ments", "ment", "ities", "ity", "ings", "ing",
    "ies", "ied", "edly", "ed", "ers", "er", "ors", "es", "ly", "ion", "ions", "s", "e", "y",
)  # fmt: skip
_SHORTEST = 3

_CLAUSE_JA = re.compile(r"[、。;；!?\n]+|(?<=[ぁ-ゖ])(?:が|けれど|一方で)、")
_CLAUSE_EN = re.compile(
    r"[;:.!?\n]+(?=\s|$)|,(?!\d)|\s(?=(?:but|while|whereas|although|though|because|when|so that|which|who)\b|and (?:the |a |an |her |his |its |their )?\w+(?: \w+)? (?:was|were|is|are|had|has|[a-z]{3,}ed|built|fell|rose|won|bought|sold|made|took|gave|wrote|led|left|lost|found|began|became|came|went|ran|said|kept|paid|sent)\b)"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A content word; `key` is what is compared, `tail` the hiragana behind a Japanese word."""

    key: str
    start: int
    end: int
    script: Script
    tail: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence, offsets in its folded text."""

    start: int
    end: int


def stem(word: str) -> str:
    """Take the commonest English endings off; irregular forms become their base first."""
    bare = word.removesuffix("'s").removesuffix("'")
    base = _IRREGULAR.get(bare, bare)
    for ending in _ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= _SHORTEST:
            cut = base[: -len(ending)]
            if len(cut) > _SHORTEST and cut[-1] == cut[-2] and cut[-1] not in "lse":
                cut = cut[:-1]
            return cut
    return base


def content_words(folded: str, *, function_words: bool = False) -> list[Word]:
    """Return the content words of a folded text in order; numbers are none.

    `function_words` keeps the English ones in.
    """
    found: list[Word] = []
    for match in _WORD.finditer(folded):
        script: Script = match.lastgroup  # type: ignore[assignment]
        start, end, text = match.start(), match.end(), match.group()
        if script == "latin":
            found += _latin(start, text, frozenset() if function_words else _STOP)
        elif match.lastgroup == "noun":
            tail = _TAIL.match(folded, end)
            found.append(Word(text, start, end, "kana", tail.group() if tail else ""))
        elif script == "kanji" and text not in STOP_KANJI and not _only_nominalises(folded, match):
            tail = _TAIL.match(folded, end)
            found.append(Word(text, start, end, script, tail.group() if tail else ""))
        elif script == "katakana":
            tail = _TAIL.match(folded, end)
            found.append(Word(text.strip("・"), start, end, script, tail.group() if tail else ""))
    return found


def _only_nominalises(folded: str, match: re.Match[str]) -> bool:
    """人 behind what describes it (負傷した人) says no more than the verb does."""
    return match.group() == "人" and folded[: match.start()].endswith(tuple("たるいなの"))


def _latin(start: int, text: str, stop: frozenset[str]) -> list[Word]:
    words = []
    for part in re.finditer(r"[^-]+", text):
        bare = part.group().split("'", maxsplit=1)[0]
        if bare not in stop and len(bare) > 1:
            here = start + part.start()
            words.append(Word(stem(bare), here, here + len(part.group()), "latin"))
    return words


def clauses(folded: str, language: Language) -> list[Clause]:
    """Return the clauses of a folded text; one that holds no content word joins the one before."""
    pattern = _CLAUSE_JA if language == "ja" else _CLAUSE_EN
    found: list[Clause] = []
    start = 0
    for end in [*(match.end() for match in pattern.finditer(folded)), len(folded)]:
        if end <= start:
            continue
        if found and not content_words(folded[start:end]):
            found[-1] = Clause(found[-1].start, end)
        else:
            found.append(Clause(start, end))
        start = end
    return found
