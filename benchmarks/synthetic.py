"""Time of the synthetic environment: per slate with its audit, and of Tables 2 and 3 as a whole.

    python benchmarks/synthetic.py [--instances 100] [--agents 60] [--seed 0] [--extension]

``--extension`` goes where the paper did not: 60, 600 and 6,000 agents, ten noise levels, with Uniform-Approx (P4), and
with Fast and Complex refined (P6); docs/studies/synthetic.md shows its figures. CPU seconds are the fair figure on a
shared machine; published code: 3-5 s (Uniform), 15-25 s (Fast), 34-54 s (Complex) per slate and 107 s for one audit.
"""

from __future__ import annotations

import argparse
import resource
import time
from typing import Any

from folkmoot_studies.synthetic import study as synthetic

# Instances by number of agents: about ten minutes each.
EXTENSION = {60: 100, 600: 16, 6000: 5}
PROCESSES = (*synthetic.TABLE, "uniform-approx", "fast+refine", "complex+refine")


def measured(**options: Any) -> dict[str, Any]:
    """Runs the study and prints what it took."""
    begin = time.process_time()
    result = synthetic.run(**options)
    seconds = time.process_time() - begin
    slates = len(result["cells"]) * result["instances"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{result['agents']:>6} agents, {result['instances']} instances, {slates} slates with audits: "
        f"{seconds:.1f} CPU s, {1000 * seconds / slates:.1f} ms each, peak memory {peak:.0f} MB",
        flush=True,
    )
    return result


def main() -> None:
    """Prints times and cells."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--instances", type=int, default=100)
    parser.add_argument("--agents", type=int, default=synthetic.AGENTS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--extension", action="store_true")
    asked = parser.parse_args()
    for process in synthetic.TABLE:
        print(f"{process:>16}", end=" ")
        measured(instances=max(2, asked.instances // 10), agents=asked.agents, seed=asked.seed, processes=(process,))
    print(synthetic.table(measured(instances=asked.instances, agents=asked.agents, seed=asked.seed)))
    if asked.extension:
        for agents, instances in EXTENSION.items():
            print(
                synthetic.table(
                    measured(agents=agents, instances=instances, seed=asked.seed, levels=10, processes=PROCESSES)
                )
            )


if __name__ == "__main__":
    main()
