# Needs Python 3.11 or newer and make; everything else is installed into .venv from locks with hashes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all:
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header pyproject.toml
LOCKS := bot semantic postgresql sentry demo dev
ONLY ?=

.PHONY: help run test check fix bench lock lock-check clean

help:
	@echo "make run    run the bot: on Discord with DISCORD_TOKEN set, else in the simulated server"
	@echo "make test   the whole test suite"
	@echo "make check  lint, format, types, locks, content, known vulnerabilities"
	@echo "make bench  benchmarks, a quarter of an hour, into docs/benchmarks.md; ONLY=name for one group, FULL=1 for all of it"
	@echo "make fix    lint and format, mending what can be mended"
	@echo "make lock   compile requirements/*.txt from pyproject.toml"

run: $(VENV)/.run
	@exec $(BIN)/python -m bot run

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

check: $(VENV)/.dev lock-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/python -m bot content check
	@$(BIN)/python -m tests.audit requirements/*.txt

fix: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	ONLY=$(ONLY) $(BIN)/python -m tests.bench

# The lock of the bot binds the demo's, and both bind the developers': one version of a package everywhere.
lock: $(VENV)/.dev
	$(COMPILE) -o requirements/bot.txt
	$(COMPILE) --extra semantic -c requirements/bot.txt -o requirements/semantic.txt
	$(COMPILE) --extra postgresql -c requirements/bot.txt -o requirements/postgresql.txt
	$(COMPILE) --extra sentry -c requirements/bot.txt -o requirements/sentry.txt
	$(COMPILE) --extra demo -c requirements/bot.txt -o requirements/demo.txt
	$(COMPILE) --extra demo --extra semantic --extra postgresql --extra sentry --extra dev -c requirements/bot.txt -c requirements/demo.txt -c requirements/semantic.txt -c requirements/postgresql.txt -o requirements/dev.txt

# Compiles again with the locked versions preferred: a difference means that pyproject.toml has moved on.
lock-check: $(VENV)/.dev
	@fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && cp requirements/*.txt "$$fresh" && \
	$(COMPILE) -o "$$fresh/bot.txt" > /dev/null && \
	$(COMPILE) --extra semantic -c requirements/bot.txt -o "$$fresh/semantic.txt" > /dev/null && \
	$(COMPILE) --extra postgresql -c requirements/bot.txt -o "$$fresh/postgresql.txt" > /dev/null && \
	$(COMPILE) --extra sentry -c requirements/bot.txt -o "$$fresh/sentry.txt" > /dev/null && \
	$(COMPILE) --extra demo -c requirements/bot.txt -o "$$fresh/demo.txt" > /dev/null && \
	$(COMPILE) --extra demo --extra semantic --extra postgresql --extra sentry --extra dev -c requirements/bot.txt -c requirements/demo.txt -c requirements/semantic.txt -c requirements/postgresql.txt -o "$$fresh/dev.txt" > /dev/null && \
	for lock in $(LOCKS); do diff -u "requirements/$$lock.txt" "$$fresh/$$lock.txt" || \
	{ echo "requirements/$$lock.txt is out of step with pyproject.toml: run make lock"; exit 1; }; done

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Syllabot needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/demo.txt | $(VENV)/bin/python
	$(PIP) -r requirements/demo.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/python
	$(PIP) -r requirements/dev.txt
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) build .pytest_cache .ruff_cache .hypothesis
