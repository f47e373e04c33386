# folkmoot. `make` alone says what there is.
#
# Everything happens in .venv, which the first target that needs it sets up with the versions of constraints.txt.
# `make PYTHON=python3.12 demo` chooses the interpreter; WORKERS=4 the number of test processes; COVERAGE=1 has the
# tests print how much of the library and the studies they have run since `make test` began.

SHELL := /bin/sh
# What was compiled once is not compiled again by every process.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?=
WORKERS ?= auto
COVERAGE ?=
VENV := .venv
BIN := $(VENV)/bin
ALL := $(VENV)/.ready-all
DEV := $(VENV)/.ready-dev
PYTEST = $(BIN)/pytest -rs -n $(WORKERS) --dist loadfile $(if $(COVERAGE),--cov --cov-append --cov-report=)
COVERED = $(if $(COVERAGE),@echo "coverage: $$($(BIN)/coverage report --format=total) % of the lines")
LOCK := pip compile pyproject.toml --extra all --extra dev --universal --no-emit-index-url --no-annotate --no-header

.PHONY: help demo test test-new test-data test-long test-load test-real test-model bench bench-check lint format pages docs notebooks dist lock clean

help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: $(ALL) ## a slate for a real conversation of 2,031 people, with its report in build/demo
	$(BIN)/folkmoot demo --out build/demo

test: $(DEV) ## lint, types, and every test that is quick and needs no browser and no inference server
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@rm -f build/coverage
	@$(BIN)/python -m compileall -q src studies
	$(PYTEST) -m "not browser and not server and not load and not long and not replication" src studies/folkmoot_studies tests
	$(COVERED)

test-new: $(DEV) ## the properties once more, on examples that nobody has seen (those of make test are always the same)
	$(PYTEST) -m "not browser and not server and not load" --hypothesis-profile=new $$(grep -rl hypothesis studies tests)

test-data: $(DEV) ## tests that read the data in the folder FOLKMOOT_SHARED, replications among them
	@test -n "$$FOLKMOOT_SHARED" || { echo "set FOLKMOOT_SHARED to the folder that has data/" >&2; exit 2; }
	$(PYTEST) -m "data and not browser and not server" studies tests
	$(COVERED)

test-long: $(DEV) ## what is left out of make test for its length: replications, long properties, 10,000 calls
	$(PYTEST) -m "long or replication or load" studies tests
	$(COVERED)

test-real: $(DEV) ## tests in a real Chromium and against a real inference server (sets both up, once)
	@$(CHROMIUM)
	@$(BIN)/python tests/llm/real_server.py
	$(BIN)/pytest -m "browser or server" tests

test-model: $(DEV) ## a real small language model from check to slate (15 minutes; sets server and model up, once)
	$(BIN)/python tests/llm/small_model.py

test-load: $(DEV) ## 10,000 calls to a simulated endpoint with faults, killed and resumed (minutes)
	$(BIN)/pytest -m load tests

bench: $(DEV) ## every benchmark, one after the other
	@set -e; for file in benchmarks/*.py; do \
	  case "$$file" in benchmarks/_*|"benchmarks/*.py") continue;; esac; \
	  echo "== $$file"; $(BIN)/python "$$file"; \
	done

bench-check: $(DEV) ## whether the main job takes 20 % more instructions than recorded (needs valgrind; minutes)
	$(BIN)/python benchmarks/main_job.py --check

lint: $(DEV) ## ruff and mypy only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV) ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pages: $(DEV) ## write the pages on processes and audits anew, from what these declare
	$(BIN)/python -m folkmoot.report.pages docs

docs: pages ## the documentation site in site/: no warning and no broken link passes
	PYTHONPATH=tools $(BIN)/python -m docsite build/docs
	$(BIN)/zensical build --clean --strict
	PYTHONPATH=tools $(BIN)/python -m docsite.published build/docs site

notebooks: $(DEV) ## make the data of the tutorials anew, run them, and keep what they print
	$(BIN)/python docs/tutorials/data/make.py
	PYTHONPATH=tools $(BIN)/python -m docsite.notebooks docs/tutorials

dist: $(DEV) ## what is released: the source distribution and the wheel, and the source of the compiled loops, in dist/
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/python -m build --sdist --outdir dist kernels

lock: $(BIN)/python ## write constraints.txt anew with the newest versions that fit together
	@if command -v uv >/dev/null 2>&1; then uv=uv; \
	else $(BIN)/python -m pip install --quiet uv && uv=$(BIN)/uv; fi; \
	{ sed -n '/^#/p' constraints.txt; $$uv $(LOCK) --upgrade --quiet --python $(BIN)/python; } > constraints.new \
	  && mv constraints.new constraints.txt || { rm -f constraints.new; exit 1; }

clean: ## remove what was built and cached (the environment stays: rm -r .venv)
	rm -rf build dist site kernels/build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src studies tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# -- the environment --------------------------------------------------------------------------------------------------

KERNELS := $(wildcard kernels/*.* kernels/folkmoot_kernels/*.[ch] kernels/folkmoot_kernels/*.py*)

$(ALL): pyproject.toml studies/pyproject.toml constraints.txt $(KERNELS) | $(BIN)/python
	@extras=all; $(INSTALL)
	@touch $@

$(DEV): pyproject.toml studies/pyproject.toml constraints.txt $(KERNELS) | $(BIN)/python
	@extras=dev; $(INSTALL)
	@touch $(ALL) $@

$(BIN)/python:
	@$(ENVIRONMENT)

# uv where there is one; pip when there is none, or when uv fails (it does not read pip's settings).
define INSTALL
echo "installing folkmoot[$$extras] into $(VENV) (once)"; \
if command -v uv >/dev/null 2>&1 \
  && uv pip install --quiet --python $(BIN)/python -c constraints.txt -e ".[$$extras]" -e ./studies \
  && uv pip install --quiet --python $(BIN)/python --reinstall ./kernels; then :; \
else $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$$extras]" -e ./studies \
  && $(BIN)/python -m pip install --quiet --disable-pip-version-check --force-reinstall ./kernels; fi
endef

define ENVIRONMENT
python=""; \
for one in $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11); do \
  if "$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then python=$$one; break; fi; \
done; \
if [ -z "$$python" ]; then \
  found=$$($(or $(PYTHON),python3) --version 2>/dev/null) || found="not on the PATH"; \
  echo "folkmoot needs Python 3.11 or newer, but $(or $(PYTHON),python3) is $$found:" \
    "install a newer one, or name it with make PYTHON=python3.12" >&2; exit 2; \
fi; \
if "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then "$$python" -m venv $(VENV); \
elif command -v uv >/dev/null 2>&1; then uv venv --quiet --python "$$python" $(VENV); \
else \
  version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
  echo "$$python cannot make environments, because its ensurepip module is missing:" \
    "on Debian and Ubuntu run apt-get install python$$version-venv, then make again" >&2; exit 2; \
fi
endef

define CHROMIUM
have() { command -v chromium || command -v chromium-browser || command -v google-chrome; }; \
cannot() { echo "these tests need Chromium, and $$1, then make again" >&2; exit 2; }; \
if have >/dev/null 2>&1; then exit 0; fi; \
command -v apt-get >/dev/null 2>&1 || cannot "there is no apt-get to install it with: put chromium on the PATH"; \
if [ "$$(id -u)" = 0 ]; then sudo=""; \
elif command -v sudo >/dev/null 2>&1; then sudo=sudo; \
else cannot "installing it needs root: run apt-get install chromium as root"; fi; \
echo "installing chromium from the system's packages (once)"; \
$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq update \
  && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends chromium >/dev/null \
  && have >/dev/null 2>&1 \
  || cannot "apt-get could not install it (see above): install it by hand"
endef
