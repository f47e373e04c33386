"""``python -m docsite FOLDER`` writes every page of the site, ready to be built, into an empty folder."""

from __future__ import annotations

import sys
from pathlib import Path

from .assemble import assemble
from .links import broken


def main() -> None:
    """Assembles the pages; ends with an error where a link leads nowhere."""
    target = Path(sys.argv[1])
    assemble(target)
    wrong = broken(target)
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
