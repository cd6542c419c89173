"""The logistic models between what is seen of a sentence and how sure the reader is of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from shutten.calibration import Calibration, Evidence, Logistic, sigmoid
from shutten.errors import ModelError

SEEN = Evidence(1.0, -9.0, 3.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
ORDER = {"weights": {"answers": 2.0, "kind_absent": -1.0}, "bias": 0.5}
CHOSEN = {"threshold": 0.4, "retrieval": 1}


def written(folder: Path, content: object) -> Calibration:
    path = folder / "reader.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return Calibration.load(path)


def test_a_calibration_is_logistic_models_of_the_evidence(tmp_path: Path) -> None:
    verdict = {"weights": {"margin": 0.5}, "bias": -1.0, "mark": [0.25, -2.0]}
    calibration = written(tmp_path, ORDER | CHOSEN | {"verdict": verdict})
    seen = replace(SEEN, mark=np.array([4.0, 1.0], dtype=np.float32))
    assert calibration.order.logit(seen) == pytest.approx(1.5)
    assert calibration.verdict.logit(seen) == pytest.approx(-0.5)
    assert calibration.verdict.logit(SEEN) == pytest.approx(0.5)
    assert (calibration.threshold, calibration.retrieval) == (0.4, 1.0)


def test_what_two_networks_saw_has_a_model_of_its_own(tmp_path: Path) -> None:
    again = {"weights": {"answers": 1.0, "answers_again": 2.0}, "bias": 0.0, "mark": [1.0, 1.0]}
    calibration = written(tmp_path, ORDER | CHOSEN | {"again": again})
    seen = replace(SEEN, answers_again=-3.0, mark=np.array([0.5, 1.0], dtype=np.float32))
    assert calibration.again is not None
    assert calibration.again.logit(seen) == pytest.approx(-3.5)
    assert calibration.order.logit(seen) == pytest.approx(1.5)
    assert written(tmp_path, ORDER | CHOSEN).again is None


def test_a_calibration_may_have_one_model_for_both(tmp_path: Path) -> None:
    calibration = written(tmp_path, ORDER | CHOSEN)
    assert calibration.verdict == calibration.order
    assert calibration.order.logit(SEEN) == pytest.approx(1.5)


def test_a_scaled_model_has_the_scaled_logit() -> None:
    model = Logistic({"answers": 2.0}, 0.5, np.array([1.0, 3.0], dtype=np.float32))
    seen = replace(SEEN, mark=np.array([2.0, -1.0], dtype=np.float32))
    assert model.logit(seen) == pytest.approx(1.5)
    assert model.scaled(0.5, -1.0).logit(seen) == pytest.approx(-0.25)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"weights": 3, "bias": 0}'])
def test_a_broken_calibration_is_one_clear_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "reader.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match="no reader calibration"):
        Calibration.load(path)


def test_sigmoid_is_safe_at_both_ends() -> None:
    assert sigmoid(-1000) == 0
    assert sigmoid(1000) == 1
    assert sigmoid(0) == 0.5
