"""Where the time of ``robust`` goes, on a real conversation: CPU seconds of fit, rules, draws, search and audit.

    python benchmarks/robust.py [FOLDER ...] [--unit statements] [--budget 15] [--draws 100]

fit: the model of people's answers, with the choice of its rank; rules: which statements may be chosen, and which are
about the same subject; draws: chances and draws of the unknown answers that slates are chosen on; search: everything
else of the process; audit: the figures of the slate, over as many other draws. In one process, one thread.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

import folkmoot as fm
from folkmoot.audits import Subject
from folkmoot.engines import Task
from folkmoot.processes.robust import process as robust
from folkmoot.processes.robust.instance import SearchInstance
from folkmoot.profile import Options
from folkmoot.slates.case import Case
from folkmoot.slates.figures import figures_of

EXAMPLE = Path(__file__).parent.parent / "examples" / "bowling-green"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[EXAMPLE])
    parser.add_argument("--unit", default="statements", choices=["words", "statements"])
    parser.add_argument("--budget", type=int, default=15)
    parser.add_argument("--draws", type=int, default=100)
    options = parser.parse_args()
    names = ("fit", "rules", "draws", "search", "choosing", "audit")
    print(f"{'conversation':46}" + "".join(f"{name:>10}" for name in names))
    for folder in options.folders or [EXAMPLE]:
        spent = measured(folder, options.unit, options.budget, options.draws)
        print(f"{folder.resolve().name:46}" + "".join(f"{spent[name]:>10.2f}" for name in names))


def measured(folder: Path, unit: str, budget: int, draws: int) -> dict[str, float]:
    """CPU seconds by stage; choosing: rules, draws and search together."""
    profile = fm.read(folder)
    begin = time.process_time()
    case = Case.begin(profile, Task(Options(process="robust", draws=draws), budget, unit, 0), unit=unit)
    fitted = time.process_time()
    problem = case.problem
    ruled = time.process_time()
    # The process makes its instance itself; here one is made before, to know its share.
    SearchInstance.of(problem)
    drawn = time.process_time()
    selection = robust.robust(problem, np.random.default_rng(0))
    chosen = time.process_time()
    subject = Subject(problem.pool, selection.candidates, selection.assignment, budget)
    figures_of(case, subject, plain=None, draws=draws)
    end = time.process_time()
    draws_alone = drawn - ruled
    return {
        "fit": fitted - begin,
        "rules": ruled - fitted,
        "draws": draws_alone,
        "search": chosen - drawn - draws_alone,
        "choosing": ruled - fitted + chosen - drawn,
        "audit": end - chosen,
    }


if __name__ == "__main__":
    main()
