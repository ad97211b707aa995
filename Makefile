# What one types here. Each target sets up what it needs, and finds it done the next time.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run stop test check bench clean lock browser readers wrk

export PORT ?= 8000
export SAMPLE ?= 1
export PYTHONUNBUFFERED := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PYTHON := .venv/bin/python
POSTGRES := $(PYTHON) -m leadping.embedded_postgres
# Each is newer than the list of packages that was installed.
RUNTIME := .venv/.runtime
TOOLS := .venv/.tools
PIN := uv pip compile --universal --generate-hashes --no-header --no-annotate --upgrade --quiet

# The settings without which nothing starts, as a server behind a proxy would have them.
check bench: export SECRET_KEY := known-to-everybody-and-so-for-checks-and-benchmarks-only
# What a benchmark's databases prove is nothing to those of `make run`.
bench: export AUDIT_HEADS_FILE := .leadping/bench-heads.jsonl
check: export TRUSTED_PROXIES := 127.0.0.1
check: export SECURE_HSTS_SECONDS := 31536000

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## the product on http://127.0.0.1:8000 with sample data (PORT=8001, SAMPLE=0)
	@$(PYTHON) manage.py run

test: $(TOOLS) browser readers ## every test, against PostgreSQL (ARGS= goes to pytest)
	@$(with_database); $(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(TOOLS) ## lint, types, shape, migrations, settings, API schema
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	@$(with_database); set -x; \
	$(PYTHON) -m pytest tests/unit/test_shape.py; \
	$(PYTHON) manage.py makemigrations --check --dry-run; \
	$(PYTHON) manage.py check --deploy --fail-level WARNING; \
	$(PYTHON) manage.py spectacular --validate --fail-on-warn --file /dev/null

bench: $(TOOLS) wrk ## the speed of intake beside the database's own, as a table and a JSON file
	@$(PYTHON) -m tests.bench $(ARGS)

stop: ## stop `make run` and the embedded databases of this checkout
	@lock=.leadping/run.lock; if [ -e $$lock ] && ! flock --nonblock $$lock true; then \
	  kill "$$(< $$lock)"; flock --timeout 30 $$lock true; fi
	@if [ -x $(PYTHON) ]; then for name in dev test bench; do $(POSTGRES) stop --name $$name; done; fi

clean: stop ## remove what can be made again: packages, static files, caches; not .env and the data
	rm -rf .venv .leadping/static .coverage .hypothesis .import_linter_cache .mypy_cache .ruff_cache

lock: ## pin the newest packages that pyproject.toml allows (needs uv)
	$(PIN) pyproject.toml --output-file requirements.txt
	$(PIN) --group dev --constraint requirements.txt --output-file tests/requirements.txt

$(RUNTIME): requirements.txt | .venv/bin/pip
	@echo "Installing the product's packages into .venv ..."
	@$(call install,requirements.txt)
	@touch $@

$(TOOLS): tests/requirements.txt $(RUNTIME)
	@echo "Installing the test tools into .venv ..."
	@$(call install,tests/requirements.txt)
	@touch $@

# pip is what the making of an environment ends with, so an interrupted one is made again.
.venv/bin/pip:
	@for python in python3.11 python3.12 python3.13 python3.14 python3 ''; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "Leadping needs Python 3.11 or newer: apt-get install python3 python3-venv"; exit 1; fi; \
	if ! $$python -c 'import ensurepip' 2> /dev/null; then \
	  echo "$$python lacks its venv module: apt-get install $$python-venv"; exit 1; fi; \
	echo "Making .venv with $$($$python --version) ..."; \
	$$python -m venv --clear .venv

browser:
	@$(call from_debian,chromium,chromium fonts-liberation)

# With which a dossier is read and checked as others do it.
readers:
	@$(call from_debian,pdftotext,poppler-utils)
	@$(call from_debian,openssl,openssl)

wrk:
	@$(call from_debian,wrk,wrk)

# $(call install,requirements file): pip takes a download that broke off for a forged one.
define install
$(PYTHON) -m pip install --require-hashes --requirement $(1) || \
  { echo "Not all packages could be installed. If a download broke off, run the same again."; exit 1; }
endef

# $(call from_debian,program,packages): install what is missing when we are root, else name the command.
define from_debian
if ! command -v $(1) > /dev/null; then \
  if [ "$$(id -u)" != 0 ]; then echo "$(1) is missing: sudo apt-get install $(2)"; exit 1; fi; \
  echo "Installing $(1) from Debian ..."; \
  apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends $(2); \
fi
endef

# A server of their own for the commands that follow, unless DATABASE_URL names one.
define with_database
if [ -z "$${DATABASE_URL:-}" ]; then \
  $(POSTGRES) start --name test; \
  trap '$(POSTGRES) stop --name test' EXIT; \
  DATABASE_URL="$$($(POSTGRES) url --name test)"; export DATABASE_URL; \
fi
endef
