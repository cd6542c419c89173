"""The wheel holds all that the command needs: it is built, installed elsewhere, and asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "src" / "shutten" / "models"
SOURCES = (
    "src",
    "articles",
    "pyproject.toml",
    "setup.py",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
    "NOTICE",
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a copy, so that no build folder is left in the checkout or taken from it."""
    folder = tmp_path_factory.mktemp("build")
    left = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in SOURCES:
        source, target = ROOT / name, folder / "source" / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=left)
        else:
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, target)
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet")
    command = [sys.executable, "-m", "pip", "wheel", ".", *options, "--wheel-dir", str(folder)]
    subprocess.run(command, cwd=folder / "source", check=True)
    (built,) = folder.glob("shutten-*.whl")
    return built


@pytest.fixture(scope="module")
def shutten(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in a new environment, where the heavy packages are lent by this one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (packages / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    python = folder / "bin" / "python"
    options = ("--no-deps", "--no-index", "--quiet", "--force-reinstall")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", *options, str(wheel)],
        check=True,
    )
    assert (packages / "shutten").is_dir()
    return folder / "bin" / "shutten"


def run(program: Path, *arguments: str, folder: Path, **settings: str) -> str:
    ran = subprocess.run(
        [program, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **settings},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_wheel_holds_code_models_page_samples_and_licence(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    models = {
        f"shutten/{path.relative_to(ROOT / 'src' / 'shutten').as_posix()}"
        for folder in (MODELS, MODELS.parent / "web" / "static")
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    code = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    samples = {
        f"shutten/samples/{path.name}"
        for path in (ROOT / "articles").iterdir()
        if path.suffix in (".txt", ".md")
    }
    assert len(samples) >= 2
    assert models | code | samples | {"shutten/py.typed"} <= names
    assert {name.rsplit("/", 1)[-1] for name in names if "licenses/" in name} == {
        "LICENSE",
        "NOTICE",
    }
    strangers = [name for name in names if not name.startswith(("shutten/", "shutten-"))]
    assert strangers == []


def test_the_installed_package_finds_its_samples_and_is_not_the_checkout(
    shutten: Path, tmp_path: Path
) -> None:
    script = "import shutten.settings as s; print(s.__file__); print(s.samples_folder())"
    module, samples = run(shutten.with_name("python"), "-c", script, folder=tmp_path).splitlines()
    assert not Path(module).is_relative_to(ROOT)
    assert Path(samples) == Path(module).parent / "samples"
    assert sorted(p.name for p in Path(samples).iterdir()) == sorted(
        p.name for p in (ROOT / "articles").iterdir() if p.suffix in (".txt", ".md")
    )


@pytest.mark.skipif(
    not all((MODELS / name).is_dir() for name in ("static-embedding", "reader")),
    reason="the bundled models are not in this checkout",
)
def test_a_question_is_answered_from_an_empty_folder(shutten: Path, tmp_path: Path) -> None:
    article = tmp_path / "ferry.txt"
    article.write_text(
        "島の連絡船\n\n新しい連絡船は2019年4月に就航した。定員は120人である。\n", encoding="utf-8"
    )
    run(shutten, "index", "ferry.txt", folder=tmp_path)
    asked = run(shutten, "ask", "--json", "連絡船はいつ就航しましたか", folder=tmp_path)
    answer = json.loads(asked)
    assert (answer["refused"], answer["citations"][0]["sentence"]) == (False, 2)
    assert answer["citations"][0]["quote"] == "新しい連絡船は2019年4月に就航した。"


def test_it_answers_without_the_bundled_models_too(shutten: Path, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text("The ferry\n\nThe new ferry carries 120 people.\n", "utf-8")
    models = {"SHUTTEN_EMBEDDER": "hash", "SHUTTEN_READER": "overlap"}
    asked = ("ask", "The new ferry carries 120 people?", "--article", "ferry.txt")
    alone = run(shutten, *asked, folder=tmp_path, **models)
    assert alone.startswith("The new ferry carries 120 people.[1]")
    assert [path.name for path in tmp_path.iterdir()] == ["ferry.txt"]
    run(shutten, "index", "ferry.txt", folder=tmp_path, **models)
    answered = run(shutten, "ask", "The new ferry carries 120 people?", folder=tmp_path, **models)
    assert answered.startswith("The new ferry carries 120 people.[1]")
