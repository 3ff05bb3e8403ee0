PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test verify lint bench lock clean

run: $(VENV)/ready  ## every policy of the study: tables and charts in outputs/
	$(BIN)/lbpsim run scenarios/

test: $(VENV)/ready  ## the fast tests
	$(BIN)/pytest -n auto -m "not slow"

verify: $(VENV)/ready  ## the slow statistical and truth tests too
	$(BIN)/pytest -n auto

lint: $(VENV)/ready
	$(BIN)/ruff check lbpsim tests benchmarks
	$(BIN)/ruff format --check lbpsim tests benchmarks
	$(BIN)/mypy lbpsim

bench: $(VENV)/ready  ## speed and memory, beside other libraries; fills in docs/performance.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	$(BIN)/python -m benchmarks.full_model
	$(BIN)/python -m benchmarks.country
	$(BIN)/python -m benchmarks.sick_sicker_field
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.where
	$(BIN)/python -m benchmarks.page

$(VENV)/ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

lock:  ## write requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --extra test --extra lint --extra build --universal --python-version 3.11 --generate-hashes --no-header --output-file requirements.lock

clean:
	rm -rf $(VENV) outputs .pytest_cache .mypy_cache .ruff_cache .hypothesis
