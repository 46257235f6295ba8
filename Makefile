# The front door. `make run` and `make test` are all the set-up there is.

.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
STAMP := $(VENV)/.installed
SMOKE_VENV := .venv-clients
SMOKE_STAMP := $(SMOKE_VENV)/.installed

# The newest Python from 3.14 down to 3.11 that answers; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
  $$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
  >/dev/null 2>&1 && { echo $$p; exit; }; done)

# Options for the program: make run ARGS="--clock x60"
ARGS ?=
SCENARIO ?=
DATE ?=
RUN_ARGS := $(if $(SCENARIO),--scenario $(SCENARIO)) $(if $(DATE),--date $(DATE)) $(ARGS)

# Two at least, so that tests that share a machine still share nothing else.
WORKERS ?= auto

.PHONY: help install run test check fix kill bench docs lock clients smoke build clean

help:  ## Say what there is to say
	@sed -n 's/^\([a-z]*\):.*##\(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

install: $(STAMP)  ## Make .venv with everything in it

$(STAMP): requirements/run.txt requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Paperdesk needs Python 3.11 to 3.14 on the PATH, or make PYTHON=/path/to/python." >&2; exit 1; }
	@test -x $(PY) || { echo "Making $(VENV) with $$($(PYTHON) --version)"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing the locked packages (once, about a minute)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements/run.txt -r requirements/dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP)  ## Start a desk with real data: make run [SCENARIO=history DATE=2008-09-29] [ARGS="…"]
	@$(BIN)/paperdesk serve --login demo $(RUN_ARGS)

test: $(STAMP) $(SMOKE_STAMP)  ## Run the tests
	@$(PY) -m pytest -n $(WORKERS) --dist loadscope -q $(ARGS)

check: $(STAMP)  ## Format, lint, types, import contracts, dependencies, dead code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/basedpyright --level error
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/vulture

fix: $(STAMP)  ## Format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

kill: $(STAMP)  ## Kill a desk under order load, 200 times or ROUNDS=…, and open it again
	@$(PY) -m tests.simulation.killing $(or $(ROUNDS),200)

bench: $(STAMP)  ## Measure, each figure beside a baseline of the same run
	@$(PY) -m benchmarks $(ARGS)

docs: $(STAMP)  ## Write the generated pages and pictures of docs/
	@$(PY) -m tools.pages
	@$(PY) examples/moving_average.py docs/images/moving_average.svg

lock: $(STAMP)  ## Resolve requirements/ anew; nothing in them says where from
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-strip-extras \
	  --no-header --no-annotate pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-strip-extras \
	  --no-header --no-annotate -c requirements/run.txt --group dev -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-strip-extras \
	  --no-header --no-annotate --group smoke -o requirements/clients.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes --no-strip-extras \
	  --no-header --no-annotate --group data -o requirements/data.txt

clients: $(SMOKE_STAMP)  ## Make .venv-clients with the real client programs

$(SMOKE_STAMP): requirements/clients.txt
	@test -x $(SMOKE_VENV)/bin/python || $(PYTHON) -m venv $(SMOKE_VENV)
	@$(SMOKE_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements/clients.txt
	@touch $@

smoke: $(STAMP) $(SMOKE_STAMP)  ## Start a desk and let ibind trade on it
	@$(PY) -m tools.smoke $(SMOKE_VENV)/bin/python

build: $(STAMP)  ## Build the wheel and the source archive
	@$(PY) -m build --no-isolation

clean:  ## Forget everything that was made
	rm -rf $(VENV) $(SMOKE_VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
