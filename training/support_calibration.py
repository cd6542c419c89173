"""Turn the support head's outputs into probabilities, and choose the two thresholds.

    python training/support_calibration.py --data DIR --head FOLDER

On examples held out from training (`support_examples.HELD_OUT`): one logistic regression says of a
claim, another of a single word that has no sure counterpart, whether the sentence bears it out.
Writes `support.json` beside the head, with the numbers of the model card.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from shutten.checking.alignment import KIN, WordVectors
from shutten.checking.analysis import analyse
from shutten.checking.case import Case
from shutten.checking.checker import gather
from shutten.checking.checks import problems_of
from shutten.checking.support import (
    CALIBRATION_FILE,
    Laid,
    Seen,
    claim_features,
    cosines,
    load_head,
    observe,
    word_features,
)
from shutten.embedding import load_embedder
from shutten.reader import BUNDLED, load_network
from shutten.types import Embedder, Hit, Passage
from support import Recipe
from support_examples import Example, all_examples

LOST_CLAIMS = 0.03
"""The share of true held-out claims, past the exact checks, that the claim threshold may refuse."""
LOST_WORDS = 0.1
"""The share of borne-out held-out words without a counterpart that the word threshold may lose."""
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Held:
    """A held-out example as a case, with what the network and the exact checks say."""

    example: Example
    case: Case
    seen: Seen
    cosine: float

    @property
    def passes(self) -> bool:
        """Whether the exact checks, additions aside, let the claim through."""
        return not problems_of(self.case, [False] * len(self.case.matches))


def passage_of(example: Example) -> Passage:
    text = example.sentence
    hit = Hit("a", example.title, None, 2, 0, len(text), text, 0.5)
    return Passage(hit, before=example.before)


def observed(examples: Sequence[Example], folder: Path, embedder: Embedder) -> list[Held]:
    vectors = WordVectors(embedder)
    encoder, trunk = load_network(BUNDLED)
    head = load_head(folder / "model.safetensors")
    pairs = [
        (e, gather(analyse(e.claim), [passage_of(e)], vectors, published=None)) for e in examples
    ]
    known = [(example, found[0]) for example, found in pairs if found is not None]
    held: list[Held] = []
    for start in range(0, len(known), _BATCH):
        part = known[start : start + _BATCH]
        laid = [Laid(case, example.title, example.before) for example, case in part]
        seen = observe(laid, encoder, trunk, head)
        near = cosines([case for _, case in part], embedder)
        held += [Held(e, c, s, n) for (e, c), s, n in zip(part, seen, near, strict=True)]
    return held


def word_rows(held: Sequence[Held]) -> tuple[list[dict[str, float]], list[bool]]:
    """Words without a sure counterpart, where it is known whether they are borne out."""
    rows, truths = [], []
    for each in held:
        wrong = each.example.wrong
        if not each.example.supported and wrong is None:
            continue
        for number, match in enumerate(each.case.matches):
            if match.strength >= KIN:
                continue
            start, end = each.case.claim.folded.span(match.word.start, match.word.end)
            rows.append(word_features(each.case, number, each.seen.words[number]))
            truths.append(wrong is None or not (start < wrong[1] and wrong[0] < end))
    return rows, truths


def fitted(rows: Sequence[Mapping[str, float]], truths: Sequence[bool]) -> LogisticRegression:
    return LogisticRegression(C=0.3, max_iter=2000).fit(_table(rows), truths)


def _table(rows: Sequence[Mapping[str, float]]) -> np.ndarray:
    return np.array([list(row.values()) for row in rows])


def written(model: LogisticRegression, names: Sequence[str]) -> dict[str, object]:
    weights = {name: round(float(w), 4) for name, w in zip(names, model.coef_[0], strict=True)}
    return {"weights": weights, "bias": round(float(model.intercept_[0]), 4)}


def crossed_out(rows: Sequence[Mapping[str, float]], truths: Sequence[bool]) -> np.ndarray:
    """Probabilities from models that have not seen the row: five folds in turn."""
    table, truth = _table(rows), np.array(truths)
    found = np.zeros(len(truth))
    for fold in range(5):
        here = np.arange(len(truth)) % 5 == fold
        model = LogisticRegression(C=0.3, max_iter=2000).fit(table[~here], truth[~here])
        found[here] = model.predict_proba(table[here])[:, 1]
    return found


def reliability(probabilities: np.ndarray, truths: np.ndarray) -> list[dict[str, float]]:
    rows = []
    for low in np.arange(0, 1, 0.1):
        here = (probabilities >= low) & (probabilities < low + 0.1)
        if here.any():
            mean, true = float(probabilities[here].mean()), float(truths[here].mean())
            row = {"mean": round(mean, 3), "true": round(true, 3), "examples": int(here.sum())}
            rows.append(row)
    return rows


def calibrate(held: Sequence[Held]) -> dict[str, object]:
    words, word_truths = word_rows(held)
    claims = [claim_features(each.case, each.seen, each.cosine) for each in held]
    truths = np.array([each.example.supported for each in held])
    word_chance, chance = crossed_out(words, word_truths), crossed_out(claims, truths.tolist())
    word_truth = np.array(word_truths)
    passing = np.array([each.passes for each in held])
    word_threshold = float(np.quantile(word_chance[word_truth], LOST_WORDS))
    claim_threshold = float(np.quantile(chance[truths & passing], LOST_CLAIMS))
    return {
        "claim": written(fitted(claims, truths.tolist()), list(claims[0])),
        "word": written(fitted(words, word_truths), list(words[0])),
        "claim_threshold": round(claim_threshold, 4),
        "word_threshold": round(word_threshold, 4),
        "held_out": {
            "claims": len(held),
            "true": int(truths.sum()),
            "claim_auc": round(float(roc_auc_score(truths, chance)), 4),
            "false_below_claim_threshold": round(
                float((chance[~truths] < claim_threshold).mean()), 4
            ),
            "words": len(words),
            "word_auc": round(float(roc_auc_score(word_truth, word_chance)), 4),
            "false_words_below_word_threshold": round(
                float((word_chance[~word_truth] < word_threshold).mean()), 4
            ),
            "by_source": by_source(held, chance, truths),
            "reliability": reliability(chance, truths),
        },
    }


def by_source(held: Sequence[Held], chance: np.ndarray, truths: np.ndarray) -> dict[str, object]:
    found: dict[str, object] = {}
    for source in sorted({each.example.source for each in held}):
        here = np.array([each.example.source == source for each in held])
        found[source] = {
            "claims": int(here.sum()),
            "auc": round(float(roc_auc_score(truths[here], chance[here])), 4),
            "head_auc": round(
                float(
                    roc_auc_score(
                        truths[here], [e.seen.whole for e in held if e.example.source == source]
                    )
                ),
                4,
            ),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--head", type=Path, required=True, help="the folder `support.py` wrote")
    parser.add_argument("--examples", type=int, default=600)
    options = parser.parse_args()
    recipe = Recipe()
    examples = all_examples(options.data, judged=recipe.judged, made=recipe.made, seed=recipe.seed)
    chosen = [example for example in examples if example.held_out][: options.examples]
    held = observed(chosen, options.head, load_embedder())
    result = calibrate(held)
    text = json.dumps(result, indent=1, ensure_ascii=False)
    (options.head / CALIBRATION_FILE).write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
