# RevLens. `make run` starts it, `make test` tests it; whatever is missing in .venv is installed first.

PORT ?= 8501
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)
# Without uv: the first Python here that RevLens runs on.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo "$$name" && break; done)

.PHONY: run test check format lint types layers dependencies docs bench bench-data lock clean

run: .venv/installed
	$(BIN)/streamlit run app.py --server.port $(PORT) --server.headless true

test: .venv/equipped
	@sh .ci/chromium
	@sh .ci/java
	$(BIN)/pytest -n auto

# `make -k check` goes on after a failure and names all of them.
check: format lint types layers dependencies docs

format: .venv/equipped
	$(BIN)/ruff format --check .

lint: .venv/equipped
	$(BIN)/ruff check .

types: .venv/equipped
	$(BIN)/mypy

layers: .venv/equipped
	$(BIN)/lint-imports

dependencies: .venv/equipped
	$(BIN)/deptry .

docs: .venv/equipped
	$(BIN)/pytest -q tests/test_docs.py

bench: .venv/equipped
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.studies
	$(BIN)/python -m benchmarks.browser
	$(BIN)/python -m benchmarks.sessions

# 20 million rows take 7 GB of memory; `make bench-data ROWS=1000000` makes do with less.
ROWS ?= 20000000
bench-data: .venv/equipped
	$(BIN)/python -m benchmarks.data $(ROWS)

# Pins are kept where they still hold; `make lock UPGRADE=--upgrade` takes the newest of everything.
COMPILE := uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet
lock:
	$(COMPILE) --group build $(UPGRADE) pyproject.toml -o requirements.lock
	$(COMPILE) --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@! grep -nE '://|^-' requirements.lock requirements-dev.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# What it takes to test and check, over what it takes to run.
.venv/equipped: .venv/installed requirements-dev.lock
ifdef UV
	uv pip install --python $(BIN)/python --require-hashes -r requirements-dev.lock
else
	$(BIN)/python -m pip install --require-hashes -r requirements-dev.lock
endif
	@touch $@

.venv/installed: .venv/locked pyproject.toml
ifdef UV
	uv pip install --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	$(BIN)/python -m pip install --no-deps --no-build-isolation -e .
endif
	$(BIN)/python -c "import model.kernel" # compiles the months once, before anybody waits for them
	@touch $@

.venv/locked: requirements.lock
ifdef UV
	uv venv --clear .venv
	uv pip install --python $(BIN)/python --require-hashes -r requirements.lock
else
	@test -n "$(PYTHON)" || { echo "RevLens needs Python 3.11, 3.12 or 3.13, or uv, which brings one." >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --require-hashes -r requirements.lock
endif
	@touch $@
