# Every command of the project. `make help` prints them.
.POSIX:
.PHONY: run demo migrate test check format translations bench lock clean help ready ready-dev
.DEFAULT_GOAL := help

FLASK = .venv/bin/flask --app run
PYTHON = .venv/bin/python
# Words for pytest (make test ARGS="-k certify --database sqlite") or for the benchmarks.
ARGS =

run: ready ## Start on http://127.0.0.1:8080 with demonstration data; installs what is missing
	@$(FLASK) setup --demo
	@exec $(PYTHON) run.py

demo: ready ## Load the demonstration data once more where it is missing, without serving
	@$(FLASK) setup --demo

migrate: ready ## Bring the database to the newest schema and roles, without demonstration data
	@$(FLASK) setup

# Compiled files are kept: tests start some sixty processes, each of which would compile everything anew.
test: ready-dev ## Run all tests on SQLite and PostgreSQL (ARGS="-k certify" for some)
	@PYTHONDONTWRITEBYTECODE= $(PYTHON) -m pytest -n auto --dist loadgroup --no-loadscope-reorder $(ARGS)

check: ready-dev ## Formatting, lint, types, and migrations against models on both databases
	@sh scripts/check.sh

format: ready-dev ## Lay out the code and put right what ruff can put right by itself
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

translations: ready-dev ## Take new texts into the English catalogue, and say how many lack their English
	@$(PYTHON) -m scripts.texts
	@sh scripts/translations.sh

bench: ready-dev ## Measure, and print the ratios that docs/performance.md quotes
	@sh scripts/bench-libraries.sh
	@$(PYTHON) -m bench $(ARGS)

lock: ## Compile requirements*.in into the lock files (ARGS="flask" upgrades Flask)
	@sh scripts/lock.sh $(ARGS)

clean: ## Remove what can be made again: .venv, caches, compiled translations; never instance/
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find . -name '*.mo' -type f -exec rm -f {} +

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r target what; do \
		printf '  make %-13s %s\n' "$$target" "$$what"; done

ready:
	@sh scripts/system-packages.sh run
	@sh scripts/venv.sh requirements.txt
	@sh scripts/translations.sh

ready-dev:
	@sh scripts/system-packages.sh test
	@sh scripts/venv.sh requirements-dev.txt
	@sh scripts/translations.sh
