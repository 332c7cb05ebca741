# Two verbs do everything on a fresh machine with Python 3.11+, git and make:
#   make demo    sets up the environment and runs a shipped example
#   make test    sets up what tests need and runs every check and test

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Without compiling all that is there: Python compiles what is imported, which is a fifth of it.
INSTALL := -m pip --disable-pip-version-check install --quiet --no-compile
PIP := $(BIN)/python $(INSTALL) --constraint constraints.txt
RUN := $(BIN)/mentorkit

.DEFAULT_GOAL := help
.PHONY: help demo test environments check format tests faults fuzz bench clean system-packages

help:  ## Print the verbs.
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "mentorkit needs Python 3.11 or newer; say which one to use: make PYTHON=python3.12 demo"; exit 2; }
	@$(PYTHON) -m venv $(VENV)

# The stamps are in the environments: who removes one removes its stamp.
$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Setting up $(VENV) (once, about a minute) …"
	@$(PIP) --editable . editables
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Setting up $(VENV) with what the tests need (once, about a minute) …"
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed  ## Run a shipped example program with people data.
	@rm -rf demo && mkdir -p demo && cp -R examples/adventureworks/. demo/
	@$(BIN)/python scripts/demo.py

test:  ## Install what tests need and run every check and test.
	@$(MAKE) --no-print-directory --jobs=2 environments
	@$(MAKE) --no-print-directory check

environments: system-packages $(VENV)/.dev .venv-other/.made .venv-servers/.made

check: $(VENV)/.dev  ## Run every check and test, installing nothing from the system.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory tests

tests: $(VENV)/.dev  ## Run the tests with coverage.
	$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=term --cov-fail-under=90

format: $(VENV)/.dev  ## Format the code.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

faults: $(VENV)/.dev  ## Kill runs by each channel and count what arrived; KILLS=10000 at random moments (500), JOBS=2.
	PYTHONPATH=tests $(BIN)/python -m faults.measuring $(if $(KILLS),--kills $(KILLS)) $(if $(JOBS),--jobs $(JOBS)) $(if $(ONLY),--only $(ONLY))

fuzz: $(VENV)/.fuzz  ## Throw bytes at what reads files; FOR=60 seconds each, ONLY=mail one, LONG=1 100,000 structured.
	$(BIN)/python -m fuzz.run $(if $(FOR),--for $(FOR)) $(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED)) $(if $(LONG),--cases 100000)

# Where there is no atheris for this machine, fuzzing goes on without it and says so.
$(VENV)/.fuzz: $(VENV)/.dev
	@$(PIP) --editable '.[fuzz]' || echo "atheris cannot be installed here"
	@touch $@

bench: $(VENV)/.dev  ## Measure mentorkit beside named peers; QUICK=1 a small part, ONLY=stable one case.
	$(BIN)/python -m benchmarks.run $(if $(QUICK),--quick) $(if $(LONG),--long) $(if $(ONLY),--only $(ONLY)) $(if $(LIMIT),--limit $(LIMIT))

# A second Python version, where the machine has one, for the tests of determinism.
.venv-other/.made: pyproject.toml constraints.txt | $(BIN)/python
	@$(BIN)/python scripts/other_python.py
	@mkdir -p .venv-other && touch $@

# Servers written in Python that tests talk to, kept apart from what mentorkit itself needs.
.venv-servers/.made: tests/servers/requirements.txt | $(BIN)/python
	@echo "Setting up .venv-servers with what the tests talk to (once) …"
	@$(BIN)/python -m venv .venv-servers
	@.venv-servers/bin/python -m pip --disable-pip-version-check install --quiet --no-compile --requirement $<
	@touch $@

system-packages:
	@sh scripts/system_packages.sh

clean:  ## Remove environments, caches and the demo.
	rm -rf $(VENV) .venv-other .venv-servers .venv-bench-* .bench .faults fuzz/crashes fuzz/found demo build dist htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
