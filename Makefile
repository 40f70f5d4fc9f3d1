# Two commands do all the set-up: `make demo` runs the main job, `make test` passes the tests.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2
# The wheel that brings PostgreSQL to the tests ends at Python 3.12; the browser is the system's Chromium.
LEFT_OUT = $(strip $(shell $(BIN)/python -c "import pgserver" 2>/dev/null || echo postgres) \
                   $(shell command -v chromium >/dev/null || echo browser))
one :=
AVAILABLE = $(if $(LEFT_OUT),-m "not ($(subst $(one) $(one), or ,$(LEFT_OUT)))")
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The tests share the cores among themselves; libraries that take them all only get in each other's way.
test: export OMP_NUM_THREADS := 1
test: export OPENBLAS_NUM_THREADS := 1

.PHONY: demo test lint types floors check lock messages

demo: .venv/ready-run
	$(BIN)/cmo demo demo

test: .venv/ready-test lint types floors
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(AVAILABLE)

lint: .venv/ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready-test
	$(BIN)/mypy

floors: .venv/ready-test
	$(BIN)/lint-imports

# Debian and Ubuntu ship Python without venv; it is asked for only where it is missing.
.venv/bin/pip:
	$(PYTHON) -m venv .venv || { rm -rf .venv; $(if $(shell id -u | grep -x 0),,sudo) apt-get install -y python3-venv; $(PYTHON) -m venv .venv; }

.venv/ready-run: locks/run.txt pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --require-hashes -r locks/run.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/ready-test: locks/test.txt .venv/ready-run
	$(BIN)/pip install --quiet --require-hashes -r locks/test.txt
	@touch $@

LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml
lock:
	$(LOCK) --group test --extra spark --extra postgres -o locks/test.txt
	$(LOCK) --group build --constraints locks/test.txt -o locks/run.txt

# The sentences of the office, gathered from its pages and compiled; gettext's own tools are needed to gather them.
messages: .venv/ready-test
	cd src/cmo/web && DJANGO_SETTINGS_MODULE=cmo.web.settings $(CURDIR)/$(BIN)/django-admin makemessages -l fr --no-location
	$(BIN)/pybabel compile --domain django --directory src/cmo/web/locale
