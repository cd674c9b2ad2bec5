# Everything installs itself: a virtual environment from hash-locked requirements, nothing by hand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test bench soak check lint types bundles words clean

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: $(VENV)/.run ## start the demo organisation on this machine
	@$(BIN)/whistle demo

test: $(VENV)/.test ## run the tests
	@deploy/browser.sh
	@WHISTLE_BROWSER="$$(deploy/browser.sh)" $(BIN)/pytest $(PYTEST_ARGS)

bench: $(VENV)/.test ## measure speed, as ratios in one run; prints JSON
	@WHISTLE_BROWSER="$$(deploy/browser.sh)" $(BIN)/python -m tests.benchmarks

soak: $(VENV)/.test ## the long trials
	@WHISTLE_BROWSER="$$(deploy/browser.sh)" $(BIN)/pytest -m soak $(PYTEST_ARGS)

check: lint types ## lint and types

lint: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.test
	@$(BIN)/mypy

bundles: $(VENV)/.test ## build the browser bundles anew from their sources
	@$(BIN)/python -m tests.bundles

clean: ## remove the demo organisation and what was built
	rm -rf .demo .cache build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Whistle needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python deploy/requirements.txt pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run tests/requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@
