# What one types to run, test and check the portal. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; done)
BIN := .venv/bin
RUN := $(BIN)/python manage.py
# One more than there are cores, from three to six: many of the tests wait, and some start a whole portal each.
TESTS_AT_ONCE ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); \
	echo $$((cores < 2 ? 3 : cores > 5 ? 6 : cores + 1)))

# Production settings that belong to nobody, for checks that open no database.
PRODUCTION := DATABASE_URL=postgres://portal:portal@localhost/portal ALLOWED_HOSTS=cakupan.example.go.id \
	SECRET_KEY="$$(head -c 64 /dev/urandom | base64 | tr -d '\n')" \
	SEAL_KEY="$$(head -c 64 /dev/urandom | base64 | tr -d '\n')"

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: .venv/runtime node_modules/.package-lock.json ## set up what is missing and run the portal (PORT, default 8000)
	@exec $(RUN) serve

.PHONY: test
test: .venv/dev node_modules/.package-lock.json chromium pango ## set up what is missing and run all tests
	@$(BIN)/python -m pytest -n $(TESTS_AT_ONCE) $(ARGS)

.PHONY: check
check: .venv/dev node_modules/.package-lock.json ## lint, format, types, imports, templates, migrations, deployment
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports
	find templates -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2 --check
	find . \( -name .venv -o -name node_modules -o -name var \) -prune -o -name '*.py' -print0 | xargs -0 $(BIN)/django-upgrade --target-version 5.2 --check
	$(RUN) makemigrations --check --dry-run
	@echo '$(RUN) check --deploy --fail-level WARNING   (production settings)'
	@$(PRODUCTION) $(RUN) check --deploy --fail-level WARNING
	@$(AUDIT)

# Known holes in the requirements: where pip-audit is installed and reaches a list of advisories.
AUDIT = if ! command -v pip-audit >/dev/null; then \
		echo "Dependencies are not audited: pip-audit is not installed"; \
	elif found=$$(pip-audit --no-deps --disable-pip --requirement requirements.txt 2>&1); then \
		echo "$$found"; \
	else case "$$found" in \
		*"known vulnerabilit"*) echo "$$found"; exit 1 ;; \
		*) echo "Dependencies are not audited: no list of advisories can be reached" ;; \
	esac; fi

.PHONY: bench
bench: .venv/runtime ## measure imports and counting (ARGS=--full: a million rows too)
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: soak
soak: .venv/dev ## show for long, some hours and 70 GB, what the tests show in short: guesses, kills, mutants, a nation
	@$(BIN)/python -m benchmarks.guessing
	@$(BIN)/python -m benchmarks.soak $(ARGS)
	@$(BIN)/python -m benchmarks.mixed
	@$(BIN)/python -m benchmarks.nation --runs 1
	@$(BIN)/python -m benchmarks.mutants

.PHONY: lock
lock: .venv/dev ## pin the newest requirements that fit, with hashes
	$(BIN)/uv pip compile $(COMPILE) pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile $(COMPILE) pyproject.toml --group dev --output-file requirements-dev.txt
	$(RUN) frontend --lock
COMPILE := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.PHONY: messages
messages: .venv/dev ## collect the texts to translate into locale/
	$(RUN) messages

.PHONY: format
format: .venv/dev ## format Python and templates
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format
	find templates -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2

.PHONY: clean
clean: ## remove what was installed and cached; var/, with the data, stays
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or name it: make run PYTHON=..." >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

.venv/runtime: requirements.txt | .venv/bin/python
	@echo "Installing the requirements"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing the requirements of development"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@ .venv/runtime

node_modules/.package-lock.json: package-lock.json | .venv/bin/python
	@echo "Installing the front-end packages"
	@$(RUN) frontend
	@touch $@

# The browser tests need Chromium: the one on PATH, or the one that CHROMIUM names. Its headless shell, which draws no
# window that nobody looks at, takes them half the time.
.PHONY: chromium
chromium:
	@if test -n "$${CHROMIUM:-}"; then \
		test -x "$$CHROMIUM" || { echo "CHROMIUM=$$CHROMIUM is not a program" >&2; exit 1; }; \
	elif command -v chromium-headless-shell chromium chromium-browser google-chrome >/dev/null; then \
		true; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		echo "Installing Chromium"; \
		apt-get update -qq; \
		browser=$$(apt-cache pkgnames chromium-headless-shell | head -n 1); \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$${browser:-chromium}" >/dev/null; \
	else \
		echo "The browser tests need Chromium: install it (Debian: apt install chromium-headless-shell), or name it with CHROMIUM=/path/to/chromium" >&2; \
		exit 1; \
	fi

# Letters as PDF are laid out with Pango. The portal runs without it, and says so when one is printed.
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
.PHONY: pango
pango: .venv/dev
	@if $(BIN)/python -c 'import weasyprint' 2>/dev/null; then \
		true; \
	elif test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		echo "Installing Pango"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(PANGO) >/dev/null; \
	else \
		echo "The tests of letters need Pango: install it (Debian and Ubuntu: apt install $(PANGO))" >&2; \
		exit 1; \
	fi
