"""The web app over the index beside this file; the first start builds it from the samples."""

import sys
from pathlib import Path

from shutten.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]], index=Path(__file__).resolve().parent / "index")
