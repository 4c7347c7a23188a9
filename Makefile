# make book   builds the handbook in every format into _build/
# make lint   runs ruff and mypy; make format fixes what ruff can fix
# make lock   pins what the workflows of books install, after a change of the dependencies
# make test   runs the tests (under ten minutes); make test-all validates whole real books, which takes long
PYTHON ?= python3
BIN := .venv/bin

.PHONY: book test test-all lint format lock bench clean

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

# What a book's workflows install: every package in one version, with the digests of its files.
lock: .venv/linted
	(echo "# What oerbook needs, for pip install --require-hashes on Linux with Python 3.12. Written by make lock."; \
	$(BIN)/uv pip compile --quiet --python-platform x86_64-manylinux_2_28 --python-version 3.12 --generate-hashes \
	--no-header --no-annotate pyproject.toml) > oerbook/hosting/requirements.txt.new
	mv oerbook/hosting/requirements.txt.new oerbook/hosting/requirements.txt
	echo "build twine" | tr ' ' '\n' | $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-header --no-annotate - --output-file .github/release-requirements.txt

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
