# Needs a system Python 3.11 and make; everything else comes from the package registries.
SHELL := /bin/bash
.DEFAULT_GOAL := help
UV_HOME := var/uv
UV := $(shell command -v uv || echo $(UV_HOME)/bin/uv)
RUN := .venv/bin
SOURCES := pyproject.toml uv.lock

export PYTHONWARNINGS := ignore
export RASA_TELEMETRY_ENABLED := false
# Containers often forbid Python to keep what it compiled: each start of Rasa then takes 10 s longer.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup up test lint types imports train bench bench-billing audit clean

help: ## list what make can do
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: var/.installed ## install both environments (done by itself when needed)

$(UV_HOME)/bin/uv:
	@echo "uv is missing: fetching it into $(UV_HOME)"
	@python3 -m venv $(UV_HOME) || { echo "Could not make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }
	@$(UV_HOME)/bin/pip install --quiet uv || { echo "Could not fetch uv from PyPI: is the network up?"; exit 1; }

var/.installed: $(SOURCES) | $(filter $(UV_HOME)/bin/uv,$(UV))
	@mkdir -p var
	@$(UV) python find 3.11 >/dev/null 2>&1 || { echo "Python 3.11 is missing. Debian 12: apt-get install python3.11 python3.11-venv. Elsewhere: pyenv install 3.11, or uv python install 3.11"; exit 1; }
	@echo "Installing our environment (.venv) …"
	@UV_PROJECT_ENVIRONMENT=.venv $(UV) sync --locked --quiet || { echo "uv sync failed: the lines above say which package"; exit 1; }
	@echo "Installing Rasa's environment (.venv-rasa, about 1.4 GB) …"
	@UV_PROJECT_ENVIRONMENT=.venv-rasa $(UV) sync --locked --quiet --only-group rasa || { echo "uv sync failed: the lines above say which package"; exit 1; }
	@touch $@

up: setup ## run everything with demo data and the phone in the browser; Ctrl-C stops all
	@DEMO=1 $(RUN)/combinado up

train: setup ## train the model if its sources changed
	@$(RUN)/combinado train

test: setup ## everything: lint, types, imports, training, all tests
	@$(MAKE) --no-print-directory --jobs=2 train lint types imports
	@command -v chromium >/dev/null || { echo "The browser tests need Chromium. On Debian: apt-get install chromium"; exit 1; }
	@# Three on two cores: a house in a test waits a third of its time.
	@$(RUN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: setup ## ruff: errors and format
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .

types: setup ## mypy, strict
	@$(RUN)/mypy

imports: setup ## import-linter: arrows between packages point one way
	@$(RUN)/lint-imports

bench: train ## measure, against a stock Rasa project in the same run
	@$(RUN)/python -m bench

bench-billing: ## measure billing alone: offers, imports, the nightly update of a million bills
	@$(RUN)/python -m bench.billing_offers
	@$(RUN)/python -m bench.billing_nightly

audit: setup ## pip-audit: known vulnerabilities of what we depend on
	@.ci/audit

clean: ## throw away the environments, the model and the embedded database
	rm -rf .venv .venv-rasa var
