"""How long reading 1,000,000 votes takes: a Polis conversation, and tables of ratings, a row an answer or a person.

    python benchmarks/reading.py [--votes 1000000]

CPU seconds and peak memory, each in a fresh process; the files are made up and written to a temporary folder.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

STATEMENTS = 200


def write(folder: Path, votes: int) -> tuple[Path, Path, Path]:
    """A Polis folder and two tables of ratings, each with this many votes."""
    people = votes // 100
    rng = np.random.default_rng(0)
    polis = folder / "polis"
    polis.mkdir()
    cast = rng.integers(-1, 2, (people, 100))
    which = np.argsort(rng.random((people, STATEMENTS)), axis=1)[:, :100]
    agrees = np.bincount(which[cast == 1], minlength=STATEMENTS)
    disagrees = np.bincount(which[cast == -1], minlength=STATEMENTS)
    with (polis / "comments.csv").open("w", encoding="utf-8") as file:
        file.write("timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n")
        for j in range(STATEMENTS):
            file.write(f'1,{j},{j},{agrees[j]},{disagrees[j]},1,"Statement {j}, about trees"\n')
    with (polis / "votes.csv").open("w", encoding="utf-8") as file:
        file.write("timestamp,datetime,comment-id,voter-id,vote\n")
        for i in range(people):
            for j, value in zip(which[i].tolist(), cast[i].tolist(), strict=True):
                file.write(f"1689690{i:06d},Tue Jul 18 2023,{j},{i},{value}\n")
    ratings = folder / "ratings.csv"
    with ratings.open("w", encoding="utf-8") as file:
        file.write("participant,statement_id,rating,statement_text\n")
        for i in range(people):
            for j, value in zip(which[i].tolist(), cast[i].tolist(), strict=True):
                file.write(f'p{i},s{j},{value + 3},"Statement {j}, about trees"\n')
    wide = folder / "wide.csv"
    with wide.open("w", encoding="utf-8") as file:
        file.write(f"participant,{','.join(f's{j}' for j in range(STATEMENTS))}\n")
        for i in range(people):
            given = dict(zip(which[i].tolist(), (cast[i] + 3).tolist(), strict=True))
            file.write(f"p{i},{','.join(str(given.get(j, '')) for j in range(STATEMENTS))}\n")
    return polis, ratings, wide


def measured(path: Path) -> tuple[int, float, float]:
    """Answers, CPU seconds and peak memory in MB of reading this source."""
    from folkmoot import read

    start = time.process_time()
    profile = read(path)
    seconds = time.process_time() - start
    return len(profile.answers), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--votes", type=int, default=1_000_000)
    votes = parser.parse_args().votes
    with tempfile.TemporaryDirectory() as folder:
        sources = write(Path(folder), votes)
        for source in sources:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                answers, seconds, memory = pool.apply(measured, (source,))
            print(f"{source.name:<12} {answers:>9,} votes  {seconds:5.2f} CPU s  {memory:4.0f} MB")


if __name__ == "__main__":
    main()
