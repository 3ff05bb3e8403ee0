PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
VERIFICATION := outputs/verification
export PYTHONDONTWRITEBYTECODE :=  # code and tests are compiled once, not by every worker

.PHONY: run test gate verify coverage mutants lint bench changes docs lock clean

run: $(VENV)/ready  ## every policy of the study: tables and charts in outputs/
	$(BIN)/lbpsim run scenarios/

test: $(VENV)/ready  ## the fast tests
	$(BIN)/pytest -n auto --dist worksteal -m "not slow and not gate" $(COVER)

gate: $(VENV)/ready  ## tests that are neither quick nor slow
	$(BIN)/pytest -n auto --dist worksteal -m "gate and not slow"

verify: $(VENV)/ready  ## the slow tests too, then the full verification book with their results, in outputs/verification
	mkdir -p $(VERIFICATION)
	failed=0; \
	$(BIN)/pytest -n auto --dist worksteal --hypothesis-profile explore -p lbpsim.verification.pytest_plugin --junitxml $(VERIFICATION)/tests.xml || failed=1; \
	$(BIN)/python -m tests.mutation.rule_coverage || failed=1; \
	$(BIN)/python -m lbpsim.commands.verify $(VERIFICATION) || failed=1; \
	$(BIN)/python docs/verification.py --write || failed=1; \
	exit $$failed

coverage: $(VENV)/ready  ## the fast tests, and whether they run every line of the rooms that pyproject.toml names; rules as plain Python
	$(MAKE) test COVER=--cov
	$(BIN)/python -m tests.mutation.rule_coverage

mutants: $(VENV)/ready  ## deletes every branch of the rules in a scratch copy; tells which deletions no test notices (hours)
	$(BIN)/python -m tests.mutation.mutants --thorough --out $(VERIFICATION)/mutants.csv

lint: $(VENV)/ready
	$(BIN)/ruff check lbpsim tests benchmarks docs
	$(BIN)/ruff format --check lbpsim tests benchmarks docs
	$(BIN)/mypy lbpsim

bench: $(VENV)/ready  ## speed and memory, beside other libraries; fills in docs/performance.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench,cluster]"
	$(BIN)/python -m benchmarks.full_model
	$(BIN)/python -m benchmarks.sharing
	$(BIN)/python -m benchmarks.earlier
	$(BIN)/python -m benchmarks.draws
	$(BIN)/python -m benchmarks.optimum
	$(BIN)/python -m benchmarks.start --whole
	$(BIN)/python -m benchmarks.lifetime
	$(BIN)/python -m benchmarks.country
	$(BIN)/python -m benchmarks.cluster
	$(BIN)/python -m benchmarks.sick_sicker_field
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.where
	$(BIN)/python -m benchmarks.page

changes: $(VENV)/ready  ## what each repair of the model does to results; fills in docs/changes-in-results.md (minutes)
	$(BIN)/python docs/changes.py --write

docs: $(VENV)/ready  ## the documentation site, docs/_build/html/index.html; warnings are errors
	$(BIN)/sphinx-build -W --keep-going --jobs auto --builder html docs docs/_build/html

$(VENV)/ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

lock:  ## write requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --extra test --extra lint --extra docs --extra build --universal --python-version 3.11 --generate-hashes --no-header --output-file requirements.lock

clean:
	rm -rf $(VENV) outputs docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis
