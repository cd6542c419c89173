"""The sentences that answers say of themselves: refusals, notices, and replies to small talk."""

from __future__ import annotations

from collections.abc import Sequence

from shutten.types import Language, RefusalReason

REFUSALS: dict[Language, dict[RefusalReason, str]] = {
    "ja": {
        "no_articles": "質問できる記事がありません。",
        "no_evidence": "この質問に関わる文は記事に見つかりませんでした。",
        "not_answered": "記事には、この質問の答えは書かれていません。",
        "unsupported": "書いた答えを、記事の文で確かめられませんでした。",
    },
    "en": {
        "no_articles": "There are no articles to ask.",
        "no_evidence": "No sentence of the articles has to do with this question.",
        "not_answered": "The articles do not answer this question.",
        "unsupported": "What was written could not be confirmed.",
    },
}

NOT_SURELY: dict[Language, str] = {
    "ja": "この質問に確かに答えているといえる文は見つかりませんでした。",
    "en": "No sentence was found that surely answers this question.",
}
"""In the place of the reason where the best sentence falls only a little short of an answer."""

WHICH_ARTICLE: dict[Language, str] = {
    "ja": "どの記事を要約するかを、題名で書くか、記事を一つ選んで指定してください。",
    "en": "Name the article to summarise by its title, or choose one article.",
}
"""In the place of the reason where a summary was asked for and nothing tells of which article."""

NOTHING_ASKED: dict[Language, str] = {
    "ja": "記事について知りたいことを質問してください。",
    "en": "Ask what you would like to know about the articles.",
}
THANKED: dict[Language, str] = {
    "ja": "どういたしまして。ほかにも知りたいことがあれば、質問してください。",
    "en": "You are welcome. Ask whatever else you would like to know.",
}
HELPED: dict[Language, str] = {
    "ja": "記事について知りたいことを、人や物の名前を挙げて質問してください。"
    "「（題名）を要約して」「どんな記事がありますか」とも聞けます。",
    "en": "Ask what you would like to know about the articles, naming the person or thing. "
    "“Summarise (title)” and “What articles are there?” are understood as well.",
}
LISTED: dict[Language, str] = {
    "ja": "次の記事について質問できます。",
    "en": "These are the articles that you can ask about.",
}
"""In the place of the reason where somebody only greets, gives thanks, or asks how to ask and of
what."""

TITLES = 20
"""How many articles are named where it is asked which there are."""

_UNSURE: dict[Language, str] = {
    "ja": "引用した文が質問に答えているかは確かではありません。記事で確かめてください。",
    "en": "The reader is not certain of this quotation: check it in the article.",
}

_UNANSWERED: dict[Language, str] = {
    "ja": "「{question}」の答えは記事に見つかりませんでした。",
    "en": "The articles do not answer “{question}”.",
}


def refusal_text(reason: RefusalReason, language: Language) -> str:
    """The fixed phrase that stands as the text of a refusal for this reason."""
    return REFUSALS[language][reason]


def unsure_notice(language: Language) -> str:
    """What is said beside a quotation that may not answer."""
    return _UNSURE[language]


def unanswered_notice(question: str, language: Language) -> str:
    """What is said of one of several questions asked at once, where another one is answered."""
    return _UNANSWERED[language].format(question=question.rstrip())


def titles_notice(titles: Sequence[str], language: Language) -> str:
    """The titles of articles, each one line, or the first of them and how many more there are."""
    shown, more = titles[:TITLES], len(titles) - TITLES
    if language == "ja":
        return "".join(f"「{title}」" for title in shown) + (f"ほか{more}件" if more > 0 else "")
    named = ", ".join(f"“{title}”" for title in shown)
    return f"{named} and {more} more" if more > 0 else named
