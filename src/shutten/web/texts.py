"""Every string of the page, in Japanese and in English."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from shutten.exporting.document import PHRASES
from shutten.phrases import REFUSALS
from shutten.types import Language, RefusalReason, Status


@dataclass(frozen=True, slots=True)
class Texts:
    """The page's strings in one language; `{name}` is filled in with `str.format`."""

    tagline: str
    question_label: str
    question_placeholder: str
    send: str
    stop: str
    way_label: str
    write: str
    quote: str
    new_conversation: str
    scope_label: str
    scope_all: str
    scope_chosen: str
    fold: str
    unfold: str
    answer_label: str
    following: str
    upload: str
    upload_hint: str
    forget_uploads: str
    conversation_label: str
    welcome: str
    welcome_hint: str
    examples: str
    searching: str
    writing: str
    checking: str
    stopped: str
    stopped_notice: str
    understood: str
    quoted: str
    unsure: str
    written: str
    partial: str
    refused: str
    refused_plainly: str
    close: str
    close_reason: str
    unconfirmed: str
    unconfirmed_plainly: str
    which_article: str
    no_articles: str
    no_evidence: str
    not_answered: str
    unsupported: str
    only_own: str
    only_chosen: str
    ask_all: str
    nearest: str
    perhaps: str
    removed_claims: str
    sentence_number: str
    page_and_sentence: str
    go_to_sentence: str
    original_page: str
    copy: str
    copied: str
    copy_other: str
    copy_as: str
    copy_failed: str
    export_conversation: str
    export_copy: str
    export_save: str
    save_as: str
    saved: str
    library: str
    library_hint: str
    library_empty: str
    library_loading: str
    library_more: str
    library_back: str
    sentence_count: str
    one_sentence: str
    sample: str
    own: str
    own_mark: str
    named: str
    language_ja: str
    language_en: str
    page_window: str
    page_earlier: str
    page_later: str
    back_to_answer: str
    error_empty: str
    error_long: str
    error_control: str
    error_question: str
    error_rate: str
    error_article_gone: str
    error_index: str
    error_some_file: str
    error_file_type: str
    error_file_size: str
    error_file_empty: str
    error_file_unreadable: str
    error_pdf_unreadable: str
    error_file_count: str
    error_file_text: str
    error_unexpected: str
    error_busy: str
    error_connection: str
    uploading: str
    uploaded: str
    forgotten: str
    drop: str
    dropped: str
    sure: str
    files_gone: str
    language_code: str
    answerer_panel: str
    answerer_label: str
    answerer_loading_label: str
    answerer_reader_label: str
    answerer_reader: str
    answerer_reader_facts: str
    answerer_reader_note: str
    answerer_server_facts: str
    answerer_server_note: str
    answerer_unknown_note: str
    answerer_gguf_note: str
    answerer_slow_note: str
    answerer_quotes: str
    answerer_writes: str
    answerer_loading: str
    answerer_rule: str
    answerer_fixed: str
    answerer_in_use: str
    answerer_is_loading: str
    answerer_not_installed: str
    answerer_installed: str
    answerer_use: str
    answerer_use_this: str
    answerer_download: str
    answerer_on_disk: str
    answerer_memory: str
    answerer_many_languages: str
    answerer_comma: str
    answerer_copy_command: str
    answerer_short_of_memory: str
    answerer_broken: str
    answerer_missing: str
    again: str
    ask_again: str
    again_hint: str
    again_kept: str
    rate_up: str
    rate_down: str
    rate_why: str
    rate_comment: str
    rate_send: str
    rate_close: str
    rate_thanks: str
    rate_withdrawn: str
    reason_unsupported: str
    reason_wrong_passage: str
    reason_incomplete: str
    reason_should_answer: str
    reason_other: str


JAPANESE: Final = Texts(
    tagline="記事に質問すると、根拠の文を示して答えます",
    question_label="質問",
    question_placeholder="記事について質問する",
    send="質問する",
    stop="中断",
    way_label="答え方",
    write="文章で答える",
    quote="引用で答える",
    new_conversation="新しい会話",
    scope_label="質問する記事",
    scope_all="対象：すべての記事",
    scope_chosen="対象：{count}件の記事",
    fold="質問をたたむ",
    unfold="質問をすべて表示",
    answer_label="答え",
    following="続けて質問",
    upload="ファイルを追加",
    upload_hint=(
        ".txt .md .html .csv .tsv .pdf（{megabytes} MBまで）"
        "・この画面だけで使い、{minutes}分後に消去"
    ),
    forget_uploads="追加したファイルを消す",
    conversation_label="会話",
    welcome="記事に質問してください",
    welcome_hint="答えには番号が付きます。番号を押すと、根拠になった文が記事の中で示されます。",
    examples="質問の例",
    searching="記事を調べています",
    writing="文章を書いて確認しています",
    checking="確認中…",
    stopped="中断しました。",
    stopped_notice="中断しました。それまでに確認できた文だけです。",
    understood=PHRASES["ja"].understood,
    quoted="記事からの引用",
    unsure="答えかどうか不確かな引用",
    written="出典を確認した回答",
    partial="確認できた部分だけの回答",
    refused="記事に書かれていません",
    refused_plainly="この質問の答えは、記事の中に見つかりませんでした。",
    close="確かな答えは見つかりません",
    close_reason="下の文に答えが含まれるかもしれません。記事で確かめてください。",
    which_article="記事の指定が必要です",
    no_articles="質問できる記事がまだありません。",
    no_evidence="質問に関わる文が見つかりませんでした。",
    not_answered="近い話題の文はありますが、答えは書かれていません。",
    unconfirmed="確認できませんでした",
    unconfirmed_plainly=REFUSALS["ja"]["unsupported"],
    unsupported="記事に書かれていることもあります。近い文をご覧ください。",
    only_own="追加したファイルだけに質問しました。",
    only_chosen="選んだ記事だけに質問しました。",
    ask_all="すべての記事に質問する",
    nearest=PHRASES["ja"].nearest,
    perhaps=PHRASES["ja"].perhaps,
    removed_claims="確認の結果、{count}件の文は示していません。",
    sentence_number=PHRASES["ja"].sentence,
    page_and_sentence="{page}ページ · 文{number}",
    go_to_sentence="根拠の文を記事で見る：{title}、文{number}",
    original_page="元のページ",
    copy="出典つきでコピー",
    copied="コピーしました",
    copy_other="ほかの形式",
    copy_as="{format} でコピー",
    copy_failed="コピーできませんでした。もう一度お試しください。",
    export_conversation="会話を書き出す",
    export_copy="コピー",
    export_save="保存",
    save_as="{format} で保存",
    saved="保存しました",
    library="記事の一覧",
    library_hint=(
        "答えの根拠は、これらの記事の文だけです。題名を押すと読めます。"
        "文の数には題名と見出しも入ります。"
    ),
    library_loading="記事を読み込んでいます",
    library_empty="記事がまだありません。ファイルを追加すると、すぐに質問できます。",
    library_more="ほか{count}件",
    library_back="記事の一覧",
    sentence_count="{count}文",
    one_sentence="1文",
    sample="見本",
    own="追加したファイル",
    own_mark="追加",
    named="{title}（{name}）",
    language_ja="日本語",
    language_en="英語",
    page_window="全{total}文のうち、文{first}〜{last}を表示しています。",
    page_earlier="前の部分",
    page_later="続き",
    back_to_answer="答えに戻る",
    error_empty="質問を入力してください。",
    error_long="質問が長すぎます（{count}文字）。{maximum}文字以内にしてください。",
    error_control="質問が制御文字だけでできています。文字で入力し直してください。",
    error_question="この質問は受け付けられません。書き直してください。",
    error_rate="短い時間に質問が多すぎます。{seconds}秒後にもう一度お試しください。",
    error_article_gone="この記事はもうありません。記事の一覧から選び直してください。",
    error_index="索引を読めません。管理者に知らせてください。",
    error_some_file="このファイル",
    error_file_type=(
        "「{name}」は読めない種類のファイルです。.txt .md .html .csv .tsv .pdf を選んでください。"
        "Word などの文書は、PDF か HTML として保存すると読めます。"
    ),
    error_file_size="「{name}」は大きすぎます。{megabytes} MBまでのファイルを選んでください。",
    error_file_empty="「{name}」は空のファイルです。文章の入ったファイルを選んでください。",
    error_file_unreadable=(
        "「{name}」から文章を取り出せませんでした。"
        "文章だけのファイルとして、文字コード UTF-8 で保存し直してから選んでください。"
    ),
    error_pdf_unreadable=(
        "「{name}」から文章を取り出せませんでした。"
        "壊れたPDF、パスワード付きのPDF、画像だけのPDFは読めません。"
    ),
    error_file_count="追加できるのは{count}件までです。先に消してから追加してください。",
    error_file_text=(
        "文章が多すぎます。追加できるのは合わせて約{count}文までです。"
        "先に消すか、短いファイルを選んでください。"
    ),
    error_unexpected="予期しない問題が起きました。もう一度お試しください。",
    error_busy="混み合っています。少し待って、もう一度お試しください。",
    error_connection="サーバーとの接続が切れました。少し待って、もう一度お試しください。",
    uploading="ファイルを読んでいます…",
    uploaded="「{name}」を追加しました（題名と見出しを含めて{sentences}）。",
    forgotten="追加したファイルを消しました。",
    drop="このファイルを消す",
    dropped="「{name}」を消しました。",
    sure="もう一度押すと消えます",
    files_gone="追加したファイルは、時間がたったので消えています。質問するには、もう一度追加してください。",
    language_code="ja",
    answerer_panel="回答モデルの選択",
    answerer_label="回答モデル：{name}",
    answerer_loading_label="回答モデル：{name}（読み込み中）",
    answerer_reader_label="引用で答える",
    answerer_reader="引用で答える（同梱の読み取りモデル）",
    answerer_reader_facts="同梱・日本語、英語・追加のダウンロードとメモリーは不要",
    answerer_reader_note="記事の文をそのまま示します。最も速く、文章は書きません。",
    answerer_server_facts="設定されたサーバー",
    answerer_server_note="記事の一部がそのサーバーに送られます。",
    answerer_unknown_note=(
        "設定で指定されたモデルです。ライセンスと得意な言語は、公開元でお確かめください。"
    ),
    answerer_gguf_note=(
        "設定で指定されたGGUFファイルです。使うときに展開するため、読み込みに数分かかり、"
        "ファイルの大きさより多くのメモリーが要ります。ライセンスと得意な言語は、公開元でお確かめください。"
    ),
    answerer_slow_note="GPUがないと遅くなります。",
    answerer_quotes="いまは記事からの引用で答えます。",
    answerer_writes="いまは {name} が文章を書き、一文ずつ確認します。確認前の文にはそう示します。",
    answerer_loading="{name} を読み込んでいます。終わるまでは引用で答えます。",
    answerer_rule="選んだものは次の質問から、この画面だけでなくアプリ全体で使われます。メモリーに置くモデルは一つだけです。",
    answerer_fixed="選べるのは管理者だけです。",
    answerer_in_use="使用中",
    answerer_is_loading="読み込み中",
    answerer_not_installed="未導入",
    answerer_installed="導入済み",
    answerer_use="使う",
    answerer_use_this="{name} を使う",
    answerer_download="ダウンロード 約{size}",
    answerer_on_disk="ディスク {size}",
    answerer_memory="必要なメモリー 約{size}",
    answerer_many_languages="多言語",
    answerer_comma="、",
    answerer_copy_command="コマンドをコピー",
    answerer_short_of_memory=(
        "{name} には {needed} のメモリーが要りますが、空きは {free} です。"
        "ほかのプログラムを閉じるか、小さいモデルを選んでください。"
    ),
    answerer_broken=(
        "{name} を読み込めませんでした。「shutten models check {name}」で調べられます。"
    ),
    answerer_missing=(
        "{name} はまだこの機械にありません。「shutten models pull {name}」で取り込めます。"
    ),
    again="書き直す",
    ask_again="もう一度",
    again_hint="同じ質問に、別の文章で答え直します",
    again_kept="中断しました。前の答えを残しました。",
    rate_up="役に立った",
    rate_down="役に立たなかった",
    rate_why="どこがよくありませんでしたか（任意）",
    rate_comment="コメント（任意）",
    rate_send="送る",
    rate_close="閉じる",
    rate_thanks="ありがとうございます",
    rate_withdrawn="評価を取り消しました",
    reason_unsupported="記事の内容と合わない",
    reason_wrong_passage="引用箇所が違う",
    reason_incomplete="情報が足りない",
    reason_should_answer="答えられるはずだった",
    reason_other="その他",
)

ENGLISH: Final = Texts(
    tagline="Ask a question; every answer points to its sentence",
    question_label="Question",
    question_placeholder="Ask about the articles",
    send="Ask",
    stop="Stop",
    way_label="How to answer",
    write="Write",
    quote="Quote",
    new_conversation="New conversation",
    scope_label="Articles to ask",
    scope_all="All articles",
    scope_chosen="{count} articles",
    fold="Show less",
    unfold="Show the whole question",
    answer_label="Answer",
    following="Ask next",
    upload="Add a file",
    upload_hint=(
        ".txt .md .html .csv .tsv .pdf, up to {megabytes} MB. "
        "Used in this window only, gone after {minutes} minutes."
    ),
    forget_uploads="Remove added files",
    conversation_label="Conversation",
    welcome="Ask a question about these articles",
    welcome_hint="Answers come with numbered sources. Choose a number to see the sentence itself.",
    examples="Questions to try",
    searching="Reading the articles",
    writing="Writing and checking",
    checking="checking…",
    stopped="Stopped.",
    stopped_notice="Stopped. Only what had been checked by then is kept.",
    understood=PHRASES["en"].understood,
    quoted="Quoted from the article",
    unsure="A quotation that may not answer the question",
    written="Checked against its sources",
    partial="Only what could be checked",
    refused="Not in the articles",
    refused_plainly="The articles do not say.",
    close="No sure answer",
    close_reason="One of the sentences below may answer it: check them in the article.",
    which_article="Which article?",
    no_articles="There are no articles to ask yet.",
    no_evidence="No sentence deals with this question.",
    not_answered="Some sentences are close to the topic, but none of them answers the question.",
    unconfirmed="Not confirmed",
    unconfirmed_plainly=REFUSALS["en"]["unsupported"],
    unsupported="The articles may say it all the same: look at the nearest sentences.",
    only_own="Only the files that you added were asked.",
    only_chosen="Only the articles that you chose were asked.",
    ask_all="Ask all articles",
    nearest=PHRASES["en"].nearest,
    perhaps=PHRASES["en"].perhaps,
    removed_claims="Statements left out after checking: {count}.",
    sentence_number=PHRASES["en"].sentence,
    page_and_sentence="page {page} · sentence {number}",
    go_to_sentence="Show the sentence in the article: {title}, sentence {number}",
    original_page="Original page",
    copy="Copy with sources",
    copied="Copied",
    copy_other="Other formats",
    copy_as="Copy as {format}",
    copy_failed="It could not be copied. Please try again.",
    export_conversation="Export",
    export_copy="Copy",
    export_save="Save",
    save_as="Save as {format}",
    saved="Saved",
    library="Articles",
    library_hint=(
        "Answers rest on the sentences of these articles alone. Choose a title to read. "
        "Titles and headings count as sentences here."
    ),
    library_loading="Loading the articles",
    library_empty="No articles yet. Add a file and ask it at once.",
    library_more="and {count} more",
    library_back="All articles",
    sentence_count="{count} sentences",
    one_sentence="1 sentence",
    sample="sample",
    own="added file",
    own_mark="added",
    named="{title} ({name})",
    language_ja="Japanese",
    language_en="English",
    page_window="Sentences {first} to {last} of {total}.",
    page_earlier="Earlier part",
    page_later="Later part",
    back_to_answer="Back to the answer",
    error_empty="Type a question first.",
    error_long="The question is too long ({count} characters). Keep it to {maximum}.",
    error_control=(
        "The question contains nothing but control characters. Type it in letters and ask again."
    ),
    error_question="This question cannot be taken as it stands. Please reword it.",
    error_rate="Too many questions. Try again in {seconds} seconds.",
    error_article_gone="This article is no longer here. Choose another from the list.",
    error_index="The index cannot be read. Please tell whoever runs this page.",
    error_some_file="This file",
    error_file_type=(
        "“{name}” is not a kind of file that can be read. "
        "Choose .txt, .md, .html, .csv, .tsv or .pdf. "
        "Word and other documents can be saved as PDF or HTML."
    ),
    error_file_size="“{name}” is too large. Choose a file of up to {megabytes} MB.",
    error_file_empty="“{name}” is empty. Choose a file with text in it.",
    error_file_unreadable=(
        "No text could be read from “{name}”. Save it as plain text in UTF-8 and choose it again."
    ),
    error_pdf_unreadable=(
        "No text could be read from “{name}”. "
        "PDFs that are damaged, need a password, or hold images only cannot be read."
    ),
    error_file_count="Up to {count} files can be added. Remove some first.",
    error_file_text=(
        "That is too much text. Added files can hold some {count} sentences together. "
        "Remove some first, or choose a shorter file."
    ),
    error_unexpected="Something unexpected went wrong. Please try again.",
    error_busy="Too many questions are waiting. Try again in a moment.",
    error_connection="The connection to the server was lost. Try again in a moment.",
    uploading="Reading the file…",
    uploaded="Added “{name}” ({sentences}, titles and headings included).",
    forgotten="The added files are gone.",
    drop="Remove this file",
    dropped="Removed “{name}”.",
    sure="Press again to remove",
    files_gone="The files that you added are gone by now. Add them again to ask about them.",
    language_code="en",
    answerer_panel="What answers",
    answerer_label="Written by {name}",
    answerer_loading_label="Loading {name}",
    answerer_reader_label="Quotations only",
    answerer_reader="Quotations only (the bundled reader)",
    answerer_reader_facts="Comes with the app · Japanese, English · no download, no further memory",
    answerer_reader_note=(
        "Shows sentences of the articles as they stand. The fastest; it does not write."
    ),
    answerer_server_facts="The server that the settings name",
    answerer_server_note="Passages of the articles are sent to that server.",
    answerer_unknown_note=(
        "A model that the settings name; its publisher tells its licence and languages."
    ),
    answerer_gguf_note=(
        "A GGUF file that the settings name. It is unpacked when it is loaded, which takes minutes"
        " and more memory than the file has bytes; its publisher tells its licence and languages."
    ),
    answerer_slow_note="Slow without a graphics card.",
    answerer_quotes="Answers are quotations at present.",
    answerer_writes="{name} writes; a sentence counts once it has been checked.",
    answerer_loading="{name} is being loaded; until then, answers are quotations.",
    answerer_rule=(
        "Used from the next question on, by everybody who uses this app. "
        "One model at a time is in memory."
    ),
    answerer_fixed="Whoever runs this app has chosen it.",
    answerer_in_use="in use",
    answerer_is_loading="loading",
    answerer_not_installed="not installed",
    answerer_installed="Installed",
    answerer_use="Use",
    answerer_use_this="Use {name}",
    answerer_download="about {size} to download",
    answerer_on_disk="{size} on disk",
    answerer_memory="about {size} of memory",
    answerer_many_languages="many languages",
    answerer_comma=", ",
    answerer_copy_command="Copy the command",
    answerer_short_of_memory=(
        "{name} needs {needed} of memory and {free} are free: close other "
        "programs, or choose a smaller model."
    ),
    answerer_broken="{name} could not be loaded: find out why with “shutten models check {name}”.",
    answerer_missing="{name} is not on this machine: get it with “shutten models pull {name}”.",
    again="Write again",
    ask_again="Ask again",
    again_hint="Answer the same question in other words",
    again_kept="Stopped. The answer from before is kept.",
    rate_up="Helpful",
    rate_down="Not helpful",
    rate_why="What was wrong? (optional)",
    rate_comment="In your words (optional)",
    rate_send="Send",
    rate_close="Close",
    rate_thanks="Thank you",
    rate_withdrawn="Rating removed",
    reason_unsupported="Not supported by the article",
    reason_wrong_passage="Wrong passage",
    reason_incomplete="Incomplete",
    reason_should_answer="Should have been answered",
    reason_other="Other",
)

_TEXTS: Final[dict[Language, Texts]] = {"ja": JAPANESE, "en": ENGLISH}


def texts_for(language: Language) -> Texts:
    """Return the strings of one language."""
    return _TEXTS[language]


def translations() -> dict[Language, dict[str, str]]:
    """Return every string by language and name, as `gr.I18n` takes them."""
    return {language: asdict(texts) for language, texts in _TEXTS.items()}


def status_text(texts: Texts, status: Status, reason: RefusalReason | None = None) -> str:
    """Return the badge that says what kind of answer this is, or why there is none."""
    if reason == "unsupported":
        return texts.unconfirmed
    badges: dict[Status, str] = {
        "quoted": texts.quoted,
        "written": texts.written,
        "partial": texts.partial,
        "refused": texts.refused,
    }
    return badges[status]


def sentences_text(texts: Texts, count: int) -> str:
    """Return how many sentences there are, in words."""
    return texts.one_sentence if count == 1 else texts.sentence_count.format(count=count)


def refusal_text(texts: Texts, reason: RefusalReason | None) -> str:
    """Return the sentence that says why there is no answer."""
    reasons: dict[RefusalReason, str] = {
        "no_articles": texts.no_articles,
        "no_evidence": texts.no_evidence,
        "not_answered": texts.not_answered,
        "unsupported": texts.unsupported,
    }
    return reasons.get(reason, texts.not_answered) if reason else texts.not_answered


def preferred_language(query: str | None, accept_language: str | None) -> Language:
    """Return the page's language: `?lang=` first, else the browser's first of ja and en.

    `accept_language` is the request header, such as `ja-JP,ja;q=0.9,en;q=0.8`.
    """
    if query in ("ja", "en"):
        return "ja" if query == "ja" else "en"
    ranked = sorted(_weighted(accept_language or ""), key=lambda pair: -pair[1])
    for name, _ in ranked:
        if name in ("ja", "en"):
            return "ja" if name == "ja" else "en"
    return "en"


def _weighted(header: str) -> list[tuple[str, float]]:
    """Split an Accept-Language header into primary tags and their weights."""
    pairs = []
    for part in header.split(","):
        tag, _, parameters = part.strip().partition(";")
        _, _, weight = parameters.partition("q=")
        pairs.append((tag.strip().lower().split("-")[0], _number(weight)))
    return pairs


def _number(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0
