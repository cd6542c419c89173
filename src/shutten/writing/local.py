"""A language model in this process: one generation at a time, token by token, and a real stop."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from shutten.errors import ModelError, WriterError
from shutten.memory import give_back_freed
from shutten.types import WritingRequest
from shutten.writing.loading import LanguageModel, load_language_model
from shutten.writing.output import CUT, END, Detokeniser, Pieces, Polisher, received
from shutten.writing.prompts import Budget, Message, PromptBuilder

PREFILL_CHUNK = 128
"""Prompt tokens in one pass. A stop is heard between the layers of a pass, so that a pass of
hundreds of tokens through a layer must not take long."""

SHORTEST_PREFIX = 16
"""A common beginning of two prompts that is worth keeping, in tokens."""

TEMPERATURE, TOP_P = 0.7, 0.9
"""Of the samples after the first."""

_PROBE = "ab-cd-ef"


class _StoppedError(Exception):
    """Raised inside the network when the reader of the text has gone."""


@dataclass(frozen=True, slots=True)
class _Prompt:
    """Token ids, and whether they end inside an open `<think>`."""

    ids: list[int]
    thinking: bool


def load_local(name: str, budget: Budget, *, threads: int | None = None) -> LocalWriter:
    """Load a language model and return its writer; raises ModelError."""
    return LocalWriter(load_language_model(name, threads=threads), budget)


class LocalWriter:
    """Writes with a loaded model. May be shared by threads: who asks first is served first.

    `keep_prefix` keeps what the network computed for the last prompt; the next one that begins
    alike starts from there.
    """

    def __init__(self, model: LanguageModel, budget: Budget, *, keep_prefix: bool = True) -> None:
        self._model = model
        self._budget = budget
        self._prompts = PromptBuilder(budget, self.count, _special_tokens(model.tokenizer))
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shutten-writer")
        self._stopped: threading.Event | None = None
        self._prefix = _PrefixCache(model.network, reuse=keep_prefix)
        self._end_tokens = _end_tokens(model)
        self._takes_system = _takes_system(model)
        _hear(model.network, self._check)

    @property
    def name(self) -> str:
        """The model as it was asked for: a name, or the path of a folder or file."""
        return self._model.name

    @property
    def parameters(self) -> int:
        """How many weights the model has."""
        return self._model.parameters

    def write(self, request: WritingRequest) -> Generator[str]:
        """Yield the text; while others are served and while the prompt is read, empty pieces.

        Raises WriterError where the prompt does not fit into the model's context, or memory ends.
        """
        stopped = threading.Event()
        pieces: Pieces = Pieces()
        future = self._begin(request, pieces, stopped)
        future.add_done_callback(lambda _: pieces.put(END))
        try:
            yield from received(pieces)
            future.result()
        finally:
            stopped.set()
            _await_end(future)

    def close(self) -> None:
        """Let the texts that were begun end, then give the model's memory back.

        What is to be written after that raises WriterError.
        """
        self._pool.shutdown()
        self._prefix.forget()
        self._model.network.to("meta")  # whoever still refers to it holds no weights
        give_back_freed()

    def _begin(
        self, request: WritingRequest, pieces: Pieces, stopped: threading.Event
    ) -> Future[None]:
        try:
            return self._pool.submit(self._run, request, pieces, stopped)
        except RuntimeError as error:  # the pool is closed
            message = f"the language model {self.name} has made room for another one: ask again"
            raise WriterError(message) from error

    def _run(self, request: WritingRequest, pieces: Pieces, stopped: threading.Event) -> None:
        """Generate in the pool's thread, whose one place is the queue."""
        self._stopped = stopped
        try:
            prompt = self._encode(request)
            polisher = Polisher(thinking=prompt.thinking)
            tokens = _Tokens(Detokeniser(self._decode), polisher, pieces, stopped)
            with contextlib.suppress(_StoppedError):
                self._generate(prompt.ids, request.sample, tokens)
            pieces.put(polisher.end())
            if tokens.last is not None and tokens.last not in self._end_tokens:
                pieces.put(CUT)
        except (RuntimeError, ValueError, TypeError, IndexError, MemoryError) as error:
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            message = (
                f"the language model {self.name} broke off ({reason}): ask again, or choose a"
                " smaller model"
            )
            raise WriterError(message) from error
        finally:
            self._stopped = None

    # --- the prompt ---------------------------------------------------------------------------

    def prompt(self, request: WritingRequest) -> str:
        """Return the text that the network is given."""
        tokenizer = self._model.tokenizer
        if tokenizer.chat_template is None:
            return self._prompts.plain(request)
        messages = self._prompts.messages(request)
        return _render(tokenizer, messages if self._takes_system else _folded(messages))

    def _encode(self, request: WritingRequest) -> _Prompt:
        tokenizer = self._model.tokenizer
        text = self.prompt(request)
        # A template writes the beginning-of-text mark itself.
        ids = tokenizer(text, add_special_tokens=tokenizer.chat_template is None)["input_ids"]
        self._check_context(len(ids))
        return _Prompt(ids, thinking=text.rstrip().endswith("<think>"))

    def _check_context(self, tokens: int) -> None:
        context = self._model.context
        if context is not None and tokens + self._budget.answer_tokens > context:
            message = (
                f"the question and its passages have {tokens} tokens, and with an answer of"
                f" {self._budget.answer_tokens} the language model {self.name} takes {context}:"
                " shorten the question, set SHUTTEN_PROMPT_TOKENS or SHUTTEN_ANSWER_TOKENS lower,"
                " or choose a model with more context"
            )
            raise WriterError(message)

    def count(self, text: str) -> int:
        """Return how many tokens a text has."""
        return len(self._model.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _decode(self, ids: Sequence[int]) -> str:
        text: str = self._model.tokenizer.decode(
            list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text

    # --- the generation -----------------------------------------------------------------------

    def _generate(self, ids: list[int], sample: int, tokens: _Tokens) -> None:
        import torch

        network = self._model.network
        given = torch.tensor([ids], device=network.device)
        cache = self._prefix.take(ids)
        devices = [] if network.device.type == "cpu" else [network.device]
        kind = "cuda" if network.device.type == "cpu" else network.device.type
        fork = torch.random.fork_rng(devices, enabled=sample > 0, device_type=kind)
        with torch.no_grad(), fork:
            if sample:
                torch.manual_seed(sample)
            network.generate(
                given,
                attention_mask=torch.ones_like(given),
                generation_config=self._how(sample, chunked=cache is not None),
                past_key_values=cache,
                streamer=tokens,
            )
        if cache is not None:
            self._prefix.keep(ids, cache)

    def _how(self, sample: int, *, chunked: bool) -> Any:  # noqa: ANN401
        from transformers import GenerationConfig

        drawn = {"do_sample": True, "temperature": TEMPERATURE, "top_p": TOP_P, "top_k": 0}
        return GenerationConfig(
            max_new_tokens=self._budget.answer_tokens,
            max_time=self._budget.answer_seconds,
            eos_token_id=self._end_tokens or None,
            pad_token_id=self._end_tokens[0] if self._end_tokens else 0,
            prefill_chunk_size=PREFILL_CHUNK if chunked else None,
            **(drawn if sample else {"do_sample": False}),
        )

    def _check(self, *_: object) -> None:
        """Be called before each layer; None: leave its input as it is."""
        if self._stopped is not None and self._stopped.is_set():
            raise _StoppedError


class _Tokens:
    """What `generate` calls a streamer: it is given the prompt, then each token, as tensors."""

    def __init__(
        self,
        text: Detokeniser,
        polisher: Polisher,
        pieces: Pieces,
        stopped: threading.Event,
    ) -> None:
        self._text = text
        self._polisher = polisher
        self._pieces = pieces
        self._stopped = stopped
        self._prompt_follows = True
        self.last: int | None = None
        """The token that came last; of a text that has ended by itself, one that ends it."""

    def put(self, value: Any) -> None:  # noqa: ANN401
        """Take the prompt, which is left out, or a token."""
        if self._prompt_follows:
            self._prompt_follows = False
            return
        if self._stopped.is_set():
            raise _StoppedError
        for token in value.reshape(-1).tolist():
            self.last = token
            self._pieces.put(self._polisher.feed(self._text.feed(token)))
        if self._polisher.finished:
            raise _StoppedError

    def end(self) -> None:
        """Do nothing: that all is written is told when `generate` returns."""


class _PrefixCache:
    """Keys and values of the last prompt, for the next one that begins alike.

    Only for networks that attend to everything: of a window, or of a running state, what lies back
    cannot be taken apart again.
    """

    def __init__(self, network: Any, *, reuse: bool) -> None:  # noqa: ANN401
        self._network = network
        self._reuse = reuse
        self._ids: list[int] = []
        self._cache: Any = None

    def take(self, ids: Sequence[int]) -> Any:  # noqa: ANN401
        """Return a cache that holds the common beginning, or nothing yet; None: none is possible.

        The last token of a prompt is never in it, as its result is what the answer begins with.
        """
        cache, self._cache = self._cache, None
        common = min(_common(ids, self._ids), len(ids) - 1)
        if cache is None or common < SHORTEST_PREFIX:
            return self._new()
        _shorten(cache, common)
        return cache

    def keep(self, ids: list[int], cache: Any) -> None:  # noqa: ANN401
        """Keep what belongs to the prompt."""
        if self._reuse:
            _shorten(cache, len(ids))
            self._ids, self._cache = ids, cache

    def forget(self) -> None:
        """Keep nothing any more."""
        self._ids, self._cache = [], None

    def _new(self) -> Any:  # noqa: ANN401
        from transformers import DynamicCache
        from transformers.cache_utils import DynamicLayer

        cache = DynamicCache(config=self._network.config)
        plain = bool(cache.layers) and all(type(layer) is DynamicLayer for layer in cache.layers)
        return cache if plain else None


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _shorten(cache: Any, length: int) -> None:  # noqa: ANN401
    surplus = cache.get_seq_length() - length
    if surplus > 0:
        cache.crop(-surplus)


def _await_end(future: Future[None]) -> None:
    if not future.cancel():
        wait([future])


def _hear(network: Any, check: Callable[..., None]) -> None:  # noqa: ANN401
    """Have `check` called before every pass, and within it before every layer."""
    import torch

    network.register_forward_pre_hook(check)
    for module in network.modules():
        if isinstance(module, torch.nn.ModuleList):
            for layer in module:
                layer.register_forward_pre_hook(check)


def _special_tokens(tokenizer: Any) -> list[str]:  # noqa: ANN401
    added = tokenizer.added_tokens_decoder.values()
    return [*tokenizer.all_special_tokens, *(token.content for token in added if token.special)]


def _end_tokens(model: LanguageModel) -> list[int]:
    """Return the tokens that end an answer: what the model names, and all marks of a turn."""
    named = model.network.generation_config.eos_token_id
    ids = set(named if isinstance(named, list) else [named])
    ids |= {model.tokenizer.eos_token_id, *model.tokenizer.all_special_ids}
    return sorted(ids - {None, model.tokenizer.unk_token_id})


def _takes_system(model: LanguageModel) -> bool:
    """Tell whether the chat template shows a system message; some raise, some just drop it."""
    from jinja2.exceptions import TemplateError

    tokenizer = model.tokenizer
    if tokenizer.chat_template is None:
        return True
    user = {"role": "user", "content": "a"}
    try:
        shown: str = _render(tokenizer, [{"role": "system", "content": _PROBE}, user])
    except TemplateError:
        shown = ""
    if _PROBE in shown:
        return True
    try:
        _render(tokenizer, [user])
    except TemplateError as error:
        message = (
            f"the chat template of the language model {model.name} cannot be used ({error}):"
            " choose another model"
        )
        raise ModelError(message) from error
    return False


def _render(tokenizer: Any, messages: list[Message]) -> str:  # noqa: ANN401
    text: str = tokenizer.apply_chat_template(
        messages, tokenize=False, add_generation_prompt=True, enable_thinking=False
    )
    return text


def _folded(messages: list[Message]) -> list[Message]:
    """Put the instructions before the first question, for templates without a system role."""
    system, first, *others = messages
    content = f"{system['content']}\n\n{first['content']}"
    return [{"role": first["role"], "content": content}, *others]
