"""What becomes of questions that ask for several things at once.

    python benchmarks/compound_questions.py --data DIR [--split develop]

Each is asked of its own article, as one question and taken apart; without --data those about the
samples alone. A part is answered where a citation is a right sentence and the answer's text names
what was accepted; a sentence that is right for no part is cited beside the point.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from measuring import Benchmark, Rows, parameters_of, parser_for
from shutten.articles import read_articles
from shutten.assistant import Assistant
from shutten.evaluation.datasets import read_news
from shutten.evaluation.metrics import contains
from shutten.evaluation.subject import Subject, subject_over
from shutten.loaded_models import load_models
from shutten.lookup import QuestionForms
from shutten.settings import Settings, samples_folder
from shutten.types import Answer

QUESTIONS = Path(__file__).resolve().parent / "questions" / "compounds"


def read_asked(path: Path) -> list[dict[str, Any]]:
    """The questions of a file, each with its parts."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def subject_of(asked: Sequence[dict[str, Any]], data: Path | None) -> Subject:
    """The samples, and with a data folder the news that is asked about."""
    settings = Settings()
    articles = list(read_articles([samples_folder()]))
    if data is not None:
        articles += read_news(data, {each["article"] for each in asked})
    return subject_over(articles, load_models(settings), settings)


def seeing(subject: Subject, forms: QuestionForms) -> Subject:
    """The same subject, which sees no other forms in a question than these."""
    whole = subject.assistant
    assistant = Assistant(
        whole.index,
        whole.retriever,
        whole.reader,
        whole.embedder,
        writer=whole.writer,
        forms=forms,
        max_question_characters=whole.max_question_characters,
    )
    return replace(subject, assistant=assistant)


def is_answered(part: dict[str, Any], answer: Answer) -> bool:
    """Whether an answer cites a right sentence of a part and says what was accepted."""
    cited = {each.sentence for each in answer.citations}
    named = any(contains(answer.text, accepted) for accepted in part["answers"])
    return named and bool(cited & set(part["gold_sentences"]))


def in_short(part: dict[str, Any], answer: Answer) -> bool:
    """Whether it says so in its short answer."""
    short = answer.short_answer
    return is_answered(part, answer) and any(contains(short, a) for a in part["answers"])


def outcomes(
    asked: Sequence[dict[str, Any]], subject: Subject
) -> Iterator[tuple[dict[str, Any], Answer]]:
    """Ask each question whose article is there."""
    for each in asked:
        ids = [a.id for a in subject.index.articles() if each["article"] in (a.id, a.title)]
        if ids:
            answer = subject.ask(each["question"], ids)
            if answer is not None:
                yield each, answer


def counted(found: Sequence[tuple[dict[str, Any], Answer]]) -> dict[str, Any]:
    """What came of the questions."""
    parts = [(part, answer) for each, answer in found for part in each["parts"]]
    told = [(part, answer) for part, answer in parts if part["answers"]]
    whole = [
        all(is_answered(part, answer) for part in each["parts"] if part["answers"])
        for each, answer in found
    ]
    spare = [len({c.sentence for c in answer.citations} - _gold(each)) for each, answer in found]
    return {
        "questions": len(found),
        "parts": len(told),
        "parts answered": sum(is_answered(*each) for each in told),
        "parts in the short answer": sum(in_short(*each) for each in told),
        "all parts answered": sum(whole),
        "refused": sum(answer.refused for _, answer in found),
        "sentences cited": sum(len(answer.citations) for _, answer in found),
        "sentences cited beside the point": sum(spare),
    }


def _gold(asked: dict[str, Any]) -> set[int]:
    return {number for part in asked["parts"] for number in part["gold_sentences"]}


def main() -> None:
    """Measure both ways in one run."""
    parser = parser_for("compound-questions", __doc__)
    parser.add_argument("--data", type=Path, help="folder with the news articles")
    parser.add_argument("--split", choices=("develop", "test"), default="test")
    options = parser.parse_args()
    benchmark = Benchmark("compound questions", parameters_of(options))
    asked = read_asked(QUESTIONS / f"{options.split}.jsonl")
    subject = subject_of(asked, options.data)
    rows: Rows = {"each part by itself": counted(list(outcomes(asked, subject)))}
    whole = seeing(subject, QuestionForms(several=lambda question: (question,)))
    rows = {"as one question": counted(list(outcomes(asked, whole))), **rows}
    benchmark.conclude(f"Several things at once ({options.split})", rows, options.report)


if __name__ == "__main__":
    main()
