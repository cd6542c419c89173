"""Draw the reliability diagram of a reader's card, of the bins that its calibration measured.

python training/reliability.py --reader src/shutten/models/reader --to docs/images/reliability.png
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from shutten.evaluation.plots import ConfidenceBin, reliability_diagram
from shutten.reader import CALIBRATION_FILE


def bins_of(reader: Path) -> list[ConfidenceBin]:
    """What `calibration.py` measured and left in the reader's folder; the least sure first."""
    measured = json.loads((reader / CALIBRATION_FILE).read_text(encoding="utf-8"))["reliability"]
    return [
        ConfidenceBin(each["confidence"], each["answers"], each["questions"]) for each in measured
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    print(reliability_diagram(options.to, bins_of(options.reader)))


if __name__ == "__main__":
    main()
