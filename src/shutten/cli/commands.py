"""The commands: each takes what was typed, drives the parts, and writes what they give."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shutten.cli.console import (
    Answers,
    answers,
    patience,
    progress,
    say,
    share_allocation_arenas,
)
from shutten.cli.options import chosen
from shutten.errors import ArticleError, ShuttenError, UsageError
from shutten.questions import MEMBERS

if TYPE_CHECKING:
    from shutten.assistant import Assistant
    from shutten.cli.models import Check
    from shutten.exporting import Format
    from shutten.index import IndexReport
    from shutten.questions import Question
    from shutten.settings import Settings
    from shutten.types import Answer
    from shutten.wiki.place import Place
    from shutten.wiki.source import Source

MODELS = "models"
FAILED = 2

application = typer.Typer(
    help="Ask articles questions; every statement of an answer cites its sentence.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

AnswererOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Who answers: reader, local or server.", show_default="reader"
    ),
]
RerankerOption = Annotated[
    str | None,
    typer.Option(metavar="MODEL", help="Cross-encoder that orders what is found: name or folder."),
]
ModelOption = Annotated[
    str | None,
    typer.Option(metavar="MODEL", help="Language model: hub name, folder, file, server's name."),
]
IndexOption = Annotated[
    Path | None,
    typer.Option("--index", metavar="DIR", help="Folder of the index.", show_default="./index"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
BatchOption = Annotated[
    str | None,
    typer.Option(
        "--batch",
        metavar="FILE",
        help=f"A question per line, plain or a JSON object ({', '.join(MEMBERS)}); - is stdin.",
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option("--format", metavar="FORM", help="text, markdown, html, dokuwiki or mediawiki."),
]
QuestionArgument = Annotated[
    str | None,
    typer.Argument(metavar="QUESTION", help="In quotation marks; after -- if it starts with -."),
]
ArticlesOption = Annotated[
    list[str] | None,
    typer.Option("--article", metavar="FILE", help="Ask only this file; may be repeated."),
]
GroupOption = Annotated[
    list[str] | None,
    typer.Option("--group", metavar="NAME", help="Only it may see these; may be repeated."),
]


def _print_version(value: bool) -> None:  # noqa: FBT001 - typer calls it so
    if value:
        from shutten import __version__

        typer.echo(f"shutten {__version__}")
        raise typer.Exit


@application.callback()
def root(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback has dealt with it
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Ask articles questions; every statement of an answer cites its sentence."""
    if context.invoked_subcommand != MODELS:
        stay_offline()


def stay_offline() -> None:
    """Tell the model libraries not to look on the hub: without a network they would wait for it.

    Only `models pull` downloads.
    """
    os.environ.setdefault("HF_HUB_OFFLINE", "1")


# ── the index ────────────────────────────────────────────────────────────────────────────────


@application.command("index")
def index_command(
    context: typer.Context,
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH…")] = None,
    *,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Embed everything again with the current models.")
    ] = False,
    group: GroupOption = None,
    everyone: Annotated[
        bool, typer.Option("--everyone", help="Everybody may see these again, as at first.")
    ] = False,
    index: IndexOption = None,
) -> None:
    """Add or update articles: files, folders, URLs, .jsonl."""
    if not paths and not rebuild:
        raise UsageError("nothing to index: name files, folders or URLs, as in `shutten index DIR`")
    if not paths and (group or everyone):
        message = "--group and --everyone are said of articles: name them, as in"
        raise UsageError(f"{message} `shutten index --group NAME DIR`")
    from shutten.cli.checks import check_place, check_sources

    settings, groups = _settings(context, index), _groups(group, everyone=everyone)
    check_place(settings.index)
    check_sources(paths or (), outcome="; nothing was indexed")
    from shutten.filling import index_paths, rebuild_index

    unread: list[ArticleError] = []
    with answers():
        if rebuild:
            _tell(rebuild_index(settings))
        if paths:
            try:
                with progress("indexing") as bar:
                    report = index_paths(
                        paths, settings, groups=groups, progress=bar, on_error=unread.append
                    )
            except ArticleError as unreadable:
                _tell_unread(unread)
                message = f"{unreadable}; nothing was indexed"
                raise ArticleError(message) from unreadable
            _tell(report)
            _tell_replaced(report)
    _tell_unread(unread)
    if unread:
        raise typer.Exit(FAILED)


def _tell_unread(unread: list[ArticleError]) -> None:
    for error in unread:
        say(f"shutten: {error}")


def _tell(report: IndexReport) -> None:
    from shutten.cli.rendering import counted

    say(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
        f"{report.removed} removed; {counted(report.sentences_embedded)} embedded "
        f"in {report.seconds:.1f} s"
    )


def _tell_replaced(report: IndexReport) -> None:
    """Say which articles took the place of another file's; a file that was moved is no news."""
    replaced = [each for each in report.replaced if Path(each.before).exists()]
    if replaced:
        first, more = replaced[0], len(replaced) - 1
        others = f", and {more} more likewise" if more else ""
        say(
            f"shutten: the article {first.article_id} held {first.before} and now holds "
            f"{first.now}{others}: to keep both, index the folder that holds them"
        )


@application.command("list")
def list_command(
    context: typer.Context, *, as_json: JsonOption = False, index: IndexOption = None
) -> None:
    """List the articles of the index; titles and headings count as sentences."""
    from shutten.cli.rendering import entries_as_text
    from shutten.index import Index

    with answers() as out, Index.open(_settings(context, index).index) as opened:
        entries, groups = opened.articles(), opened.groups()
        if as_json:
            for entry in entries:
                out.record({**asdict(entry), "groups": groups.get(entry.id, ())})
        else:
            for line in entries_as_text(entries):
                out.line(line)


@application.command()
def remove(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="As `shutten list` shows them.")],
    *,
    index: IndexOption = None,
) -> None:
    """Remove articles from the index."""
    from shutten.index import Index, IndexWriter

    directory = _settings(context, index).index
    # Opened for reading first, so that a mistyped folder is an error and not a new, empty index.
    Index.open(directory).close()
    with answers(), IndexWriter.open(directory) as writer:
        _tell(writer.remove(ids))


@application.command()
def info(context: typer.Context, *, as_json: JsonOption = False, index: IndexOption = None) -> None:
    """Show the size, the models and the health of the index."""
    from shutten.cli.rendering import facts_as_text
    from shutten.index import Index
    from shutten.loaded_models import names_in_use

    settings = _settings(context, index)
    with answers() as out, Index.open(settings.index) as opened:
        facts = {**opened.info(), "models": names_in_use(settings)}
        if as_json:
            out.record(facts)
        else:
            for line in facts_as_text(facts):
                out.line(line)


# ── wikis ────────────────────────────────────────────────────────────────────────────────────

wikis = typer.Typer(
    help="Bring a wiki's pages into the index and keep them current.", rich_markup_mode=None
)
application.add_typer(wikis, name="sync")

WatchOption = Annotated[
    int | None,
    typer.Option("--watch", metavar="SECONDS", min=1, help="Look again so often, until Ctrl-C."),
]
EveryoneOption = Annotated[
    bool, typer.Option("--everyone", help="Everybody may see the pages again, as at first.")
]
NameOption = Annotated[
    str | None,
    typer.Option("--name", help="Stands before the ids; the same name is the same wiki."),
]


@wikis.command("folder")
def sync_folder(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    *,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where the pages are on the web.")
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="mkdocs, quarto, obsidian or files; seen by itself."),
    ] = None,
    name: NameOption = None,
    group: GroupOption = None,
    everyone: EveryoneOption = False,
    watch: WatchOption = None,
    index: IndexOption = None,
) -> None:
    """Sync a folder of Markdown: MkDocs, Quarto, Obsidian."""
    from shutten.wiki.folder import MarkdownFolder, find_site, known_kind

    kind = None if site is None else known_kind(site)
    source = MarkdownFolder(find_site(folder, kind=kind, url=url), label=name)
    groups = _groups(group, everyone=everyone)
    _sync(source, source.place, _settings(context, index), watch, groups)


@wikis.command("dokuwiki")
def sync_dokuwiki(
    context: typer.Context,
    data: Annotated[Path, typer.Argument(metavar="DIR", help="DokuWiki's data directory.")],
    *,
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Before a page's name, as https://…/doku.php?id="),
    ] = None,
    namespace: Annotated[
        list[str] | None,
        typer.Option("--namespace", metavar="NS", help="Only this namespace; may be repeated."),
    ] = None,
    name: NameOption = None,
    group: GroupOption = None,
    everyone: EveryoneOption = False,
    watch: WatchOption = None,
    index: IndexOption = None,
) -> None:
    """Sync the pages of a DokuWiki from its data directory."""
    from shutten.wiki.dokuwiki import DokuWikiFolder

    source = DokuWikiFolder(data, url=url, namespaces=namespace or (), label=name)
    groups = _groups(group, everyone=everyone)
    _sync(source, source.place, _settings(context, index), watch, groups)


@wikis.command("mediawiki")
def sync_mediawiki(
    context: typer.Context,
    place: Annotated[
        str, typer.Argument(metavar="URL|DUMP", help="A page of the wiki, or an XML dump of it.")
    ],
    *,
    namespace: Annotated[
        list[int] | None,
        typer.Option("--namespace", metavar="NUMBER", help="0, the articles; may be repeated."),
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option("--category", metavar="NAME", help="Only its pages; may be repeated."),
    ] = None,
    name: NameOption = None,
    group: GroupOption = None,
    everyone: EveryoneOption = False,
    watch: WatchOption = None,
    index: IndexOption = None,
) -> None:
    """Sync a MediaWiki over its API, or from an XML dump (.xml, .xml.bz2, .xml.gz)."""
    from shutten.cli.syncing import mediawiki

    settings, groups = _settings(context, index), _groups(group, everyone=everyone)
    numbers, names = namespace or [0], category or ()
    with mediawiki(place, numbers, names, label=name, settings=settings) as (source, where):
        _sync(source, where, settings, watch, groups)


def _sync(
    source: Source,
    place: Place | None,
    settings: Settings,
    every: int | None,
    groups: list[str] | None,
) -> None:
    from shutten.cli.syncing import keep_current

    if not keep_current(source, settings, place=place, every=every, groups=groups, tell=_tell):
        raise typer.Exit(FAILED)


def _groups(named: list[str] | None, *, everyone: bool = False) -> list[str] | None:
    """Return who may see the pages, None where nothing was said of it."""
    if named and everyone:
        raise UsageError("--group and --everyone exclude each other: leave one of them out")
    from shutten.bulk import check_group

    for each in named or ():
        check_group(each, "--group")
    return [] if everyone else named


# ── models ───────────────────────────────────────────────────────────────────────────────────

models = typer.Typer(help="Models: which are known, download one, try one.", rich_markup_mode=None)
application.add_typer(models, name=MODELS)

ModelArgument = Annotated[
    str,
    typer.Argument(metavar="NAME", help="owner/name, owner/name/file.gguf, a folder or a file."),
]


@models.command("list")
def list_models(*, as_json: JsonOption = False) -> None:
    """List the models whose facts are known, and which of them are here."""
    stay_offline()
    from shutten.cli.models import entries, entry_as_text, memory_as_text

    with answers() as out:
        for entry in entries():
            if as_json:
                out.record(asdict(entry))
            else:
                out.line(entry_as_text(entry))
    free = memory_as_text()
    if free and not as_json:
        say(free)


SecondsOption = Annotated[
    int, typer.Option("--seconds", metavar="N", min=1, help="How long trying it may take.")
]
TRYING_SECONDS = 900


@models.command("pull")
def pull_model(
    context: typer.Context, name: ModelArgument, *, seconds: SecondsOption = TRYING_SECONDS
) -> None:
    """Download a model from the hub, and try it."""
    from shutten.cli.models import plan_as_text
    from shutten.downloading import download
    from shutten.embedding import BUNDLED

    settings = _settings(context, None)
    with answers() as out:
        if name != BUNDLED:  # what ships with the package is here
            download(name, tell=lambda plan: say(plan_as_text(plan)))
        _show(_tried(name, settings, seconds), out)


@models.command("check")
def check_model(
    context: typer.Context, name: ModelArgument, *, seconds: SecondsOption = TRYING_SECONDS
) -> None:
    """Try a model that is here: simple questions that any working model answers."""
    stay_offline()
    settings = _settings(context, None)
    with answers() as out:
        _show(_tried(name, settings, seconds), out)


def _tried(name: str, settings: Settings, seconds: int) -> Check:
    from shutten.cli.models import check

    cure = (
        "give it longer with --seconds, choose a smaller model (`shutten models list`), or ask a"
        " server with SHUTTEN_ANSWERER=server"
    )
    with patience(f"trying {name}", seconds, cure=cure):
        return check(name, settings)


def _show(outcome: Check, out: Answers) -> None:
    from shutten.cli.models import check_as_text, weakness

    out.line(check_as_text(outcome))
    warning = weakness(outcome)
    if warning:
        say(f"shutten: {warning}")


# ── feedback ─────────────────────────────────────────────────────────────────────────────────

feedback = typer.Typer(
    help="What people said of answers: list, count, export.", rich_markup_mode=None
)
application.add_typer(feedback, name="feedback")

RatingOption = Annotated[
    str | None, typer.Option("--rating", metavar="RATING", help="Only these: up or down.")
]
LastOption = Annotated[
    int | None, typer.Option("--last", metavar="N", min=1, help="Only the last N.")
]


@feedback.command("list")
def list_feedback(
    context: typer.Context,
    *,
    rating: RatingOption = None,
    last: LastOption = None,
    as_json: JsonOption = False,
    index: IndexOption = None,
) -> None:
    """List what people said, oldest first."""
    from shutten.cli.feedback import opinion_as_text, opinions
    from shutten.feedback import feedback_as_dict

    with answers() as out:
        for opinion in opinions(_settings(context, index), rating=rating, last=last):
            if as_json:
                out.record(feedback_as_dict(opinion))
            else:
                out.line(opinion_as_text(opinion))


@feedback.command("count")
def count_feedback(
    context: typer.Context, *, as_json: JsonOption = False, index: IndexOption = None
) -> None:
    """Count the ratings and the reasons."""
    from shutten.cli.feedback import counts, counts_as_text, opinions

    with answers() as out:
        counted = counts(opinions(_settings(context, index)))
        if as_json:
            out.record(counted)
        else:
            out.line(counts_as_text(counted))


@feedback.command("export")
def export_feedback(
    context: typer.Context,
    *,
    form: Annotated[str, typer.Option("--format", metavar="FORM", help="jsonl or csv.")] = "jsonl",
    rating: RatingOption = None,
    last: LastOption = None,
    index: IndexOption = None,
) -> None:
    """Write all that is kept to stdout, oldest first."""
    from shutten.cli.feedback import FORMS, exported, opinions

    written = chosen("--format", form, FORMS)
    with answers() as out:
        kept = opinions(_settings(context, index), rating=rating, last=last)
        for line in exported(kept, written):
            out.line(line)


# ── questions ────────────────────────────────────────────────────────────────────────────────


@application.command()
def ask(
    context: typer.Context,
    question: QuestionArgument = None,
    *,
    batch: BatchOption = None,
    article: ArticlesOption = None,
    as_json: JsonOption = False,
    form: FormatOption = None,
    answerer: AnswererOption = None,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    index: IndexOption = None,
) -> None:
    """Answer a question, or each question of a batch, with citations."""
    _check_question(question, batch, "ask")
    written = _known_form(form, alone=not as_json and batch is None)
    settings = _settings(context, index, answerer=answerer, model=model, reranker=reranker)
    from shutten.cli.rendering import answer_as_text
    from shutten.exporting import export_answer
    from shutten.grounding import answer_as_dict

    def answer(assistant: Assistant, asked: Question, out: Answers) -> None:
        given = assistant.ask(
            asked.question,
            history=asked.history,
            article_ids=asked.article_ids,
            language=asked.language,
            quoting=asked.quoting,
        )
        if asked.suggest:
            given = _with_suggestions(given, asked, assistant, most=settings.suggestions)
        if as_json or batch is not None:
            out.record({**answer_as_dict(given), "id": asked.id})
        elif written is not None:
            out.line(export_answer(given, written).rstrip("\n"))
        else:
            out.line(answer_as_text(given))

    _ask_all(question, batch, answer, lambda: _assistant(settings, article))


def _with_suggestions(given: Answer, asked: Question, assistant: Assistant, *, most: int) -> Answer:
    from shutten.suggesting import Answered, Suggester

    answered = Answered(given, asked.history, asked.article_ids, asked.suggested)
    return Suggester(assistant, most=most).add_to(answered)


@application.command()
def search(
    context: typer.Context,
    query: QuestionArgument = None,
    *,
    batch: BatchOption = None,
    top: Annotated[int, typer.Option(metavar="K", min=1, help="How many sentences.")] = 10,
    as_json: JsonOption = False,
    reranker: RerankerOption = None,
    index: IndexOption = None,
) -> None:
    """Find the sentences nearest to a question, best first."""
    _check_question(query, batch, "search")
    # A search writes nothing: a language model of the settings stays where it is.
    settings = _settings(context, index, reranker=reranker, answerer="reader")
    from shutten.cli.rendering import hits_as_text
    from shutten.grounding import hit_as_dict
    from shutten.sentences import detect_language

    def find(assistant: Assistant, asked: Question, out: Answers) -> None:
        hits = assistant.search(asked.question, k=top, article_ids=asked.article_ids)
        if as_json or batch is not None:
            shown = [hit_as_dict(hit) for hit in hits]
            out.record({"id": asked.id, "question": asked.question, "hits": shown})
        elif hits:
            language = asked.language or detect_language(asked.question)
            out.line(hits_as_text(hits, language))
        else:
            say("nothing was found: ask in other words, or see `shutten list` for what is there")

    _ask_all(query, batch, find, lambda: _assistant(settings, None))


@application.command()
def chat(
    context: typer.Context,
    *,
    answerer: AnswererOption = None,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    index: IndexOption = None,
) -> None:
    """Hold a conversation about the articles; /quit or Ctrl-D ends it."""
    from shutten.cli.conversation import converse

    settings = _settings(context, index, answerer=answerer, model=model, reranker=reranker)
    with answers() as out:
        converse(_assistant(settings, None), out)


def _known_form(name: str | None, *, alone: bool) -> Format | None:
    """Return the format that was asked for; raises UsageError."""
    if name is None:
        return None
    from shutten.exporting import FORMATS

    if not alone:
        raise UsageError("--format does not go with --json and --batch: leave one of them out")
    return chosen("--format", name, FORMATS)


def _check_question(question: str | None, batch: str | None, command: str) -> None:
    if (question is None) == (batch is None):
        raise UsageError(
            f'give either one question, as in `shutten {command} "…"`, or --batch FILE'
        )


def _assistant(settings: Settings, files: list[str] | None) -> Assistant:
    from shutten.cli.checks import check_index, check_sources

    if files:
        check_sources(files)
    else:
        check_index(settings.index)
    from shutten.assistant import assistant_for_files, open_assistant

    return assistant_for_files(files, settings) if files else open_assistant(settings)


def _ask_all(
    question: str | None,
    batch: str | None,
    answer: Callable[[Assistant, Question, Answers], None],
    open_one: Callable[[], Assistant],
) -> None:
    """Answer one question, or every line of a batch, each in its place and flushed.

    A line that cannot be asked or answered prints its error; the rest go on, and the status is 2.
    """
    from shutten.cli.batch import open_batch
    from shutten.questions import Question

    with answers() as out:
        if batch is None:
            answer(open_one(), Question("1", question or ""), out)
            return
        with open_batch(batch) as lines:
            failures = list(_answer_lines(lines, answer, open_one(), out))
    if not failures:
        say(f"shutten: --batch {batch} holds no question: write one a line")
    if any(failures):
        raise typer.Exit(FAILED)


def _answer_lines(
    lines: Iterable[bytes],
    answer: Callable[[Assistant, Question, Answers], None],
    assistant: Assistant,
    out: Answers,
) -> Iterator[bool]:
    """Yield for each line whether it failed."""
    from shutten.cli.batch import BadLine, read_batch

    for asked in read_batch(lines, notice=lambda line: say(f"shutten: {line}")):
        error = asked.error if isinstance(asked, BadLine) else None
        if not isinstance(asked, BadLine):
            try:
                answer(assistant, asked, out)
            except ShuttenError as failure:
                error = str(failure)
        if error is not None:
            out.record({"id": asked.id, "error": error})
        yield error is not None


# ── the rest ─────────────────────────────────────────────────────────────────────────────────


@application.command()
def serve(
    context: typer.Context,
    *,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port.", show_default="7860")] = None,
    root_path: Annotated[
        str | None, typer.Option(metavar="PATH", help="Path before all addresses, such as /qa.")
    ] = None,
    answerer: AnswererOption = None,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    index: IndexOption = None,
) -> None:
    """Run the web app; it starts with the samples if there is no index."""
    settings = _settings(
        context,
        index,
        host=host,
        port=port,
        root_path=root_path,
        answerer=answerer,
        model=model,
        reranker=reranker,
    )
    from shutten.cli.checks import check_index_if_there
    from shutten.web.app import check_servable
    from shutten.web.app import serve as serve_web

    check_servable(settings)
    check_index_if_there(settings.index)
    from shutten.assistant import open_assistant
    from shutten.filling import ensure_samples
    from shutten.loaded_models import load_models

    share_allocation_arenas()
    with answers():
        models = load_models(settings)
        if ensure_samples(settings, embedder=models.embedder):
            say(f"the sample articles are indexed in {settings.index}")
        serve_web(open_assistant(settings, models=models), settings)


@application.command("mcp")
def serve_tools(context: typer.Context, *, index: IndexOption = None) -> None:
    """Offer the index as tools to a program with a language model: MCP on stdin and stdout."""
    settings = _settings(context, index)
    with answers():
        assistant = _assistant(settings, None)
    from shutten.web.api.tools import serve_stdio

    serve_stdio(assistant)


@application.command("eval")
def evaluate(
    context: typer.Context,
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A name or a file.")],
    *,
    article: ArticlesOption = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where named data sets are.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write everything measured as JSON.")
    ] = None,
    plots: Annotated[Path | None, typer.Option(metavar="DIR", help="Draw curves as PNG.")] = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Ask so many, spread over the set.")
    ] = None,
    as_json: JsonOption = False,
    index: Annotated[Path | None, typer.Option("--index", hidden=True)] = None,
) -> None:
    """Measure retrieval, reading and refusal on a data set."""
    from shutten.evaluation import run

    settings = _settings(context, index)
    with answers() as out, progress("evaluating") as bar:
        result = run(
            dataset,
            articles=[Path(each) for each in article or ()],
            data=data,
            settings=settings,
            report=report,
            plots=plots,
            limit=limit,
            progress=bar,
        )
        if as_json:
            out.record(result.as_dict())
        else:
            out.line(result.table())


def _settings(context: typer.Context, index: Path | None, **options: Any) -> Settings:  # noqa: ANN401
    """Read the settings; an option that was typed wins, the caller's index folder comes last."""
    from shutten.settings import Settings, unknown_variables

    for line in unknown_variables():
        say(f"shutten: {line}")
    typed: Mapping[str, Any] = {"index": index, **options}
    given = {name: value for name, value in typed.items() if value is not None}
    settings = Settings(**given)
    if "index" in settings.model_fields_set:
        return settings
    return Settings(**given, index=context.obj)
