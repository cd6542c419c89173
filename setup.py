"""Puts the sample articles into the wheel; everything else is in pyproject.toml."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ARTICLES = Path(__file__).resolve().parent / "articles"


class BuildWithSamples(build_py):
    """Copies articles/ to shutten/samples/. A checkout needs no copy: it finds articles/ itself."""

    def run(self) -> None:
        """Build the package, then add the samples to it."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib) / "shutten" / "samples"
        target.mkdir(parents=True, exist_ok=True)
        for article in sorted(ARTICLES.iterdir()):
            if article.suffix in (".txt", ".md"):
                shutil.copyfile(article, target / article.name)


setup(cmdclass={"build_py": BuildWithSamples})
