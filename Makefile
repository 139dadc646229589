# Makegood. `make help` lists what there is.
PY ?= python3
BENCH_ARGS ?=
TEST_ARGS ?=
RUN_ARGS ?=
LOCK_ARGS ?=
LIGHTHOUSE_ARGS ?=
BIN := .venv/bin
CODE := src tests tools $(wildcard bench)

.DEFAULT_GOAL := help
.PHONY: help install run test browser check format styles lighthouse bench bench-web lock clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

install: ## set up .venv with the locked packages; the command is then .venv/bin/makegood
	@PY="$(PY)" bash tools/setup.sh

run: install ## set up and run the service with its demonstration place at http://127.0.0.1:8000 (RUN_ARGS goes to serve)
	@$(BIN)/makegood serve --demo --data .place $(RUN_ARGS)

test: install browser check ## set up, check, and run every test (TEST_ARGS goes to pytest)
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(TEST_ARGS)

browser:
	@bash tools/browser.sh

check: install ## style, types, and the walls of the house
	@$(BIN)/ruff check -q $(CODE)
	@$(BIN)/ruff format -q --check $(CODE) || { echo "Not formatted; 'make format' mends it." >&2; exit 1; }
	@$(BIN)/mypy $(CODE)
	@$(BIN)/lint-imports --no-logo
	@bash tools/styles/styles.sh check

format: install ## format the code and mend what can be mended by itself
	@$(BIN)/ruff check -q --fix $(CODE)
	@$(BIN)/ruff format -q $(CODE)

styles: ## rebuild the style sheet and scripts of the pages (needs Node)
	@bash tools/styles/styles.sh build

lighthouse: install ## score the pages with Lighthouse (needs Node and Chromium; LIGHTHOUSE_ARGS, parts of pages' names)
	@bash tools/lighthouse/lighthouse.sh $(LIGHTHOUSE_ARGS)

bench: install ## measure speed (BENCH_ARGS goes to the benchmark, for example sizes)
	@$(BIN)/python -m bench $(BENCH_ARGS)

bench-web: install ## measure the web service under load (BENCH_ARGS, for example --cases 100k,1m)
	@$(BIN)/python -m bench.web $(BENCH_ARGS)

lock: install ## lock the requirements again (LOCK_ARGS=--upgrade for the newest versions)
	@bash tools/lock.sh $(LOCK_ARGS)

clean: ## remove what was built, the environment included
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
