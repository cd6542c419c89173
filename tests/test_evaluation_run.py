from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shutten import evaluation
from shutten.embedding import HashEmbedder
from shutten.errors import DatasetError, UsageError
from shutten.evaluation.datasets import locate, read_squad
from shutten.evaluation.squad import Pool
from shutten.index import Index
from shutten.settings import Settings

DATA = Path(os.environ.get("SHUTTEN_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))

PNG = b"\x89PNG\r\n\x1a\n"
ARTICLE = "琵琶湖の話\n\n琵琶湖は滋賀県にある。\n湖の面積は約670平方キロメートルである。\n"


@pytest.fixture
def settings() -> Settings:
    return Settings(embedder="hash", reader="overlap")


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "biwa.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    lines = [
        {"id": "a", "question": "湖の面積は？", "gold_lines": [4], "answers": ["約670"]},
        {"id": "b", "question": "quantum chromodynamics", "gold_lines": [], "answers": []},
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    context = "富士山 [SEP] 標高は3776メートルである。山頂は静岡県にある。"
    answers = [{"text": "3776メートル", "answer_start": context.index("3776")}]
    qas = [{"id": "1", "question": "富士山の標高は？", "answers": answers}]
    content = {"data": [{"title": "富士山", "paragraphs": [{"context": context, "qas": qas}]}]}
    folder = tmp_path / "data" / "qa"
    folder.mkdir(parents=True)
    path = folder / "jsquad-valid.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_question_file_gives_a_report_that_can_be_repeated(
    tmp_path: Path, questions: Path, article: Path, settings: Settings
) -> None:
    target = tmp_path / "report.json"
    report = evaluation.run(str(questions), articles=[article], settings=settings, report=target)
    content = json.loads(target.read_text(encoding="utf-8"))
    assert content == json.loads(json.dumps(report.as_dict()))
    assert content["metrics"]["answerable"]["first_citation"] == 1
    assert content["metrics"]["unanswerable"]["refused"] == 1
    assert content["configuration"]["threshold"] == 0.5
    assert content["configuration"]["reader"] == "overlap"
    assert len(content["configuration"]["fingerprint"]) == 16
    assert len(content["dataset"].pop("sha256")) == 64
    assert content["dataset"] == {
        "name": "questions.jsonl",
        "files": ["questions.jsonl"],
        "articles": ["biwa.txt"],
        "limit": None,
    }
    assert content["environment"]["processor"] != ""
    assert "1/1" in report.table()


def test_the_fingerprint_follows_the_settings_that_matter(
    questions: Path, article: Path, settings: Settings
) -> None:
    def print_of(changed: Settings) -> str:
        report = evaluation.run(str(questions), articles=[article], settings=changed)
        return str(report.configuration["fingerprint"])

    assert print_of(settings.model_copy(update={"port": 1})) == print_of(settings)
    assert print_of(settings.model_copy(update={"max_question_characters": 3000})) != print_of(
        settings
    )


def test_a_named_set_is_found_under_the_data_folder(
    tmp_path: Path, squad: Path, settings: Settings
) -> None:
    report = evaluation.run("jsquad", data=tmp_path / "data", settings=settings)
    assert report.dataset["files"] == [squad.name]
    assert report.findings.metrics["retrieval"]["fusion"]["R@1"] == 1.0


def test_topics_are_asked_of_the_samples_where_no_article_is_given(
    tmp_path: Path, settings: Settings
) -> None:
    topics = tmp_path / "topics.tsv"
    topics.write_text("1\tquantum chromodynamics\n2\txyzzy plugh\n", encoding="utf-8")
    report = evaluation.run(str(topics), settings=settings)
    assert report.findings.metrics["unanswerable"] == {
        "questions": 2,
        "unsure": 0,
        "refused": 2,
        "unsure_share": 0.0,
        "refused_share": 1.0,
    }


def test_the_questions_on_the_samples_fit_the_samples(settings: Settings) -> None:
    report = evaluation.run("samples", settings=settings)
    assert report.findings.counts["questions"] == 330
    assert report.findings.counts["answerable"] == 150
    assert set(report.findings.metrics["by_split"]) == {"develop", "test"}


def test_news_questions_are_asked_of_the_articles_of_the_data_folder(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"id": "n1", "article": "湖の日", "question": "湖の清掃に集まったのは何人ですか"}
    gold = {"answers": ["六十人"], "gold_sentences": [2], "kind": "how_many", "split": "develop"}
    written = tmp_path / "benchmarks/questions/wikinews/develop.jsonl"
    written.parent.mkdir(parents=True)
    written.write_text(json.dumps({**asked, **gold}), encoding="utf-8")
    article = {
        "headline": "湖の日",
        "sentences": ["湖の日だった。", "湖の清掃に六十人が集まった。"],
    }
    packed = tmp_path / "data/articles/wikinews-ja.jsonl.zst"
    packed.parent.mkdir(parents=True)
    zstandard = pytest.importorskip("zstandard", reason="packs the set")
    packed.write_bytes(zstandard.ZstdCompressor().compress(json.dumps(article).encode()))
    monkeypatch.chdir(tmp_path)
    report = evaluation.run("wikinews-develop", data=tmp_path / "data", settings=settings)
    assert report.findings.metrics["answerable"]["first_citation"] == 1
    with pytest.raises(DatasetError, match="add --data DIR"):
        evaluation.run("wikinews-develop", settings=settings)


def test_plots_are_drawn(tmp_path: Path, squad: Path, settings: Settings) -> None:
    pytest.importorskip("matplotlib", reason="plots need the extra [plots]")
    report = evaluation.run(str(squad), settings=settings, plots=tmp_path / "plots")
    assert [path.name for path in report.plots] == ["recall.png", "refusal.png"]
    assert [path.read_bytes()[:8] for path in report.plots] == [PNG, PNG]


def test_what_does_not_go_together_is_said(
    squad: Path, questions: Path, article: Path, settings: Settings
) -> None:
    with pytest.raises(UsageError, match="leave --article out"):
        evaluation.run(str(squad), articles=[article], settings=settings)
    with pytest.raises(UsageError, match="add --article FILE"):
        evaluation.run(str(questions), settings=settings)
    with pytest.raises(UsageError, match="--limit must be at least 1"):
        evaluation.run(str(squad), settings=settings, limit=0)
    with pytest.raises(DatasetError, match="neither a file nor a known data set"):
        evaluation.run("nothing", settings=settings)


PLOTS_WITHOUT_MATPLOTLIB = """
import sys
from pathlib import Path
sys.modules["matplotlib"] = None
from shutten import evaluation
from shutten.errors import SettingsError
from shutten.settings import Settings
try:
    evaluation.run("nothing", settings=Settings(), plots=Path("plots"))
except SettingsError as error:
    print(error)
"""

LIGHT = """
import sys
import shutten.evaluation
heavy = {"torch", "transformers", "sentence_transformers", "faiss", "gradio", "matplotlib"}
print(sorted(heavy & set(sys.modules)))
"""


def output_of(script: str) -> str:
    source = str(Path(__file__).parents[1] / "src")
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_plots_without_matplotlib_are_refused_before_anything_is_measured() -> None:
    expected = "--plots needs matplotlib: pip install 'shutten[plots]'"
    assert output_of(PLOTS_WITHOUT_MATPLOTLIB) == expected


def test_importing_the_evaluation_loads_nothing_heavy() -> None:
    assert output_of(LIGHT) == "[]"


@pytest.mark.skipif(not (DATA / "qa").is_dir(), reason="the data sets are not at hand")
def test_jsquad_keeps_its_4317_questions_whatever_the_sentences() -> None:
    dataset = read_squad(locate("jsquad", DATA)[0])
    assert (len(dataset.articles), len(dataset.questions)) == (1145, 4442)
    ids = [article.id for article in dataset.articles]
    with Index.in_memory(dataset.articles, HashEmbedder()) as index:
        pool = Pool(index, ids)
        assert sum(bool(pool.holding(question)) for question in dataset.questions) == 4317
