# Two commands do everything: `make demo` and `make test`.
PORT ?= 8000
DATA_DIR ?= $(CURDIR)/.data
export PORT DATA_DIR
PYTHON ?= python3
BIN = .venv/bin
RUN_GROUPS = core embeddings documents
TEST_GROUPS = core embeddings dev

.PHONY: demo setup up test check fix test-services bench clean help

help:
	@echo "make demo           install, make the demonstration, start it (PORT=8000 DATA_DIR=.data)"
	@echo "make setup          the same without starting"
	@echo "make up             start what is there"
	@echo "make test           the whole suite, offline"
	@echo "make check          formatting, lint, types, import contracts"
	@echo "make test-services  PostgreSQL, browsers, a real shop (django-oscar, installed on the first run)"
	@echo "make bench          speed and memory, as a table and as JSON"

demo: .venv-run
	@$(BIN)/rapport demo

setup: .venv-run
	@$(BIN)/rapport demo --prepare-only

up: .venv-run
	@$(BIN)/rapport up

.venv-run:
	@$(PYTHON) scripts/setup.py $(RUN_GROUPS)

.venv-test:
	@$(PYTHON) scripts/setup.py $(TEST_GROUPS)

# A shop nobody here wrote, in an environment of its own: its packages never mix with Rapport's.
.venv-shop:
	@VENV_DIR=$(CURDIR)/.venv-oscar $(PYTHON) scripts/setup.py real_shop

test: .venv-test
	$(BIN)/pytest -m "not services" -n 2 --dist loadfile

check: .venv-test
	$(BIN)/ruff format --check src tests bench scripts
	$(BIN)/ruff check src tests bench scripts
	$(BIN)/mypy src
	$(BIN)/lint-imports

fix: .venv-test
	$(BIN)/ruff check --fix src tests bench scripts
	$(BIN)/ruff format src tests bench scripts

test-services: .venv-test .venv-shop
	OSCAR_PYTHON=$(CURDIR)/.venv-oscar/bin/python $(BIN)/pytest -m services

bench: .venv-test
	$(BIN)/python -m bench --json bench/results.json

clean:
	rm -rf .venv .venv-oscar .data
