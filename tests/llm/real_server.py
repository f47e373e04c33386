"""A real inference server: llama-cpp-python in an environment of its own, which it is built into once.

    python real_server.py [--fast]

makes the environment where it is missing. The registry has no wheel of the server, so it is compiled, for any
processor of its kind and without what a tiny model does not need. It lies in the user's cache, beside its log;
FOLKMOOT_LLAMA names another folder. Versions are those of real_server.txt; others, or a build that was killed, are
built anew. The fast one uses what this processor can do, for a model that is not tiny, and lies beside the other one.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PINS = Path(__file__).with_name("real_server.txt")
MODEL = "random"  # the model's name
_OFF = (
    *("LLAVA_BUILD", "LLAMA_OPENSSL", "LLAMA_BUILD_TESTS", "LLAMA_BUILD_TOOLS", "LLAMA_BUILD_EXAMPLES"),
    *("LLAMA_BUILD_SERVER", "LLAMA_TOOLS_INSTALL", "GGML_OPENMP", "GGML_LLAMAFILE"),
)
_ARGUMENTS = [f"-D{name}=OFF" for name in _OFF]
# A cache may outlive the processor it was made on.
_ANYWHERE = ("NATIVE", "SSE42", "AVX", "AVX2", "BMI2", "FMA", "F16C", "CPU_REPACK")
_SLOW = [f"-DGGML_{name}=OFF" for name in _ANYWHERE] + [f"-DCMAKE_{kind}_FLAGS_RELEASE=-O1" for kind in ("C", "CXX")]
_FAST = ["-DGGML_NATIVE=ON", *(f"-DCMAKE_{kind}_FLAGS_RELEASE=-O2" for kind in ("C", "CXX"))]
# Half of what is compiled is a library that nothing here uses, and the package insists on it.
_SPARED = 'set(LLAMA_BUILD_COMMON OFF CACHE BOOL "" FORCE)\n'
_ASKED = '"POST /v1/chat/completions '


def folder(fast: bool = False) -> Path:
    """Where the environment is, or will be."""
    kind = f"-fast-{_processor()}" if fast else ""
    if named := os.environ.get("FOLKMOOT_LLAMA"):
        named_folder = Path(named).absolute()
        return named_folder.with_name(named_folder.name + kind)
    version = re.search(r"^llama-cpp-python\S*==(\S+)", PINS.read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None, f"{PINS} pins no llama-cpp-python"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "folkmoot" / f"llama-{version[1]}{kind}"


def _processor() -> str:
    """What tells kinds of processors apart: one build for each."""
    try:
        about = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        about = ""
    can = re.search(r"^(?:flags|Features)\s*:(.*)$", about, re.MULTILINE)
    can_do = " ".join(sorted(can[1].split())) if can else ""
    return hashlib.sha256(f"{platform.machine()} {can_do}".encode()).hexdigest()[:8]


def python(fast: bool = False) -> Path | None:
    """The environment's interpreter; None where the environment is not ready."""
    stamp, program = folder(fast) / "built-from.txt", folder(fast) / "bin" / "python"
    try:
        built = stamp.read_text(encoding="utf-8") == PINS.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    # The interpreter it was made from may be gone.
    return program if built and program.exists() else None


def make(fast: bool = False) -> None:
    """The environment, unless it is ready; one at a time.

    Raises:
        SystemExit: it cannot be made.
    """
    home = folder(fast)
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_name(f"{home.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if python(fast) is not None:
            return
        if not any(map(shutil.which, ("c++", "g++", "clang++"))):
            sys.exit("building the inference server needs a C++ compiler: run apt-get install g++, then make again")
        log = home.with_name(f"{home.name}.log")
        print(f"building an inference server into {home}: once, up to half an hour, log in {log}", flush=True)
        begin = time.monotonic()
        shutil.rmtree(home, ignore_errors=True)
        with log.open("w") as output:
            try:
                _build(home, output.fileno(), lock.fileno(), fast)
            except (subprocess.CalledProcessError, OSError) as error:
                lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
                print(*lines, sep="\n", file=sys.stderr)
                why = f"exit code {error.returncode}" if isinstance(error, subprocess.CalledProcessError) else error
                sys.exit(f"the inference server could not be built ({why}): see {log}, then make again")
        shutil.copyfile(PINS, home / "built-from.txt")  # last: its being there says that all is
        print(f"built in {time.monotonic() - begin:.0f} s", flush=True)


def _build(home: Path, output: int, lock: int, fast: bool) -> None:
    def run(*command: str, **more: str) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SKBUILD"))}
        # It holds the lock, too: when only this process is killed, the next build waits until it has ended.
        subprocess.run(command, stdout=output, stderr=output, check=True, env=environ | more, pass_fds=(lock,))

    if importlib.util.find_spec("ensurepip"):
        venv.create(home, clear=True, with_pip=True)
    else:
        run("uv", "venv", "--seed", "--python", sys.executable, str(home))
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    pins = [line for line in PINS.read_text(encoding="utf-8").split() if "==" in line]
    server = [pin for pin in pins if pin.startswith("llama-cpp-python")]
    run(*pip, *(pin for pin in pins if pin not in server))
    spared = home / "spared.cmake"
    spared.write_text(_SPARED, encoding="utf-8")
    arguments = shlex.join([*_ARGUMENTS, *(_FAST if fast else _SLOW), f"-DCMAKE_PROJECT_llama.cpp_INCLUDE={spared}"])
    # The cmake and ninja that were just installed, whichever the system has.
    path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    parallel = str(os.cpu_count() or 1)
    more = {"CMAKE_ARGS": arguments, "CMAKE_BUILD_PARALLEL_LEVEL": parallel, "PATH": path}
    # Without pip's cache, which does not know for which processor a wheel was compiled.
    run(*pip, "--verbose", "--no-cache-dir", "--no-build-isolation", *server, **more)


@dataclass(frozen=True)
class Server:
    """One that runs.

    Args:
        url: base URL.
        process: its own.
        log: what it says.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def asked(self) -> int:
        """Chat completions that it replied to."""
        return self.log.read_text(encoding="utf-8", errors="replace").count(_ASKED)

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self.process.kill()
        self.process.wait(10)


@contextmanager
def serving(program: Path, model: Path, log: Path, *arguments: str, patience: float = 60.0) -> Iterator[Server]:
    """A server of one model on a free port of the loopback, as long as the context lasts.

    Args:
        program: the environment's interpreter.
        model: GGUF file.
        log: file for its output.
        arguments: further ones of ``llama_cpp.server``.
        patience: seconds in which it must answer.
    """
    command = [str(program), "-m", "llama_cpp.server", "--model", str(model), "--model_alias", MODEL]
    command += ["--host", "127.0.0.1", "--port", "0", "--n_threads", "1", "--n_threads_batch", "1"]
    # Half-precision caches are slow where the processor's own instructions for them were left out: 0 is float32.
    command += ["--type_k", "0", "--type_v", "0", "--verbose", "false", *arguments]
    # Its settings also come from variables with everyday names (HOST, MODEL, CACHE): it gets none of ours.
    environ = {"PATH": os.environ.get("PATH", os.defpath)}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environ)
    try:
        yield Server(_address(process, log, patience) + "/v1", process, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _address(process: subprocess.Popen[bytes], log: Path, patience: float) -> str:
    """What it says that it listens on, which is the last thing it does before it answers."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        said = log.read_text(encoding="utf-8", errors="replace")
        if found := re.search(r"running on (http://[\d.]+:\d+)", said):
            return found[1]
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}:\n{said[-4000:]}")
        time.sleep(0.05)
    raise AssertionError(f"the server did not answer within {patience:g} s:\n{said[-4000:]}")


if __name__ == "__main__":
    make("--fast" in sys.argv[1:])
