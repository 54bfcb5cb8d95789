PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
READY   = $(VENV)/.ready
ARGS   ?=
JOBS   ?= $(shell nproc 2>/dev/null || echo 2)
# each process has tests that stand together, which share what it takes long to set up, and helps out at the end
SPREAD  = -n $(JOBS) --dist worksteal

# what was compiled once is not compiled again by every process, whatever the machine says
export PYTHONDONTWRITEBYTECODE =

.PHONY: setup demo test soak coverage lint types imports ci bench lock vendor screenshots lighthouse

setup: $(READY)

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

demo: setup
	$(BIN)/syncd demo $(ARGS)

# The whole suite on SQLite, then all in which a database has a say again on PostgreSQL.
test: setup
	$(BIN)/pytest $(SPREAD) $(ARGS)
	SYNCD_TEST_DATABASE=postgresql $(BIN)/pytest $(SPREAD) -m store $(ARGS)

# Whether partners see what was agreed and nothing else, at length: 10,000 pairs of worlds; takes some hours.
soak: setup
	SYNCD_PAIRS=10000 $(BIN)/pytest $(SPREAD) --timeout 3600 tests/leaks $(ARGS)

# The same on SQLite, counting lines and branches; takes about twice as long.
coverage: setup
	$(BIN)/pytest $(SPREAD) --cov --cov-report=term:skip-covered $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m bench $(ARGS)

ci: lint types imports test

# Other people's scripts anew, and what they are into vendor.lock.json; needs npm.
vendor: setup
	$(BIN)/python -m tests.web.vendor

# Pictures of the pages that have changed; ARGS=--all takes every one, names of pages those. Needs Chromium.
screenshots: setup
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

# Google's judgement of every page; needs Chromium, and lighthouse in .tools.
lighthouse: setup
	$(BIN)/python -m tests.browser.lighthouse $(ARGS)

# Writes both locks anew from pyproject.toml; needs uv.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras -q -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras -q -o requirements-dev.lock
