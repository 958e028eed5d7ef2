# Every target is enough by itself on a machine with Python 3.11 or later, make and a package index.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STORE  := build/store
SIZES  ?= 10000
LIMIT  ?= 120
export HRDD_STORE = $(STORE)

.PHONY: gaps test serve lint format bench docs wheel clean
.DEFAULT_GOAL := gaps

# A stamp for each set of packages: made anew when pyproject.toml changes.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "hrdd-graph needs Python 3.11 or later; set PYTHON=..."; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	@echo "installing (a few minutes the first time)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	@echo "installing with test packages (a few minutes the first time)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.lint: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,lint]'
	@touch $@ $(VENV)/.run $(VENV)/.test

$(VENV)/.bench: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,bench]'
	@touch $@ $(VENV)/.run $(VENV)/.test

gaps: $(VENV)/.run  ## build the graph, run every gap rule, print the table, write build/gaps/
	@$(BIN)/hrdd build
	@$(BIN)/hrdd gaps --write build/gaps

test: $(VENV)/.test  ## the whole test suite
	@$(BIN)/python -m pytest -n auto

serve: $(VENV)/.run  ## the HTTP layer on http://127.0.0.1:8000
	@$(BIN)/hrdd build
	@$(BIN)/hrdd serve

lint: $(VENV)/.lint  ## linters, types, ontology checks
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/turtlefmt --check $$(git ls-files '*.ttl' ':!tests')
	@$(BIN)/python -m hrdd_graph.ontology_checks

format: $(VENV)/.lint
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .
	@$(BIN)/turtlefmt $$(git ls-files '*.ttl' ':!tests')

bench: $(VENV)/.bench  ## measurements, side by side in one run; SIZES="100000 1000000" LIMIT=900 for larger graphs
	@$(BIN)/python benchmarks/judgement.py
	@$(BIN)/python benchmarks/suggestions.py
	@$(BIN)/python benchmarks/commands.py
	@$(BIN)/python benchmarks/printing.py
	@$(BIN)/python -m benchmarks.gaps --sizes $(SIZES) --limit $(LIMIT) --write

docs: $(VENV)/.run  ## reference documentation: pages in build/docs/, tables in docs/reference/
	@$(BIN)/python -m hrdd_graph.reference build/docs
	@$(BIN)/python -m hrdd_graph.reference --tables

wheel: $(VENV)/.run
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir build/wheel .

clean:
	rm -rf build $(VENV)
