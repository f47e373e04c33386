"""Completing what people did not say: how well models predict held-out answers on real conversations.

    python benchmarks/completion.py [--data DIR] [--json FILE] [--seeds N]

Three measurements.

1. *Held-out answers.* A tenth of all answers is held out at random, every model is fitted to the rest (choosing its
   own rank, classes, neighbours or smoothing inside the rest), and scored on the held-out agrees and disagrees:
   log-loss in nats, accuracy, calibration error (15 bins of equal count); ``3-way`` is the log-loss of agree, pass and
   disagree on all held-out answers. Standard errors are over seeds; differences are paired by seed.
2. *Pair test.* People who authored statements and cast at least 5 upvotes and 5 downvotes on statements of others: 5
   of each are held out at random, these people's answers to their own statements are left out of training altogether,
   one fit a conversation. A person counts 1 when the mean score of the held-out upvotes is above that of the held-out
   downvotes, 1/2 on a tie. All conversations pooled.
3. *Pair test at equal popularity.* The same people. For each, upvoted and downvoted statements of others are paired
   when their agree rates (agrees / (agrees + disagrees) of everyone else) differ by at most 0.05, closest pairs first,
   no statement twice, at most 5 pairs; the pairs are held out and own statements masked as before. Then, with the
   popularity measured in the training answers (the statement-mean model), pairs whose upvoted statement is the more
   popular one and pairs whose downvoted statement is are made equally many in every conversation, by dropping pairs
   of the larger kind at random: popularity then scores exactly 50 % by construction. A pair counts 1 when the upvoted
   statement scores higher, 1/2 on a tie; standard errors are over people. The same by people, as in 2: those with all 5
   pairs, 1 when the mean score of their upvoted statements is above that of their downvoted ones; people for whom
   popularity is right and people for whom it is wrong are made equally many by dropping some of the larger kind.

The setting in which an unnamed model was reported to reach 96.8 % of 259 people (popularity 90.8 %) has exactly the
people of the Bowling Green conversation; its row is the one to compare.

Last, the time and peak memory of the largest conversation's fit, the choice of rank and classes included, in a fresh
process. Everything is seeded; times are of this machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from folkmoot.formats import read
from folkmoot.preferences import fit
from folkmoot.preferences.entries import sided_entries, with_answers
from folkmoot.preferences.fitting import AUTO
from folkmoot.preferences.held_out import (
    authored,
    balanced,
    calibration,
    hold,
    match,
    others,
    pair_test,
    pair_wins,
)
from folkmoot.preferences.reliability import scores
from folkmoot.preferences.two_part import TwoPart
from folkmoot.profile import FolkmootError, Profile

MODELS = ("statement-mean", "bias", "k-nn", "latent-classes", "low-rank", "auto")
METRICS = ("log_loss", "accuracy", "calibration_error", "vote_log_loss")
UP = DOWN = 5
CALIPER = 0.05
_CHILD = """
import json, resource, sys, time
from pathlib import Path
import numpy as np
from folkmoot.formats import read
from folkmoot.preferences import fit, measure
def peak():
    # the kernel's own high-water mark: getrusage also counts the parent's memory from before this program started
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
profile = read(sys.argv[1])
before = peak()
start, busy = time.perf_counter(), time.process_time()
model = fit(profile, np.random.default_rng(0))
fitted, worked = time.perf_counter() - start, time.process_time() - busy
after = peak()
measure(profile, np.random.default_rng(1), model)
both = time.perf_counter() - start
print(json.dumps({"model": model.id, "fit_s": round(fitted, 2), "fit_cpu_s": round(worked, 2),
                  "fit_and_measure_s": round(both, 2),
                  "read_peak_mb": round(before), "fit_peak_mb": round(after), "rank": model.parameters.get("rank")}))
"""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def main() -> None:
    """Runs all measurements and prints them."""
    parser = argparse.ArgumentParser(description="How well models predict held-out answers on real conversations.")
    parser.add_argument("--data", type=Path, help="folder with one Polis export a sub-folder")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--seeds", type=int, default=5, help="random splits of the held-out answers (default 5)")
    options = parser.parse_args()
    folders = conversations(options.data)
    profiles = {folder.name: read(folder) for folder in folders}
    found: dict[str, Any] = {"seeds": options.seeds, "held_out": held_out(profiles, options.seeds)}
    found["pairs"] = pairs(profiles, matched=False)
    found["pairs_at_equal_popularity"] = pairs(profiles, matched=True)
    largest = max(folders, key=lambda folder: len(profiles[folder.name].answers))
    found["largest"] = cost(largest, profiles[largest.name])
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def conversations(data: Path | None) -> list[Path]:
    """Folders with a Polis export, smallest name first."""
    root = Path(__file__).resolve().parent.parent
    shared = os.environ.get("FOLKMOOT_SHARED")
    places = [data] if data else [*([Path(shared, "data", "polis")] if shared else []), root / "examples"]
    for place in places:
        found = sorted({file.parent for file in place.glob("*/participants-votes.csv*")})
        if found:
            return found
    raise SystemExit(f"no Polis exports in {', '.join(map(str, places))}; name their folder with --data")


def held_out(profiles: dict[str, Profile], seeds: int) -> dict[str, Any]:
    """Measurement 1: mean and standard error of every metric, and paired differences in log-loss."""
    print(f"1. Held-out answers, 10 %, {seeds} seeds: mean (standard error)\n")
    print(f"{'conversation':46}{'model':16}{'log-loss':>17}{'accuracy':>17}{'calibration':>17}{'3-way':>17}")
    found: dict[str, Any] = {}
    for name, profile in profiles.items():
        rows: dict[str, list[dict[str, float]]] = {model: [] for model in MODELS}
        pooled: list[tuple[Floats, Floats]] = []
        for seed in range(seeds):
            held = hold(profile, np.random.default_rng(1000 + seed))
            train, test = with_answers(profile, ~held), with_answers(profile, held)
            # auto is one of the two fitted here already: the one with the lower loss inside the training answers
            models = {m: fit(train, np.random.default_rng(seed), m) for m in MODELS if m not in ("auto", *AUTO)}
            models["auto"] = fit(train, np.random.default_rng(seed))
            for m in AUTO:
                models[m] = models["auto"] if models["auto"].id == m else fit(train, np.random.default_rng(seed), m)
            for model, fitted in models.items():
                rows[model].append(scores(fitted, test))
            sided = sided_entries(test)
            pooled.append((models["auto"].at(sided.row, sided.column)[1], sided.y))
        table = {model: summary(rows[model]) for model in MODELS}
        for place, model in enumerate(MODELS):
            cells = "".join(f"{table[model][m][0]:>9.4f} ({table[model][m][1]:.4f})"[-17:].rjust(17) for m in METRICS)
            print(f"{name if place == 0 else '':46}{model:16}{cells}")
        differences = {
            other: mean_and_error(
                [a["log_loss"] - b["log_loss"] for a, b in zip(rows["auto"], rows[other], strict=True)]
            )
            for other in ("bias", "k-nn")
        }
        for other, (mean, error) in differences.items():
            print(f"{'':46}auto - {other}: {mean:+.4f} ({error:.4f})")
        reliability = calibration(np.concatenate([p for p, _ in pooled]), np.concatenate([y for _, y in pooled]), 10)
        print(f"{'':46}auto, predicted: " + " ".join(f"{x:.2f}" for x in reliability.predicted))
        print(f"{'':46}      observed:  " + " ".join(f"{x:.2f}" for x in reliability.observed), flush=True)
        found[name] = {
            "models": table,
            "differences": differences,
            "predicted": reliability.predicted.round(4).tolist(),
            "observed": reliability.observed.round(4).tolist(),
        }
    return found


def summary(rows: list[dict[str, float]]) -> dict[str, tuple[float, float]]:
    """Mean and standard error of every metric over seeds."""
    return {metric: mean_and_error([row[metric] for row in rows if metric in row]) for metric in METRICS}


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Mean and its standard error, 0 with a single value."""
    error = float(np.std(values, ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return round(float(np.mean(values)), 5), round(error, 5)


def authors(profile: Profile) -> list[int]:
    """Rows of the people who submitted a statement."""
    names = {name for provenance in profile.statements.provenance for name in provenance.agents}
    return sorted(profile.agent_index[name] for name in names if name in profile.agent_index)


def pairs(profiles: dict[str, Profile], matched: bool) -> dict[str, Any]:
    """Measurements 2 and 3."""
    if matched:
        print(f"\n3. Upvote above downvote at equal popularity (agree rates within {CALIPER}), share of pairs (s.e.)\n")
    else:
        print("\n2. Held-out upvotes score above held-out downvotes, share of people (s.e.)\n")
    wins: dict[str, list[Floats]] = {}
    counts: dict[str, int] = {}
    reasons: dict[str, str] = {}
    by_conversation: dict[str, dict[str, float]] = {}
    by_people: dict[str, list[Floats]] = {}
    for name, profile in profiles.items():
        rng = np.random.default_rng(7)
        own = authored(profile)
        held = matched_pairs(profile, own) if matched else random_votes(profile, own, rng)
        if not len(held):
            continue
        a = profile.answers
        masked = own & np.isin(a.agent, a.agent[held.ravel()])
        keep = ~masked
        keep[held.ravel()] = False
        train = with_answers(profile, keep)
        fitted: dict[str, TwoPart | None] = {
            m: fit(train, np.random.default_rng(0), m) for m in MODELS if m not in AUTO
        }
        auto = fitted["auto"]
        for m in AUTO:
            fitted[m] = auto if auto is not None and auto.id == m else fit(train, np.random.default_rng(0), m)
        score = {m: f.at(a.agent[held.ravel()], a.statement[held.ravel()])[1] for m, f in fitted.items() if f}
        text = text_scores(train, a.agent[held.ravel()], a.statement[held.ravel()])
        if isinstance(text, str):
            reasons["text similarity"] = text
        else:
            score["text similarity"] = text
        if matched:
            runs = np.split(np.arange(len(held)), np.flatnonzero(np.diff(a.agent[held[:, 0]])) + 1)
            whole = [places for places in runs if len(places) == UP]
            mean = {m: s.reshape(-1, 2)[np.array(whole, dtype=np.int64)].mean(axis=1) for m, s in score.items()}
            lead = {m: s[:, 0] - s[:, 1] for m, s in mean.items()}
            among = balanced(lead["statement-mean"], rng)
            for m, s in lead.items():
                by_people.setdefault(m, []).append(np.where(s == 0, 0.5, (s > 0).astype(np.float64))[among])
            up, down = (score["statement-mean"].reshape(-1, 2)[:, side] for side in (0, 1))
            picked = balanced(up - down, rng)
            held = held[picked]
            score = {m: s.reshape(-1, 2)[picked].ravel() for m, s in score.items()}
        people = a.agent[held.ravel()]
        found = {}
        for m, s in score.items():
            won = (
                pair_wins(s.reshape(-1, 2), people[::2])
                if matched
                else pair_test(s, people, a.value[held.ravel()] > 0).wins
            )
            wins.setdefault(m, []).append(won)
            found[m] = round(float(won[:, 0].sum() / won[:, 1].sum() if matched else won.mean()), 4)
        by_conversation[name] = found
        counts[name] = len(held) if matched else len(np.unique(people))
    unit = "pairs" if matched else "people"
    names = [m for m in ("statement-mean", "text similarity", *MODELS[1:]) if m in wins]
    print(f"{'conversation':46}{unit:>8}" + "".join(f"{m:>17}" for m in names))
    for name, found in by_conversation.items():
        print(f"{name:46}{counts[name]:>8}" + "".join(f"{found.get(m, float('nan')):>17.3f}" for m in names))
    total: dict[str, tuple[float, float]] = {}
    for m in names:
        each = np.concatenate(wins[m])
        if matched:
            share = each[:, 0].sum() / each[:, 1].sum()
            error = np.sqrt(((each[:, 0] - share * each[:, 1]) ** 2).sum()) / each[:, 1].sum()
        else:
            share, error = each.mean(), each.std(ddof=1) / np.sqrt(len(each))
        total[m] = (round(float(share), 4), round(float(error), 4))
    print(f"{'all':46}{sum(counts.values()):>8}" + "".join(f"{s:>9.3f} ({e:.3f})" for s, e in total.values()))
    people_shares: dict[str, tuple[float, float]] = {}
    if by_people:
        flat = {m: np.concatenate(by_people[m]) for m in names}
        people_shares = {m: mean_and_error(x.tolist()) for m, x in flat.items()}
        size = len(flat[names[0]])
        print(f"{'all, by people':46}{size:>8}" + "".join(f"{s:>9.3f} ({e:.3f})" for s, e in people_shares.values()))
        for name, place in ((name, place) for place, name in enumerate(counts) if counts[name] == max(counts.values())):
            cells = "".join(f"{by_people[m][place].mean():>17.3f}" for m in names)
            print(f"{name + ', by people':46}{len(by_people[names[0]][place]):>8}{cells}")
    for what, why in reasons.items():
        print(f"{what} skipped: {why}")
    sys.stdout.flush()
    return {
        "unit": unit,
        "counts": counts,
        "conversations": by_conversation,
        "all": total,
        "by_people": people_shares,
        "skipped": reasons,
    }


def random_votes(profile: Profile, own: Bools, rng: np.random.Generator) -> Ints:
    """Positions of 5 upvotes and 5 downvotes a person, [n_people, 10]; people with fewer are left out."""
    a = profile.answers
    rows = []
    for person in authors(profile):
        places = np.arange(profile.indptr[person], profile.indptr[person + 1])
        places = places[~own[places]]
        ups, downs = places[a.value[places] > 0], places[a.value[places] < 0]
        if len(ups) >= UP and len(downs) >= DOWN:
            rows.append(np.concatenate([rng.permutation(ups)[:UP], rng.permutation(downs)[:DOWN]]))
    return np.array(rows, dtype=np.int64).reshape(-1, UP + DOWN)


def matched_pairs(profile: Profile, own: Bools) -> Ints:
    """Positions of paired upvotes and downvotes on about equally popular statements, [n_pairs, 2]."""
    a, rate = profile.answers, others(profile)
    chosen: list[Ints] = []
    for person in authors(profile):
        places = np.arange(profile.indptr[person], profile.indptr[person + 1])
        places = places[~own[places]]
        ups, downs = places[a.value[places] > 0], places[a.value[places] < 0]
        if len(ups) >= UP and len(downs) >= DOWN:
            found = match(rate[ups], rate[downs], UP, CALIPER)
            chosen.append(np.column_stack([ups[found[:, 0]], downs[found[:, 1]]]))
    return np.concatenate(chosen) if chosen else np.zeros((0, 2), dtype=np.int64)


def text_scores(train: Profile, agents: Ints, statements: Ints) -> Floats | str:
    """Similarity of statements to what people wrote, or why it cannot be measured."""
    try:
        from folkmoot.preferences.models.text_similarity import TextSimilarity

        model = TextSimilarity(train)
    except (ImportError, FolkmootError) as error:
        return str(error)
    rows, row = np.unique(agents, return_inverse=True)
    columns, column = np.unique(statements, return_inverse=True)
    return np.asarray(model.utilities(rows, columns)[row, column], dtype=np.float64)


def cost(folder: Path, profile: Profile) -> dict[str, Any]:
    """Time and peak memory of a fit in a fresh process, the best of three (the machine is shared)."""
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(folder)], capture_output=True, text=True, check=True, timeout=600
        )
        runs.append({**json.loads(done.stdout), "process_s": round(time.perf_counter() - start, 2)})
    best: dict[str, Any] = min(runs, key=lambda run: float(run["fit_s"]))
    print(f"\nLargest: {folder.name}, {profile.n_agents} x {profile.n_statements}, {len(profile.answers)} answers:")
    print(
        f"  fit with choice of model {best['fit_s']} s (of {[run['fit_s'] for run in runs]}; "
        f"{best['fit_cpu_s']} s of CPU), "
        f"peak {best['fit_peak_mb']} MB ({best['read_peak_mb']} MB of it after reading); "
        f"fit and reliability {best['fit_and_measure_s']} s"
    )
    return {"runs": runs, "best": best}


if __name__ == "__main__":
    main()
