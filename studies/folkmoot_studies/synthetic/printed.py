"""Tables 2 and 3 as the paper prints them (Boehmer, Fish, Procaccia 2025, Appendix C), and a comparison with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NAMES = ("uniform", "fast", "complex")
# Rows: noise levels 0 to 3; columns: Uniform, Fast, Complex.
MEAN = {
    "random": ((4.56, 4.49, 4.49), (3.36, 3.86, 4.26), (2.96, 3.15, 3.44), (2.79, 2.62, 2.95)),
    "worst": ((4.56, 4.49, 4.49), (3.17, 3.73, 4.01), (1.81, 1.97, 2.73), (0.79, 0.88, 2.46)),
}
P10 = {
    "random": ((1.33, 1.43, 1.51), (0.05, 0.80, 0.98), (0.01, 0.33, 0.53), (-0.04, 0.13, 0.22)),
    "worst": ((1.33, 1.43, 1.51), (0.0, 0.80, 0.90), (-0.28, -0.21, 0.36), (-0.61, -1.13, 0.18)),
}
VIOLATIONS = {
    "random": ((31, 0, 0), (98, 65, 45), (99, 98, 100), (99, 100, 100)),
    "worst": ((31, 0, 0), (100, 81, 68), (100, 100, 100), (100, 100, 100)),
}
FIGURES: Mapping[str, Mapping[str, Sequence[Sequence[float]]]] = {
    "mean_utility": MEAN,
    "p10_utility": P10,
    "violations": VIOLATIONS,
}
# Half of the last digit printed (a figure that lies in the middle may be printed either way), and what sums lose.
HALF, LOST = 0.005, 1e-9


def compared(cells: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many of the printed figures of these cells are equal to what was measured, to the last digit printed.

    Args:
        cells: cells of `study.run` at the paper's four noise levels.

    Returns:
        ``figures`` and ``equal``, two counts, and ``different``: one object for each that is not.
    """
    figures, different = 0, []
    for cell in cells:
        model, level, place = cell["model"], cell["level"], NAMES.index(cell["process"])
        for name, tables in FIGURES.items():
            figures += 1
            printed = tables[model][level][place]
            if abs(cell[name] - printed) > HALF + LOST:
                different.append(
                    {
                        "model": model,
                        "level": level,
                        "process": cell["process"],
                        "figure": name,
                        "here": cell[name],
                        "printed": printed,
                    }
                )
    return {"figures": figures, "equal": figures - len(different), "different": different}
