# make run starts the program with demonstration data; make test runs every test.
# Both set up all that they need.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8080
export PYTHON HOST PORT

PY := .venv/bin/python
# File by file in their order: the few that take longest stand first, so no core waits for them.
PYTEST := $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder
LOCK := $(PY) -m uv pip compile --no-config --quiet --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make lock"

.PHONY: help run test check bench format lock clean

help:
	@echo "make run     start on http://$(HOST):$(PORT)/ with demonstration data"
	@echo "             PORT=…, HOST=…, DATABASE_URL=postgresql+psycopg://…, PYTHON=python3.12"
	@echo "make test    every test, on SQLite, on PostgreSQL and in a browser"
	@echo "make check   the quick ones: style, import contracts, tests on SQLite without a browser"
	@echo "make bench   how fast it is beside others, at 10,000 and 1,000,000 declarations (hours; ONLY=G8)"
	@echo "make format  put the source into its usual shape"
	@echo "make lock    choose the versions of requirements*.txt anew from pyproject.toml"
	@echo "make clean   remove .venv and caches; the data in var/ stays"

run:
	@tools/install requirements.txt
	@exec $(PY) -m tools.run

test:
	@tools/install requirements-dev.txt
	@tools/browser
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) .venv/bin/lint-imports --no-logo
	$(PYTEST)

check:
	@tools/install requirements-dev.txt
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) .venv/bin/lint-imports --no-logo
	$(PYTEST) -q --database sqlite -m "not browser"

# Its own programs and its own server, apart from .venv; its databases stay in var/bench.
BENCH := var/bench/.venv

bench: $(BENCH)/installed
	@$(BENCH)/bin/python -W ignore -m tests.benchmarks

$(BENCH)/installed: requirements.txt tests/benchmarks/requirements.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/benchmarks/requirements.txt
	@touch $@

format:
	@tools/install requirements-dev.txt
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

lock:
	@tools/install requirements-dev.txt
	$(LOCK) --upgrade pyproject.toml -o requirements.txt
	$(LOCK) --upgrade pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
