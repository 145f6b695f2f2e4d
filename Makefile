# Every target installs what it needs, once. `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin
PAGE := bot/rehearsal
CHECKED := bot cards knowledge tests app.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check browser bench clean

help: ## list what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 16

run: .venv/.run $(PAGE)/node_modules/.done ## play the whole story on a page, without a tenant
	$(BIN)/python -m bot rehearse $(ARGS)

test: .venv/.test $(PAGE)/node_modules/.done ## all tests but those in the browser
	$(BIN)/pytest $(ARGS)

check: .venv/.test ## style, types and who may import whom
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy $(CHECKED)
	$(BIN)/lint-imports --no-logo

browser: .venv/.test $(PAGE)/node_modules/.done ## the tests in headless Chromium (Debian: apt install chromium)
	$(BIN)/pytest -m browser $(ARGS)

bench: .venv/.bench ## speed against the SDKs; RETRIEVAL_DIR=folder and QUESTIONS=file measure the matcher, too
	RETRIEVAL_DIR='$(RETRIEVAL_DIR)' QUESTIONS='$(QUESTIONS)' $(BIN)/python -m tests.benchmarks $(ARGS)
	$(BIN)/python -m tests.hostile_knowledge

clean: ## forget everything that was installed
	rm -rf .venv $(PAGE)/node_modules

.venv/bin/python:
	@echo "Making .venv with $$($(PYTHON) --version)"
	$(PYTHON) -m venv .venv

# .venv/.run, .venv/.test and .venv/.bench are empty files that say "this extra is installed".
.venv/.run: EXTRA = rehearsal
.venv/.test: EXTRA = test
.venv/.bench: EXTRA = bench
.venv/.%: pyproject.toml | .venv/bin/python
	@echo "Installing Python packages ($(EXTRA)), a minute or two the first time"
	$(BIN)/python -m pip install --disable-pip-version-check --editable '.[$(EXTRA)]'
	@touch $@

$(PAGE)/node_modules/.done: $(PAGE)/package.json $(PAGE)/package-lock.json
	@echo "Installing Microsoft's card renderer for the page"
	npm ci --prefix $(PAGE)
	@touch $@
