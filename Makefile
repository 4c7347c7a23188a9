# make book   builds the handbook in every format into _build/
# make lint   runs ruff and mypy; make format fixes what ruff can fix
# make test   runs the tests (under ten minutes); make test-all validates whole real books, which takes long
PYTHON ?= python3
BIN := .venv/bin

.PHONY: book test test-all lint format bench clean

book: .venv/installed
	$(BIN)/oerbook build all

test: .venv/tested
	$(BIN)/pytest -m "not judgement" -n 2

test-all: .venv/tested
	$(BIN)/pytest -m judgement

lint: .venv/linted
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: .venv/linted
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: .venv/tested
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf _build .venv

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/tested: .venv/installed
	$(BIN)/pip install --quiet --editable ".[test]"
	touch $@

.venv/linted: .venv/installed
	$(BIN)/pip install --quiet --editable ".[dev]"
	touch $@
