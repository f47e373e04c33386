"""Who likes which two sushi: pair counts, or the rankings they are counted from, in the three kinds of file.

Data: Kamishima's item set A (see `WHERE`; the rankings may not be passed on, and are not in this repository). To be
cited as in `CITE`.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from folkmoot.formats import preflib
from folkmoot.formats import read as read_profile
from folkmoot.formats.base import beginning
from folkmoot.formats.lines import lines
from folkmoot.profile import InputError, IntArray

ITEMS = ("ebi", "anago", "maguro", "ika", "uni", "ikura", "tamago", "toro", "tekka-maki", "kappa-maki")
N = len(ITEMS)
FILES = ("top2_counts.csv", "sushi3a.5000.10.order", "00014-00000001.soc", "ED-00014-00000001.soc")
WHERE = (
    "get sushi3a.5000.10.order (in sushi3-2016.zip of https://www.kamishima.net/sushi/) or 00014-00000001.soc (PrefLib "
    "dataset 00014) and name the file, or its folder, with `path`"
)
CITE = (
    "T. Kamishima, Nantonac Collaborative Filtering: Recommendation Based on Order Responses, KDD 2003; T. Kamishima, "
    "H. Kazawa, S. Akaho, A Survey and Empirical Comparison of Object Ranking Methods, in Preference Learning, 2010."
)
# sha256 of the 45 numbers of users joined by commas, in the order of `trees.pairs`.
AGGREGATE = "883fb40fd3a30dd12fd46d96c2e2a012969337f7ef985b1fff20013210dd0d8c"


@dataclass(frozen=True, eq=False)
class Data:
    """How many users hold each pair.

    Args:
        users: int64 [45], the users of each pair, in the order of `trees.pairs`.
        kind: the kind of file they were read from: ``pair counts``, ``rankings`` or ``rankings (PrefLib)``.
        file: the name of that file.
    """

    users: IntArray
    kind: str
    file: str

    @property
    def as_published(self) -> bool:
        """Whether these are the pair counts of the study's figures."""
        return hashlib.sha256(",".join(map(str, self.users.tolist())).encode()).hexdigest() == AGGREGATE


def data_folder() -> Path:
    """``data/sushi`` of the folder FOLKMOOT_SHARED names, else of the current folder."""
    return Path(os.environ.get("FOLKMOOT_SHARED", ".")) / "data" / "sushi"


def read(path: Path | None = None) -> Data:
    """Reads pair counts, or counts the pairs of rankings; the content tells which, not the name.

    Args:
        path: a file, or a folder with one of `FILES` (the first is taken); None: see `data_folder`. A file is
            ``item_a,item_b,...,users`` as CSV, Kamishima's ``.order`` or PrefLib's ``.soc``. PrefLib's labels 1..10
            are the original item numbers 0..9 with 0 written as 10; the names beside them are off by one, and unused.

    Raises:
        InputError: there is no data (the message says where to get it), or it is not about ten items.
    """
    folder = data_folder() if path is None else path
    files = [folder / name for name in FILES] if folder.is_dir() else [folder]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise InputError(f"no sushi data here; {WHERE}", file=folder)
    first = next(lines(file)).strip()
    if first.startswith("item_a"):
        return Data(_of_counts(file), "pair counts", file.name)
    if re.fullmatch(r"\d+(\s+\d+)+", first):
        return Data(_of_orders(file), "rankings", file.name)
    if (start := beginning(file)) is not None and preflib.sniff(start):
        return Data(_of_preflib(file), "rankings (PrefLib)", file.name)
    raise InputError(f"neither pair counts nor rankings of sushi; {WHERE}", file=file)


def _of_counts(file: Path) -> IntArray:
    table = csv.DictReader(lines(file))
    if missing := {"item_a", "item_b", "users"} - set(table.fieldnames or ()):
        raise InputError(f"the columns item_a, item_b and users are needed; {sorted(missing)[0]} is missing", file=file)
    counts = np.full((N, N), -1, dtype=np.int64)
    for row, entry in enumerate(table, start=2):
        cells = [str(entry[name] or "").strip() for name in ("item_a", "item_b", "users")]
        if not all(re.fullmatch(r"[0-9]{1,9}", cell) for cell in cells):
            raise InputError("item_a, item_b and users must be whole numbers", file=file, row=row)
        a, b, users = map(int, cells)
        if not a < b < N:
            raise InputError(f"items {a} and {b} must be two of 0 to {N - 1}, the lower first", file=file, row=row)
        if counts[a, b] >= 0:
            raise InputError(f"the pair {a}, {b} occurs twice", file=file, row=row)
        counts[a, b] = users
    return _enough(np.maximum(counts[np.triu_indices(N, 1)], 0), file)


def _of_orders(file: Path) -> IntArray:
    """Each line is ``0 10`` and the items from best to worst; a line of two numbers heads the file."""
    top = []
    for row, line in enumerate(lines(file), start=1):
        numbers = line.split()
        if not numbers or (row == 1 and len(numbers) == 2):
            continue
        if sorted(numbers[2:]) != sorted(map(str, range(N))):
            raise InputError(f"not 0, {N} and a ranking of the items 0 to {N - 1} of set A", file=file, row=row)
        top.append((int(numbers[2]), int(numbers[3])))
    return _counted(np.array(top, dtype=np.int64).reshape(-1, 2), file)


def _of_preflib(file: Path) -> IntArray:
    profile = read_profile(file, format="preflib")
    labels = profile.statements.ids
    if sorted(labels) != sorted(map(str, range(1, N + 1))) or profile.answers.scale.kind != "ranking":
        raise InputError(f"not rankings of alternatives 1 to {N}; the sushi are item set A of dataset 00014", file=file)
    best = profile.answers.value <= 2
    if (np.bincount(profile.answers.agent[best], minlength=profile.n_agents) != 2).any():
        raise InputError("a ranking has no two items on top; complete orders without ties are needed", file=file)
    item = np.array([int(label) % N for label in labels])[profile.answers.statement[best]]
    return _counted(item[np.argsort(profile.answers.agent[best], kind="stable")].reshape(-1, 2), file)


def _counted(top: IntArray, file: Path) -> IntArray:
    counts = np.zeros((N, N), dtype=np.int64)
    np.add.at(counts, (top.min(axis=1), top.max(axis=1)), 1)
    return _enough(counts[np.triu_indices(N, 1)], file)


def _enough(users: IntArray, file: Path) -> IntArray:
    if users.sum() < 4:
        raise InputError(f"holds {users.sum()} users; at least 4 are needed to learn from some of them", file=file)
    return users
