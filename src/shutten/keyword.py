"""The keyword view: BM25 in tantivy over the tokens of each sentence under its title."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from shutten.keyword_files import check_whole, is_writable, linked
from shutten.store import Keys, SearchableSentence
from shutten.tokens import tokenise
from shutten.views import Found, ViewError, best_first

_HEAP_BYTES = 64_000_000
_SMALL_HEAP_BYTES = 15_000_000
_MANY = 2_000
_FREQUENCIES = "freq"
_TOKENS = "tokens"
_FIELDS = "key article tokens 1"
_TRIAL = "東京Tower ﾃﾚﾋﾞ 1,200円 R2 Café «引用» 3.5km; the cities' children were running faster"


class KeywordView:
    """Sentence keys by their tokens."""

    def __init__(self, index: Any) -> None:  # noqa: ANN401 -- as tantivy gives it
        self._index = index
        self._schema = index.schema
        self._searcher = index.searcher()

    @classmethod
    def in_memory(cls) -> KeywordView:
        """Return an empty view that is gone with the process."""
        import tantivy

        return cls(_with_tokens(tantivy.Index(_schema())))

    @classmethod
    def open(cls, folder: Path) -> KeywordView:
        """Open a view on disk; raises ViewError where it is not whole."""
        check_whole(folder)
        if is_writable(folder):
            return cls(_opened(folder))
        with linked(folder) as links:
            return cls(_opened(links))

    @classmethod
    @contextmanager
    def apart(cls, folder: Path) -> Iterator[KeywordView]:
        """Open a view on disk so that changes stay in this process; change it in the context."""
        check_whole(folder)
        with linked(folder) as links:
            yield cls(_opened(links))

    @classmethod
    def create(cls, folder: Path) -> KeywordView:
        """Make an empty view in an empty folder."""
        import tantivy

        return cls(_with_tokens(tantivy.Index(_schema(), str(folder))))

    def __len__(self) -> int:
        return max(int(self._searcher.num_docs) - 1, 0)

    def sequence(self) -> int:
        """Return the commit of the store that the view has reached; raises ViewError."""
        import tantivy

        found = self._searcher.search(tantivy.Query.exists_query("sequence"), 2).hits
        addresses = [address for _, address in found]
        if len(addresses) != 1:
            message = "the keyword view was never finished"
            raise ViewError(message)
        if self._searcher.fast_field_values("tokeniser", addresses) != [_tokeniser_print()]:
            message = "the keyword view was made by another tokeniser"
            raise ViewError(message)
        return int(self._searcher.fast_field_values("sequence", addresses)[0])

    def prepare(
        self, removed: Keys, added: Iterable[SearchableSentence], *, sequence: int, size: int
    ) -> KeywordChange:
        """Take keys out and sentences in; searches see it after the change's `commit`.

        `size` is about how many come in. Raises ViewError where it cannot be written.
        """
        heap = _HEAP_BYTES if size > _MANY else _SMALL_HEAP_BYTES
        with _write_errors():
            writer = self._index.writer(heap_size=heap, num_threads=1)
        change = KeywordChange(self, writer, self._schema)
        change.fill(removed, added, sequence)
        return change

    def look_again(self) -> None:
        """Search what was committed last."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(
        self,
        tokens: Sequence[str],
        k: int,
        *,
        articles: Collection[int] | None = None,
    ) -> list[Found]:
        """Return up to k keys by BM25, best first, of the articles with these numbers or of all."""
        count = min(k, len(self))
        if count < 1 or not tokens or (articles is not None and not articles):
            return []
        query = self._query(tokens)
        if articles is not None:
            query = self._restricted(query, articles)
        hits = self._searcher.search(query, count, count=False).hits
        keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return best_first(keys, [float(score) for score, _ in hits])

    def frequencies(self, tokens: Collection[str]) -> dict[str, int]:
        """Return in how many sentences, with their titles, each token stands."""
        return {token: int(self._searcher.doc_freq(_TOKENS, token)) for token in tokens}

    def _query(self, tokens: Sequence[str]) -> Any:  # noqa: ANN401
        import tantivy

        terms = [
            (
                tantivy.Occur.Should,
                tantivy.Query.term_query(self._schema, "tokens", token, _FREQUENCIES),
            )
            for token in dict.fromkeys(tokens)
        ]
        return tantivy.Query.boolean_query(terms)

    def _restricted(self, query: Any, articles: Collection[int]) -> Any:  # noqa: ANN401
        import tantivy

        among = tantivy.Query.term_set_query(self._schema, "article", list(articles))
        unscored = tantivy.Query.const_score_query(among, 0.0)
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, query), (must, unscored)])


class KeywordChange:
    """Sentences on their way into a view; ends with `commit` or `abandon`."""

    def __init__(self, view: KeywordView, writer: Any, schema: Any) -> None:  # noqa: ANN401
        self._view = view
        self._writer = writer
        self._schema = schema

    def fill(self, removed: Keys, added: Iterable[SearchableSentence], sequence: int) -> None:
        """Hand everything to tantivy, which writes it without showing it."""
        with ExitStack() as undo:
            undo.callback(self.abandon)
            with _write_errors():
                self._delete(removed)
                self._add(added)
                self._document(sequence=sequence, tokeniser=_tokeniser_print())
            undo.pop_all()

    def commit(self) -> None:
        """Show the change, all at once; raises ViewError, and then nothing has changed."""
        with _write_errors():
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._view.look_again()

    def abandon(self) -> None:
        """Roll back what `fill` handed over; does nothing where the writer has failed."""
        with suppress(ValueError, OSError):  # a writer that failed cannot even go back
            self._writer.rollback()
            self._writer.wait_merging_threads()

    def _delete(self, removed: Keys) -> None:
        import tantivy

        # Deleting by term does nothing for a number given as a Python integer; by query it works.
        self._writer.delete_documents_by_query(tantivy.Query.exists_query("sequence"))
        if len(removed):
            gone = tantivy.Query.term_set_query(self._schema, "key", removed.tolist())
            self._writer.delete_documents_by_query(gone)

    def _add(self, added: Iterable[SearchableSentence]) -> None:
        title, title_tokens = "", ""
        for each in added:
            if each.title != title:
                title, title_tokens = each.title, " ".join(tokenise(each.title))
            # One field for both: BM25 over two separate ones ranked worse (docs/log.md).
            tokens = f"{title_tokens} {' '.join(tokenise(each.text))}"
            self._document(key=each.key, article=each.article, tokens=tokens)

    def _document(self, **fields: int | str) -> None:
        import tantivy

        self._writer.add_document(tantivy.Document.from_dict(fields, self._schema))


@contextmanager
def _write_errors() -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:  # tantivy says ValueError for a full disk
        raise ViewError("no room for the keyword view") from error


def _schema() -> Any:  # noqa: ANN401
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    builder.add_unsigned_field("article", indexed=True)
    builder.add_unsigned_field("sequence", indexed=True, fast=True)
    builder.add_unsigned_field("tokeniser", fast=True)
    builder.add_text_field("tokens", tokenizer_name=_TOKENS, index_option=_FREQUENCIES)
    return builder.build()


def _opened(folder: Path) -> Any:  # noqa: ANN401
    import tantivy

    try:
        return _with_tokens(tantivy.Index.open(str(folder)))
    except (ValueError, OSError) as error:
        raise ViewError(f"{folder.name} cannot be read ({error})") from error


def _with_tokens(index: Any) -> Any:  # noqa: ANN401
    """Tell an index that its texts are tokens joined by spaces."""
    import tantivy

    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENS, analyzer)
    # We say ourselves when to look again: by default a thread watches the folder.
    index.config_reader("manual", 0)
    return index


def _tokeniser_print() -> int:
    """Return a number that changes with tokens and fields: a view made by others is made anew."""
    return zlib.crc32("\n".join([_FIELDS, *tokenise(_TRIAL)]).encode())
