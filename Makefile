# hushu: the two commands are `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup demo test check bench clean

setup: $(VENV)/.ready

# A changed kernel is compiled anew.
$(VENV)/.ready: pyproject.toml constraints.txt setup.py $(shell find hushu -name '*.[ch]')
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing hushu with every extra into $(VENV) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

demo: setup
	@rm -rf hushu-demo
	@$(BIN)/hushu demo --out hushu-demo

test: setup
	@$(BIN)/python -m pytest -q

check: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m benchmarks

clean:
	@rm -rf $(VENV) build *.egg-info hushu-demo
