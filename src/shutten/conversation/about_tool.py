"""Questions about the tool and not about its articles: how to ask, and of what."""

from __future__ import annotations

import re
import unicodedata

_PLEASE = (
    r"(?:を|は|、|教えて|見せて|出して|表示して|説明して|知りたい|お願いします|ください|下さい|です"
    r"|か)*+"
)
_AT_END = r"(?:い?ます|い?る|です|でしょう)?(?:の|ん)?(?:です)?か?"
_USE = rf"(?:使い方|使用方法|利用方法|操作方法|質問の仕方){_PLEASE}"
_TOOL = r"(?:この|本)(?:ツール|アプリ|サイト|ページ|システム|サービス)"
_TOOL_ENGLISH = r"(?:you|(?:this|the) (?:tool|app|site|page))"

_HOW_TO_ASK = re.compile(
    rf"ヘルプ{_PLEASE}|{_TOOL}(?:の{_USE}|(?:について|は何(?:なの)?){_PLEASE})"
    r"|(?:ここでは?)?(?:何|なに|どんな(?:こと|質問))(?:が|を)"
    rf"(?:でき|聞け|(?:聞けば|質問すれば)(?:いい|よい)){_AT_END}"
    rf"|(?:なんで|なぜ|どうして)(?:何も|ちゃんと)?(?:答え|教え|回答し)(?:て(?:くれ|もらえ)|られ|てい)?ない{_AT_END}"
    r"|(?:(?:この|その|全部の)?(?:記事|文書|資料|ページ|文章)|これ|全文)を(?:(?:英|日本|中国|韓国)語に)?(?:翻訳|英訳|和訳|訳)"
    r"し?(?:て|ろ|てください|てくれ|てもらえますか|てくれますか|できますか)"
    r"|why (?:do(?: not|n't)|wo(?:n't)|will not|can(?:'t|not)) you (?:answer|reply|help)(?: me)?"
    r"|(?:please |can you )?translate"
    r" (?:(?:this|the|an|all) (?:articles?|texts?|pages?)|this|it|that)"
    r"(?: (?:in)?to \w+)?(?: please)?"
    r"|(?:please )?help(?: me)?(?: please)?"
    r"|what can (?:you do|i ask)(?: (?:you|here|about|for me))*+"
    rf"|how (?:do|can|should) i (?:ask(?: (?:you|a question|questions))?|use {_TOOL_ENGLISH})"
    rf"|how (?:does|do) {_TOOL_ENGLISH} work",
    re.IGNORECASE,
)
_ONLY_HOW_TO_USE = re.compile(
    rf"{_USE}|(?:どう|どのように|どうやって)(?:使う|使い|使えば(?:いい|よい)){_AT_END}"
    r"|usage|how (?:do|can|should) i use (?:it|this)|how does this work",
    re.IGNORECASE,
)
"""In a conversation it may be asked of what was talked about."""

_ARTICLES = r"(?:記事|文書|資料|ドキュメント)"
_ARTICLES_ENGLISH = r"(?:articles|documents|pages|titles)"
_WHICH_ARTICLES = re.compile(
    rf"(?:今|ここに|(?:他|ほか)に)?は?、?(?:どんな|どの(?:ような)?|どういう|何の){_ARTICLES}[がを]"
    rf"(?:あり|あ|入って|登録されて|読め|持って){_AT_END}"
    rf"|{_ARTICLES}は(?:何|なに|どんなもの)があ(?:り|る)?{_AT_END}"
    rf"|(?:(?:全部|すべて|全て|全)の?)?{_ARTICLES}[のを]?(?:一覧|リスト|題名|タイトル)(?:に(?:して)?)?{_PLEASE}"
    rf"|(?:what|which) {_ARTICLES_ENGLISH} (?:are (?:there|available|indexed|here)"
    r"|do you (?:have|know)|can i ask(?: about)?)"
    rf"|(?:please )?(?:list|show)(?: (?:me|all|of|the|your))*+ {_ARTICLES_ENGLISH}(?: please)?"
    rf"|(?:the |a )?list of(?: (?:all|the|your))*+ {_ARTICLES_ENGLISH}",
    re.IGNORECASE,
)
_MARKS = re.compile(r"^[^\w]+|[^\w]+$")


def asks_about_tool(said: str) -> bool:
    """Whether something asks of the tool, whatever was talked about before."""
    return asks_which_articles(said) or _HOW_TO_ASK.fullmatch(bare(said)) is not None


def asks_which_articles(said: str) -> bool:
    """Whether somebody wants to know which articles there are."""
    return _WHICH_ARTICLES.fullmatch(bare(said)) is not None


def asks_how_to_use(said: str) -> bool:
    """Whether something asks how to use, and does not say what."""
    return _ONLY_HOW_TO_USE.fullmatch(bare(said)) is not None


def bare(said: str) -> str:
    """Return what was said in one line, letters in one width, without the marks around it."""
    return _MARKS.sub("", " ".join(unicodedata.normalize("NFKC", said).split()))
