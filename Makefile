# Everything a developer or a visitor needs: Python 3.11 or newer, make and a shell.
#   make demo        the living portal on http://localhost:$(PORT)/
#   make demo-reset  the same from an empty folder
#   make test        the whole test suite        make lint   everything a machine can judge
#   make access      docs/access.md anew from the code
#   make bench       speed, beside its floors    make lock   the locks anew from pyproject.toml

# The system's own Python first: distributors build it with profiles, about a seventh faster
# than one compiled at home.
PYTHON ?= $(shell for name in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	echo $$name && break; done)
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
LOCKS := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet

# Compiled once, not in every process that starts.
unexport PYTHONDONTWRITEBYTECODE

# What a production would set; `check --deploy` must have nothing to say about it.
PRODUCTION := SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') \
	DATABASE_URL=postgresql://portal@localhost/portal REDIS_URL=redis://localhost:6379 \
	SITE_URL=https://portal.example ALLOWED_HOSTS=portal.example DEBUG=false DEMO=false

.PHONY: demo demo-reset test access bench lock lint lint-code lint-templates lint-imports \
	lint-migrations lint-deploy lint-catalogue lint-compose

demo: $(VENV)/.installed-demo
	$(BIN)/python -m network_portal.embedded.supervisor --port $(PORT)

demo-reset: $(VENV)/.installed-demo
	$(BIN)/python -m network_portal.embedded.supervisor --port $(PORT) --reset

test: $(VENV)/.installed-dev
	@if $(BIN)/python -m network_portal.browser; then \
		$(BIN)/python -m pytest -n auto; \
	else \
		$(BIN)/python -m pytest -n auto -m 'not browser' || exit 1; \
		echo 'No Chromium on this machine. LEFT OUT, these tests did not run:'; \
		$(BIN)/python -m pytest -m browser --collect-only --quiet || true; \
	fi

access: $(VENV)/.installed-dev
	ACCESS_DOCUMENT=write $(BIN)/python -m pytest -q tests/access/test_access_document.py

lint: lint-code lint-templates lint-imports lint-migrations lint-deploy lint-catalogue lint-compose

lint-code: $(VENV)/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

lint-templates: $(VENV)/.installed-dev
	find templates -name '*.html' | xargs $(BIN)/djade --check

lint-imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports

lint-migrations: $(VENV)/.installed-dev
	$(BIN)/python manage.py makemigrations --check --dry-run

lint-deploy: $(VENV)/.installed-dev
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

lint-catalogue: $(VENV)/.installed-dev
	$(BIN)/python manage.py check_catalogue

# Needs no engine; the settings beside it are those of .env.example.
lint-compose:
	@if command -v docker-compose >/dev/null; then \
		folder=$$(mktemp -d); cp docker-compose.yml $$folder; \
		sed 's/^DATABASE_PASSWORD=.*/DATABASE_PASSWORD=checked/' .env.example > $$folder/.env; \
		(cd $$folder && docker-compose config --quiet); status=$$?; rm -r $$folder; exit $$status; \
	else echo 'NOT CHECKED: docker-compose is absent, docker-compose.yml is not read.'; fi

bench: $(VENV)/.installed-dev
	$(BIN)/python -m bench

lock: $(VENV)/.installed-dev
	$(BIN)/uv pip compile pyproject.toml $(LOCKS) -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group embedded $(LOCKS) -o requirements-demo.txt
	$(BIN)/uv pip compile pyproject.toml --group embedded --group dev $(LOCKS) -o requirements-dev.txt
	$(BIN)/uv pip compile --group installer $(LOCKS) -o requirements-uv.txt

# The development lock holds the demo's; pip is the way where uv does not reach the index.
$(VENV)/.installed-%: requirements-%.txt requirements-uv.txt
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer with venv is needed: make PYTHON=/path/to/python3'; exit 1; }
	@echo 'Installing the packages of requirements-$*.txt …'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-$*.txt || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-$*.txt
	@touch $@
