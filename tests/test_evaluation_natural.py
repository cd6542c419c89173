from __future__ import annotations

import json
from pathlib import Path

import pytest

from shutten import evaluation
from shutten.embedding import HashEmbedder
from shutten.errors import DatasetError, UsageError
from shutten.evaluation import natural
from shutten.evaluation.natural import Evidence, NaturalSet, read_natural
from shutten.evaluation.squad import Pool
from shutten.evaluation.subject import subject_over
from shutten.index import Index
from shutten.loaded_models import Models
from shutten.reader import OverlapReader
from shutten.settings import Settings
from shutten.types import Article

LAKE = "琵琶湖は滋賀県にある。面積は約670平方キロメートルである。"
FUJI = "標高は3776メートルである。面積は広い。"
LEGS = [
    "bigram BM25 (baseline)",
    "keyword leg",
    "dense leg",
    "fusion",
    "ranking",
    "after the reader",
]


def question(number: int, text: str, answer: str, title: str, evidence: str) -> str:
    return (
        f'<question id="Q{number}"><text>{text}</text><answers><answer>{answer}</answer></answers>'
        f"<meta><E.3>{title}</E.3><E.5>{evidence}</E.5></meta></question>"
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "data" / "qa" / "niilc-dev.xml"
    written.parent.mkdir(parents=True)
    questions = (
        question(1, "琵琶湖の面積はどのくらい？", "約６７０平方キロメートル", "琵琶湖", LAKE),
        question(2, "滋賀県にある湖は？", "琵琶湖", "琵琶湖", LAKE),
        question(3, "湖の魚は？", "-", "魚", "  "),
        question(4, "面積が広い湖は？", "カスピ海", "琵琶湖", LAKE[11:]),
    )
    written.write_text(f"<questions>{''.join(questions)}</questions>", encoding="utf-8")
    context = f"富士山 [SEP] {FUJI}"
    answers = [{"text": "3776", "answer_start": context.index("3776")}]
    asked = [{"id": "1", "question": "富士山の標高は？", "answers": answers}]
    content = {"data": [{"title": "富士山", "paragraphs": [{"context": context, "qas": asked}]}]}
    written.with_name("jsquad-valid.json").write_text(json.dumps(content), encoding="utf-8")
    return written


def test_questions_are_read_with_their_evidence(path: Path) -> None:
    dataset = read_natural(path)
    assert [(each.id, each.article_id) for each in dataset.questions] == [
        ("Q1", "n1"),
        ("Q2", "n1"),
        ("Q4", "n2"),
    ]
    assert dataset.without_evidence == 1
    assert dataset.articles[0] == Article("n1", "琵琶湖", LAKE)
    assert dataset.questions[0].answers == ("約６７０平方キロメートル",)


def test_what_is_no_such_file_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<questions>", encoding="utf-8")
    with pytest.raises(DatasetError, match="cannot be read as XML"):
        read_natural(broken)
    broken.write_text("<questions/>", encoding="utf-8")
    with pytest.raises(DatasetError, match="holds no questions with evidence"):
        read_natural(broken)
    with pytest.raises(DatasetError, match="cannot be read as XML"):
        read_natural(tmp_path / "absent.xml")


def test_a_document_reads_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim", encoding="utf-8")
    stealing = tmp_path / "stealing.xml"
    asked = question(1, "?", "a", "t", "前&x;後。")
    stealing.write_text(
        f'<!DOCTYPE q [<!ENTITY x SYSTEM "{secret.as_uri()}">]><questions>{asked}</questions>',
        encoding="utf-8",
    )
    assert "geheim" not in read_natural(stealing).articles[0].text


def test_gold_is_every_sentence_of_the_evidence_wherever_it_stands(path: Path) -> None:
    dataset = read_natural(path)
    with Index.in_memory(dataset.articles, HashEmbedder()) as index:
        evidence = Evidence(Pool(index, ["n1", "n2"]))
    area, lake, wide = dataset.questions
    assert evidence.of(area) == {("n1", 1), ("n1", 2), ("n2", 1)}
    assert evidence.naming(area) == {("n1", 2), ("n2", 1)}
    assert evidence.naming(lake) == {("n1", 1)}
    assert evidence.of(wide) == {("n1", 2), ("n2", 1)}
    assert evidence.naming(wide) == set()


def test_every_leg_ranks_the_same_pool(path: Path) -> None:
    dataset = read_natural(path)
    distractor = Article("p1", "富士山", FUJI)
    models, settings = Models(HashEmbedder(), OverlapReader()), Settings(embedder="hash")
    subject = subject_over([*dataset.articles, distractor], models, settings)
    told: list[tuple[int, int | None]] = []
    findings = natural.measure(
        dataset,
        dataset.questions[:2],
        [distractor],
        subject,
        lambda done, total: told.append((done, total)),
    )
    assert findings.counts == {
        "questions": 2,
        "sentences": 5,
        "evidence_names_the_answer": 2,
        "without_evidence": 1,
    }
    assert list(findings.metrics["retrieval"]) == LEGS
    assert findings.metrics["retrieval"]["keyword leg"]["R@5"] == 1.0
    assert findings.ranks["fusion"] == [1, 1]
    assert told == [(1, 2), (2, 2)]


def test_a_set_that_names_no_answer_has_no_stricter_numbers() -> None:
    article = Article("n1", "湖", "湖は広い。")
    asked = natural.NaturalQuestion("Q1", "湖は広い？", ("はい",), "n1")
    models, settings = Models(HashEmbedder(), OverlapReader()), Settings(embedder="hash")
    subject = subject_over([article], models, settings)
    findings = natural.measure(NaturalSet((article,), (asked,), 0), [asked], [], subject)
    assert findings.metrics["retrieval_of_the_answer"] == {}
    assert findings.metrics["retrieval"]["fusion"]["R@1"] == 1.0


def test_the_named_set_is_pooled_with_the_paragraphs_of_jsquad(path: Path) -> None:
    settings = Settings(embedder="hash", reader="overlap")
    data = path.parents[1]
    report = evaluation.run("niilc", data=data, settings=settings, limit=2)
    assert report.findings.counts["questions"] == 2
    assert report.findings.counts["sentences"] == 5
    assert report.dataset["files"] == ["niilc-dev.xml"]
    assert "5 sentences pooled" in report.table()
    with pytest.raises(DatasetError, match="add --data DIR"):
        evaluation.run(str(path), settings=settings)
    with pytest.raises(UsageError, match="leave --article out"):
        evaluation.run("niilc", data=data, settings=settings, articles=[path])
