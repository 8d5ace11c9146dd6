# Two commands matter: `make run` and `make test`. The rest are their parts.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: run test setup lint bench lock vendor messages clean

run: .venv/run.stamp
	@PORT=$(PORT) $(BIN)/python wsgi.py

test: .venv/dev.stamp
	@$(BIN)/python -m pytest $(ARGS)

setup: .venv/dev.stamp

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint app/templates --lint --quiet

bench: .venv/dev.stamp
	$(BIN)/python -m benchmarks

# Developers only: rewrite the pinned requirements from the .in files (needs uv).
lock:
	for name in requirements requirements-production requirements-fast requirements-dev; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links $$name.in -o $$name.txt; done

# Developers only: rebuild the vendored front-end files (needs Node).
vendor:
	cd vendor && npm ci --ignore-scripts && node build.mjs

# Developers only: collect translatable strings and compile the catalogues.
messages: .venv/dev.stamp
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output \
	  --omit-header -o app/locales/messages.pot .
	$(BIN)/pybabel -q update -i app/locales/messages.pot -d app/locales --no-fuzzy-matching --omit-header
	$(BIN)/pybabel -q compile -d app/locales

clean:
	rm -rf .venv instance reports

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Sarn needs Python 3.11, 3.12 or 3.13. Name one with: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/run.stamp
