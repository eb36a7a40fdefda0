# Every target sets up .venv by itself: Python 3.11+ with venv is all it needs.
# PYTHON picks the interpreter that makes the environment: make test PYTHON=python3.12
PYTHON ?= python3
RUN := .venv/bin/python
READY := .venv/ready
RENEW := .venv/renew
# `make lock UPGRADE=` leaves the pins that stand and adds or drops what pyproject.toml asks for.
UPGRADE ?= --upgrade
# uv takes a quarter of the time of pip; pip takes over where uv finds no index, as behind a mirror that only pip knows.
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes
install = $(RUN) -m uv pip install --quiet --system-certs --python $(RUN) --compile-bytecode --require-hashes -r $(1) || $(INSTALL) -r $(1)
COMPILE = $(RUN) -m uv pip compile $(or $(1),pyproject.toml) --universal --python-version 3.11 \
	--generate-hashes --no-header --quiet $(UPGRADE)

# Kernels of nbval, nbgrader and JupyterLab start fast: see src/workshop/run/kernels.py.
export JUPYTER_DEFAULT_PROVISIONER_NAME := malirussia-warm

# A folder that was moved or copied holds an environment that points to its old place, and an interpreter may be gone:
# make it anew. So does PYTHON where it is given and names another one. The shell says where we are: a folder may have
# a name that make or the shell would take for a command.
GIVEN := $(if $(filter file,$(origin PYTHON)),,$(PYTHON))
AS_MADE = test -x $(RUN) && test "$$(head -n 1 $(READY))" = "$$(pwd -P)" && \
	{ test -z "$(GIVEN)" || test "$$(tail -n 1 $(READY))" = "$$(command -v "$(GIVEN)")"; }
ifneq ($(shell ($(AS_MADE)) 2>/dev/null && echo yes),yes)
.PHONY: $(READY)
endif

.PHONY: report bundle test quick bench check lab new lessons refresh pdf browser scale raw data adopt seal fuzz faults lint lock clean help
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1 \t\2/p' Makefile

report: $(READY) ## run the notebooks that have changed or rest on what has, write reports/; FRESH=1 runs all
	@$(RUN) -m malirussia report

# What a new table or theme can break: with NB="07_china" only that is tested, without it everything.
TESTS = $(if $(NB),$(patsubst %,tests/test_%.py,check notebooks package public_names) $(patsubst %,notebooks/%.ipynb,$(NB) 00_overview))

# Types are asked beside the tests, for they need one core for half a minute where nothing is cached; what is wrong with
# them is said at the end.
TYPES = $(RUN) -m mypy --no-error-summary
BESIDE_TYPES = $(TYPES) >/dev/null & types=$$!; $(1); passed=$$?; wait $$types || $(TYPES) && exit $$passed

test: $(READY) ## code style, types, unit tests, tables, conventions, and nbval on every notebook; NB="07_china" only that one
	@$(RUN) -m ruff check --quiet .
	@$(RUN) -m ruff format --check --quiet .
	@$(call BESIDE_TYPES,$(RUN) -m pytest -q -n 2 -p workshop.run.passed --nbval --nbval-current-env $(TESTS))

# Those whose tests are not all marked as slow: the others need not even be loaded.
QUICK = $(shell grep -LE '^(pytestmark = |    )pytest\.mark\.slow' tests/test_*.py)

quick: $(READY) ## code style, types, and the unit tests that run nothing: while you work
	@$(RUN) -m ruff check --quiet .
	@$(RUN) -m ruff format --check --quiet .
	@$(call BESIDE_TYPES,$(RUN) -m pytest -q -n 2 -m "not slow" $(QUICK))

# MEASURES="fresh nbval" takes only these and prints them; without it docs/performance.md is written.
ROUNDS ?= 3
bench: $(READY) ## measure how fast the collection is, beside stock tools; ROUNDS=3, MEASURES="fresh nbval"; an hour for all
	@$(RUN) -m workshop.bench --rounds $(ROUNDS) $(MEASURES)

check: $(READY) ## ask the conventions about every table and notebook
	@$(RUN) -m malirussia check

# Menus of nbgrader are for teachers: without TEACH=1 a folder of settings leaves them out.
LAB := $$PWD/src/workshop/lab
LAB_SETTINGS := "$(LAB)$(if $(TEACH),,:$(LAB)/quiet)$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}"

lab: $(READY) ## open JupyterLab at the notebooks; TEACH=1 with the menus of nbgrader
	@JUPYTER_CONFIG_PATH=$(LAB_SETTINGS) $(RUN) -m jupyterlab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks

new: $(READY) ## begin a notebook of your own in scratch/, which nothing tests: NAME="my_question"
	@$(RUN) -m malirussia new notebook $(NAME)

lessons: $(READY) ## student and instructor versions of the lessons, hand-outs, nbgrader course, zip: build/lessons/
	@$(RUN) -m malirussia lessons

refresh: $(READY) ## run the notebooks in place, NB="07_china" only that one; renew what is made from them
	@$(RUN) -m malirussia refresh $(NB)

raw: $(RENEW) ## get the publishers' files that can be had, say where the others are; SET="lied" only that set
	@$(RUN) -m malirussia raw $(SET)

data: $(RENEW) ## rebuild the tables from the publishers' files in raw/ and print every cell that differs; SET="lied"
	@$(RUN) -m malirussia data $(SET)

adopt: $(RENEW) ## what a new release changes, and what moves with it: SET="lied" RELEASE="6.9"; ACCEPT=1 takes it in
	@$(RUN) -m malirussia adopt $(SET) $(RELEASE) $(if $(ACCEPT),--accept)

seal: $(READY) ## show every cell that differs from what was sealed, and seal it once you say that it is meant; ACCEPT=1
	@$(RUN) -m malirussia seal $(if $(ACCEPT),--accept)

fuzz: $(READY) ## damage a copy of the data in 500 ways and write who notices into docs/reliability.md; four minutes
	@$(RUN) tests/fuzz.py

faults: $(READY) ## break a build in every way a machine can, write what it says into docs/reliability.md; LOAD=1 also its load
	@$(RUN) tests/faults.py $(if $(LOAD),--load)

lint: $(READY) ## format the code and mend what ruff can mend
	@$(RUN) -m ruff check --fix . && $(RUN) -m ruff format .

bundle: $(READY) ## all tables as one Parquet set and one SQLite file, with a codebook: build/bundle/, offered by the next report
	@$(RUN) -m malirussia bundle

pdf: report ## print the reports to reports/*.pdf with Chromium
	@$(RUN) -m malirussia pdf

browser: $(READY) ## install what the tests of the pages in a real browser need beside Chromium and Java
	@$(call install,requirements-browser.lock)

scale: $(READY) ## install what questions to large files need beside Java, half a gigabyte, and test them on DuckDB and Spark
	@$(call install,requirements-scale.lock)
	@$(RUN) -m pytest -q tests/test_scale.py

lock: $(READY) ## resolve the lock files anew within the ranges of pyproject.toml
	@$(COMPILE) --extra lab --extra analysis --extra explore --extra report --extra test --extra lessons --extra build -o requirements.lock
	@$(call COMPILE,--group setup) -o requirements-setup.lock
	@$(COMPILE) --extra browser --constraint requirements.lock -o requirements-browser.lock
	@$(COMPILE) --extra renew --constraint requirements.lock -o requirements-renew.lock
	@$(COMPILE) --extra scale --constraint requirements.lock -o requirements-scale.lock

clean: ## remove what was built; the environment stays
	@rm -rf reports build .cache .mypy_cache .pytest_cache .ruff_cache

$(RENEW): requirements-renew.lock $(READY)
	@$(call install,requirements-renew.lock)
	@touch $@

$(READY): requirements.lock pyproject.toml
	@command -v "$(PYTHON)" >/dev/null || { echo "Python 3.11 or newer is needed: '$(PYTHON)' was not found." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1)." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is needed: install it (on Debian: python3-venv)." >&2; exit 1; }
	@echo "Setting up .venv (about a minute the first time)"
	@rm -rf .venv && "$(PYTHON)" -m venv .venv
	@$(INSTALL) -r requirements-setup.lock
	@$(call install,requirements.lock)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@printf '%s\n' "$$(pwd -P)" "$$(command -v "$(PYTHON)")" > $@
