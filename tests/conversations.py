"""A small conversation on disk, made anew for every test that wants one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

WORDS = ("buses", "schools", "parks", "rents", "trees", "traffic", "shops", "taxes", "music", "water")


def write_conversation(folder: Path, n: int = 60, m: int = 16, seed: int = 5) -> Path:
    """Writes a Polis export of people in two camps, half of the votes known, the last statement rejected.

    Camp A likes even statements, camp B odd ones, everybody likes statement 0 and has voted on it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    camp = np.arange(n) % 2
    likes = (np.arange(m)[None, :] % 2 == camp[:, None]) ^ (rng.random((n, m)) < 0.1)
    likes[:, 0] = True
    votes = np.where(likes, 1, -1)
    votes[rng.random((n, m)) < 0.1] = 0
    seen = rng.random((n, m)) < 0.5
    seen[:, 0] = True
    rows = ["timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body"]
    for j in range(m):
        agrees, disagrees = int((seen[:, j] & (votes[:, j] > 0)).sum()), int((seen[:, j] & (votes[:, j] < 0)).sum())
        text = f"We need more {WORDS[j % 10]} and better {WORDS[(j * 3 + 1) % 10]}, number {j}."
        rows.append(f'1500000000000,x,{j},{j},{agrees},{disagrees},{-1 if j == m - 1 else 1},"{text}"')
    (folder / "comments.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rows = [",".join(["participant,group-id,n-comments,n-votes,n-agree,n-disagree", *map(str, range(m))])]
    for i in range(n):
        cells = [str(votes[i, j]) if seen[i, j] else "" for j in range(m)]
        up, down = sum(c == "1" for c in cells), sum(c == "-1" for c in cells)
        rows.append(f"{i},{camp[i]},{int(i < m)},{int(seen[i].sum())},{up},{down}," + ",".join(cells))
    (folder / "participants-votes.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "summary.csv").write_text("topic,Our town\nconversation-description,What should change?\n", "utf-8")
    return folder
