"""Summaries without a language model: the sentences of an article that stand for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from shutten import terms
from shutten.aliases import aliases_in, all_renamed, is_named
from shutten.context import hit_at, in_context
from shutten.embedding import document_text
from shutten.index import Index
from shutten.reasons import gives_reason
from shutten.sentences import heading_words, trimmed
from shutten.tables import is_row
from shutten.types import (
    Article,
    ArticleEntry,
    Embedder,
    Hit,
    Matrix,
    Passage,
    Reading,
    Sentence,
)

FEWEST, MOST = 3, 5
"""Sentences of a summary; a short article has the fewest."""

SENTENCES_PER_LINE = 6
"""An article of so many sentences more gets one more."""

LEAD_WEIGHT = 0.3
"""How much the first sentences are favoured: an article says first what it is about."""

OPENING = 0.05
"""How much the first sentence of a paragraph is favoured."""

SPREAD = 0.2
"""What is held against a further sentence from the same part of an article, which has as many parts
of equal length as the summary sentences; where a part is one sentence or two, nothing is."""

LINKED = 0.1
"""What is held against a sentence that begins with a word that joins it to the one before."""

ALONE = 1.0
"""What is held against a sentence that says of what it speaks in the one before, where that one is
not quoted: more than content and place can make up for, unless nothing else is left."""

DECISIVE = 0.15
"""How much a sentence that says what was decided, found or concluded is favoured."""

OUTCOME = 0.15
"""How much a sentence is favoured that says what was lost, what the cause was, or how much of an
aim was reached."""

SECTION = 0.02
"""How much the first sentence below a heading is favoured."""

FORMAL = 0.5
"""What is held against the date, the room and the people of a meeting: more than first place."""

NOVELTY = 1.0
"""How much of a sentence's likeness to those already chosen is held against it (Carbonell and
Goldstein 1998, maximal marginal relevance)."""

_LINKED = re.compile(
    r"(?:しかし|だが|ただし?|また|さらに|なお|一方|そして|つまり|例えば|たとえば)"
    r"|(?:but|and|however|also|so)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"(?:その(?!他)|この(?!ページ|記事|文書|資料|報告|手引|論文|法律)|それ|これ(?!まで|から)|そこ"
    r"|ここ(?=[でにから])|彼(?:女|ら|は|の|が|も|に)|同[社氏省庁市県国紙校年月日町村島党法船機地駅館作誌書賞]"
    r"|同じ|[こそ]うし[たて]|[こそ]うい[うっ]|[こそ]のよう|両[者社氏国]|前者|後者|いずれ[もの]|当時|翌[年月日]"
    r"|ほか|他に|残り|逆に|すると|ところが|だから|したがって|なぜなら|具体的に"
    r"|(?:理由|原因|結論|結果|目的|内訳|目標|費用|予算|期限|詳細|内容|最初|二番目|三番目)は"
    r"|(?:A|Ａ|答)\d*\s*[.．:：])"
    r"|(?:it|its|he|she|they|their|his|her|these|that|then|such|another|instead|therefore|thus|hence"
    r"|this(?! (?:page|article|report|document|guide|paper))|those(?! who)"
    r"|there(?! (?:is|are|was|were))|both(?! .* and)|since then|after that|one of them|some of them"
    r"|the (?:latter|former|rest|others?|second|third)"
    r"|the (?:reason|cause|result|shortfall|delay|difference|increase|decrease|goal|aim|target"
    r"|cost)s? (?:was|were|is|are))\b|(?:yes|no),",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"[はがもを]")
_JAPANESE = re.compile(r"[\u3041-\u3096]")
_DECISIVE = re.compile(
    r"決ま[っりる]|決[めまっ]た|決定し|決議|承認[しさ]|採択|可決|合意し|結論|見送[っるら]"
    r"|分か(?:った|りました)|わか(?:った|りました)|判明|明らかに(?:な|し)|確認された|示され|示唆"
    r"|提言|勧める|勧告|結果、|(?:こと|もの)に(?:した|なった)|延期し|中止[しに]|持ち越し"
    r"|\b(?:decided|agreed|approved|adopted|resolved|conclude[sd]?|conclusions?|recommend\w*|revealed"
    r"|postponed|cancelled|rejected|results? (?:is|are|was|were)"
    r"|(?:found|shows?|showed|shown|suggests?|indicates?) that)\b",
    re.IGNORECASE,
)
_DECIDED_HERE = re.compile(
    r"^[\d.．、\s]*(?:結果|結論|決定|決議|考察|まとめ|提言|成果)"
    r"|^[\d.\s]*(?:results?|conclusions?|decisions?|findings?|recommendations?|outcomes?)\b",
    re.IGNORECASE,
)
"""What a part of an article is called that says what came of it."""

_OUTCOME = re.compile(
    r"死者|犠牲者|死傷者|焼失し|全焼|倒壊|罹災者|被災者|(?:損害|被害)(?:の?総?額|は)|の原因[はと]"
    r"|目標(?:に|を|の)(?!.{0,6}(?:掲げ|定め|立て))|過去最[多高大]"
    r"|\b(?:death toll|were (?:killed|destroyed|injured)|\d[\d,]* (?:people )?(?:killed|died|dead)"
    r"|short of (?:the|its)|(?:goal|target) (?:of|was)|caused? (?:by|of)|due to)\b",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"(?:(?:開催)?日時|場所|会場|出席者?|参加者|欠席者?|司会|議長|書記|記録)[は:：]"
    r"|(?:前回|第?[\d一二三四五六七八九十]+回)(?:会議)?の議事録|(?:次回|次の会[議合])[はの]"
    r"|(?:date|time|place|venue|location|present|attendees|apologies|chair|minutes)\s*:"
    r"|(?:the )?(?:minutes of|next meeting)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"[?？][」』”\"')）]*$|(?:です|ます|でした|ました|ません|でしょう|だろう)か。?$"
    r"|^(?:Q|Ｑ|問)\d*\s*[.．:：]"
)

LIKE = 0.25
"""The cosine from which on a sentence is about a subject of which it has no word: between questions
and sentences of other articles it is 0.05 to 0.2, between translations mostly above."""

SHORTEST = 10
"""Characters of a sentence that can stand for others."""

SUBJECT = 2
"""Characters that a question must have beside its request to name a subject."""

_EVERYDAY = re.compile(
    r"この|その|記事|内容|全体|本文|について|ついて|ください|下さい|して|お願い(?:します)?|教えて"
    r"|\b(?:the|this|that|article|please|me|of|a|an|in|about|it|what|is)\b|[\W\u3040-\u309f]"
)

_ARTICLE = re.compile("記事|要約|概要|要点|要旨|本文|内容|全体")
"""Words of a request that may stand right behind a title without being a part of it."""

_NUMBERS = {
    **dict(zip("一二三四五", range(1, 6), strict=True)),
    **dict(zip(("one", "two", "three", "four", "five"), range(1, 6), strict=True)),
    "a": 1,
    "single": 1,
}
_LENGTH = re.compile(
    r"(?P<ja>\d{1,3}|[一二三四五六七八九十])(?:つの)?(?:行|文(?![字章書化])|センテンス)"
    r"|(?P<en>\d{1,3}|a|single|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"[ -](?:short |single )?(?:sentences?|lines?)\b"
)

_REQUEST = re.compile(
    r"(?:要約|サマリー?)(?:を|$|。|して|せよ|お願い|ください|は[?？]?$)"
    r"|(?:記事|内容|全体|要点|本文|話)を?[^。]{0,8}(?:まとめて|まとめよ|かいつまんで)"
    r"|(?:\d{1,3}|[一二三四五六七八九十])(?:つの)?(?:行|文|センテンス)(?:くらい|ぐらい|程度|以内)?(?:で|に)"
    r"[^。]{0,8}(?:まとめて|まとめよ|要約|教えて|説明して|紹介して)"
    r"|を(?:\d{1,3}|[一二三四五六七八九十])(?:行|文)で[。!]?$"
    r"|(?:要点|概要|要旨|あらまし|あらすじ)(?:を(?:教え|示し|述べ|挙げ|説明)|は(?:何|[?？。]|$))"
    r"|(?:この|その)?記事は(?:何|どんなこと|どのようなこと)(?:について|を(?:述べ|書い|伝え|扱っ))"
    r"|^(?:please |can you |could you )*(?:summari[sz]e|sum up)\b"
    r"|\b(?:give|write|provide)\b.{0,20}\bsummary\b|^(?:a )?summary\b|\btl;?dr\b"
    r"|\bwhat (?:is|was) (?:this|the) article about\b"
    r"|\b(?:key|main) points\b.{0,20}\barticle\b"
)


def asks_for_summary(question: str) -> bool:
    """Whether a question asks for an article as a whole."""
    return bool(_REQUEST.search(_folded(question)))


def _folded(text: str) -> str:
    return terms.folded(text).strip()


def asked_length(question: str) -> int | None:
    """Return how many sentences a request wants (三行で, in two sentences), 1 to 5; None: any.

    More than five are five.
    """
    found = _LENGTH.search(_folded(question))
    if found is None:
        return None
    written = found["ja"] or found["en"]
    number = int(written) if written.isdigit() else _NUMBERS.get(written, MOST)
    return min(max(number, 1), MOST)


def choose_sentences(
    vectors: Matrix,
    *,
    most: int | None = None,
    favour: Sequence[float] = (),
    behind: Sequence[int | None] = (),
) -> list[int]:
    """Return the rows of the sentences to quote, in text order.

    `vectors` has one unit vector per sentence, `favour` what speaks for each beside its content,
    `behind` the row that must be chosen before it; a row that names itself comes last of all.
    Each step takes the sentence nearest to the mean of all, with a share for its place, that
    repeats least of what is chosen and stands in another part of the article.
    """
    size = len(vectors)
    count = min(size, most or FEWEST + max(0, size // SENTENCES_PER_LINE - 1), MOST)
    mean = vectors.mean(axis=0)
    lead = LEAD_WEIGHT / (1 + np.arange(size))
    worth = vectors @ (mean / (np.linalg.norm(mean) + 1e-9)) + lead
    worth += np.array(favour or [0.0] * size, dtype=worth.dtype)
    parts = np.arange(size) * count // size
    spread = SPREAD if size >= 2 * count else 0.0
    chosen: list[int] = []
    while len(chosen) < count:
        likeness = (vectors @ vectors[chosen].T).max(axis=1) if chosen else np.zeros(size)
        score = worth - NOVELTY * likeness - spread * np.isin(parts, parts[chosen])
        score -= ALONE * np.array([not (row is None or row in chosen) for row in behind or [None]])
        score[chosen] = -np.inf
        chosen.append(int(score.argmax()))
    return sorted(chosen)


def summarise(
    index: Index, article_id: str, embedder: Embedder, *, most: int | None = None
) -> list[Reading]:
    """Return readings of `most` sentences of an article, in order; None: three to five.

    A shorter article comes whole. A quotation says of an article what the article says: its
    confidence is 1. Raises UnknownArticleError.
    """
    article = index.article(article_id)
    hits = list(_quotable(article, index.sentences(article_id)))
    if not hits:
        return []
    texts = [document_text(article.title, hit.text) for hit in hits]
    favour = [_favour(article.text, hit) for hit in hits]
    behind = [_behind(hits, row) for row in range(len(hits))]
    vectors = embedder.embed_documents(texts)
    rows = choose_sentences(vectors, most=most, favour=favour, behind=behind)
    chosen = [in_context(article, hits[row]) for row in rows]
    return [Reading(Passage(hit), relevance=1.0, confidence=1.0) for hit in chosen]


def _quotable(article: Article, sentences: Iterable[Sentence]) -> Iterator[Hit]:
    """The sentences that say something: no heading, source, row, question or scrap."""
    heading = None
    for sentence in sentences:
        start, end = trimmed(article.text, sentence)
        text = article.text[start:end]
        if sentence.kind == "heading":
            heading = heading_words(text)
        is_short = len(text) < SHORTEST
        if sentence.kind == "body" and not (is_short or is_row(text) or _QUESTION.search(text)):
            yield hit_at(article, sentence, heading)


def _favour(text: str, hit: Hit) -> float:
    """What speaks for a sentence: it opens a paragraph, and says what came of something."""
    before = text[: hit.start].rstrip(" \t\u3000")
    above = before.rstrip().rpartition("\n")[2]
    decides = _DECISIVE.search(hit.text) or _DECIDED_HERE.search(hit.heading or "")
    return (
        OPENING * before.endswith("\n")
        + SECTION * (hit.heading is not None and heading_words(above) == hit.heading)
        + DECISIVE * bool(decides)
        + OUTCOME * bool(_OUTCOME.search(hit.text))
        - LINKED * bool(_LINKED.match(hit.text))
        - FORMAL * bool(_FORMAL.match(hit.text))
    )


def _behind(hits: Sequence[Hit], row: int) -> int | None:
    """The row of the sentence that one goes on from, its own where that cannot be quoted.

    None where it stands by itself, as the first one does.
    """
    if row == 0 or not leans(hits[row].text):
        return None
    return row - 1 if hits[row - 1].sentence == hits[row].sentence - 1 else row


def leans(text: str) -> bool:
    """Whether a sentence cannot stand alone: what it is about is said in the one before.

    It points back, gives the reason of something, has nothing that it speaks of, or is a piece of
    what somebody said.
    """
    if _POINTS_BACK.match(text) or gives_reason(text) or text.count("「") != text.count("」"):
        return True
    return _JAPANESE.search(text) is not None and _TOPIC.search(text) is None


def which_article(
    question: str, index: Index, hits: Sequence[Hit], article_ids: Sequence[str] | None = None
) -> str | None:
    """The article that a summary is asked of, of those that are asked (None: all in the index).

    It is the only one, or the one whose title the question names, or the one of the best hit that
    is about the question's subject; None where the question tells nothing of it.
    """
    asked = None if article_ids is None else set(article_ids)
    entries = [each for each in index.articles() if asked is None or each.id in asked]
    if len(entries) == 1:
        return entries[0].id
    folded = _folded(question)
    apart = _ARTICLE.sub(" ", question)
    likely = (each for each in entries if _folded(each.title) in folded)
    named = [
        each for each in likely if is_named(question, each.title) or is_named(apart, each.title)
    ]
    if named:
        return max(named, key=lambda each: len(each.title)).id
    subject = subject_of(question)
    if len(subject) < SUBJECT:
        return None
    titled = _titled(subject, entries)
    about = (hit for hit in hits if _is_about(subject, hit))
    return titled or next((hit.article_id for hit in about), None)


def subject_of(question: str) -> str:
    """What a request asks a summary of, without its other words; folded, and empty if nothing."""
    return " ".join(
        _EVERYDAY.sub(" ", _LENGTH.sub(" ", _REQUEST.sub(" ", _folded(question)))).split()
    )


def _titled(subject: str, entries: Iterable[ArticleEntry]) -> str | None:
    """The article whose title alone has most of a subject's words, half of them at least."""
    kept = list(entries)
    words = terms.terms_of(_respelt(subject, [each.title for each in kept]))
    held = [(sum(_has(each.title, word) for word in words), each.id) for each in kept]
    most = max((share for share, _ in held), default=0.0)
    first = [id_ for share, id_ in held if share == most]
    return first[0] if len(first) == 1 and most and 2 * most >= len(words) else None


_KATAKANA = re.compile("[ァ-ヴー]{3,}")
_HEARD = {
    "ヴァ": "バ",
    "ヴィ": "ビ",
    "ヴェ": "ベ",
    "ヴォ": "ボ",
    "ヴ": "ブ",
    "ヂ": "ジ",
    "ヅ": "ズ",
}
_LARGE = str.maketrans("ァィゥェォャュョ", "アイウエオヤユヨ", "ー")
"""Long or not, small or not: コンピューター and コンピュータ, ウィスキー and ウイスキー."""


def _respelt(subject: str, titles: Sequence[str]) -> str:
    """The subject with its names as a title spells them: バイオリン as ヴァイオリン."""
    written = {_sound(word): word for title in titles for word in _KATAKANA.findall(_folded(title))}
    said = _KATAKANA.sub(lambda word: written.get(_sound(word.group()), word.group()), subject)
    return all_renamed(said, aliases_in(said, titles))


def _sound(word: str) -> str:
    for written, heard in _HEARD.items():
        word = word.replace(written, heard)
    return word.translate(_LARGE)


def _has(title: str, word: terms.Term) -> float:
    """How much of a word a title has, an English one from its beginning on: no rice in a price."""
    folded = _folded(title)
    if word.script == "latin":
        return float(re.search(rf"\b{re.escape(word.text)}", folded) is not None)
    return word.held_by(folded)


def _is_about(subject: str, hit: Hit) -> bool:
    """Whether a sentence has a word of a subject, or says in another language what it says."""
    text = terms.folded(f"{hit.full_title}\n{hit.text}")
    words = terms.terms_of(subject)
    return any(word.held_by(text) for word in words) or (hit.dense or 0.0) >= LIKE
