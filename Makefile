# Everything a developer needs. `make run` starts the system, `make test` checks it.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check
STAMP := $(VENV)/.installed

export PORT ENGINE_PORT STAGE

.PHONY: install run demo test lint soak package deploy lock clean

install: $(STAMP)

$(STAMP): requirements.txt requirements-dev.txt
	@$(PYTHON) -c "$(SUPPORTED)" || { echo "Python 3.11, 3.12 or 3.13 is needed; choose it with PYTHON="; exit 1; }
	@test -x $(PY) || { echo "creating $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "installing locked dependencies"
	@sed -n '/^uv==/,/^    # via/p' requirements-dev.txt > $(VENV)/uv.txt
	@$(PIP) install --require-hashes --no-deps -r $(VENV)/uv.txt
	@$(PY) -m uv pip install --quiet --python $(PY) --require-hashes -r requirements-dev.txt \
		|| $(PIP) install --require-hashes --no-deps --no-compile -r requirements-dev.txt
	@$(PY) -m infra dependencies
	@touch $@

run: install
	@$(PY) -m infra run

demo: install
	@$(PY) -m infra demo

test: install lint
	@$(PY) -m pytest -n 2 --dist loadgroup

lint: install
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

# 10,000 resolutions in a day, with three kills: half an hour (docs/soak.md). SOAK="--requests 3000" makes it shorter.
soak: install
	@$(PY) -m bench.soak $(SOAK)

package: install
	@$(PY) -m infra package

deploy: install
	@$(PY) -m infra deploy

# Pin requirements.in and requirements-dev.in with hashes; UPGRADE=--upgrade also takes newer versions.
lock:
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PIP) install uv
	@$(PY) -m uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --output-file requirements.txt requirements.in
	@$(PY) -m uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --constraint requirements.txt \
		--output-file requirements-dev.txt requirements-dev.in

# Forget what was built; the state of `make run` and the environment stay. `make clean ALL=1` forgets them too.
clean:
	@rm -rf .local/build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -not -path "./$(VENV)/*" -prune -exec rm -rf {} +
	@test -z "$(ALL)" || rm -rf .local $(VENV)
