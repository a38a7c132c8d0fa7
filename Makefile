# Consentry. `make run` and `make test` need Python 3.11 (or 3.12, 3.13), make and git; nothing else typed.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
# Compiling thousands of files that are never imported costs a minute; Python compiles the others when it first reads them.
PIP := $(PY) -m pip install --quiet --no-input --disable-pip-version-check --no-compile --require-hashes
# A stamp carries the checksum of its lock file: unchanged means installed, whatever the file's date.
RUN := $(VENV)/.run-$(shell cksum < requirements.txt | cut -d' ' -f1)
DEV := $(VENV)/.dev-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)
FAST := not model and not browser and not stack and not drill
REHEARSED := var/rehearsal.log
UV := $(VENV)/bin/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url

# Some machines forbid Python to keep what it compiled; each of the hundreds of processes of a run would compile anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-fast ready shelves slow-half rehearsed lint format rehearsal agent bench messages lock clean doctor parts photos storm chaos restore-drill holes fuzz load axe shots

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | sort | awk -F'\t' '{printf "make %-10s %s\n", $$1, $$2}'

run: $(RUN) ## start the portal with its own PostgreSQL and Valkey; PORT=8000, Ctrl-C stops it
	@exec $(PY) -m portal.stack run

doctor: $(RUN) ## say what would keep `make run` from starting
	@exec $(PY) -m portal.stack doctor

# The rehearsal waits more than it works, so it plays beside the tests. It speaks at its end, or when it fails.
test: ## everything: fast tests, real faces, browser, whole stack, rehearsal
	@$(MAKE) --no-print-directory -j2 ready
	@echo "Fast tests, two at a time"
	@$(PY) -m pytest -q -n 2 --no-loadscope-reorder -m "$(FAST)"
	@echo "Real faces, browser, whole stack, two files at a time, and the rehearsal beside them"
	@$(MAKE) --no-print-directory -j2 slow-half rehearsed
	@tail -n 1 $(REHEARSED)

ready: $(DEV) parts photos shelves
	@$(PY) -m portal.stack manage --role recognition provision_models > /dev/null

shelves: $(RUN)
	@$(PY) -m tests.shelves

# In the order of their folders the longest (browser, chaos) come first, and the short ones fill up.
slow-half: $(DEV)
	@$(PY) -m pytest -q -n 2 --no-loadscope-reorder -m "not ($(FAST)) and not drill"

rehearsed: $(DEV)
	@$(PY) -m tests.rehearsal > $(REHEARSED) 2>&1 || { cat $(REHEARSED); exit 1; }

test-fast: $(DEV) ## in two minutes: rules, services, workers, API; without models, browser, stacks, pages and sweeps
	@$(PY) -m portal.stack parts pango
	@$(PY) -m pytest -q -n 2 --no-loadscope-reorder -m "$(FAST) and not slow and not page"

# ruff's S rules are bandit's, each exception with its reason on the line; bandit itself only sees to the grave ones.
lint: $(DEV) ## format, rules, import contracts, types, templates, security
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(VENV)/bin/lint-imports
	@$(PY) -m portal.stack manage --role web check
	@PYTHONWARNINGS=ignore::RuntimeWarning $(PY) -m portal.stack manage makemigrations --check --dry-run
	@eval "$$($(PY) -m portal.stack shell-env web)" && $(PY) -m mypy
	@$(VENV)/bin/djlint --quiet --lint templates
	@$(PY) -m bandit --quiet --recursive --severity-level high --configfile pyproject.toml portal tenants recognition
	@$(PY) -c "import socket; socket.create_connection(('api.osv.dev', 443), timeout=5)" 2>/dev/null || \
	  { echo "No network: known vulnerabilities of dependencies were not looked up."; exit 0; }; \
	  $(VENV)/bin/uv tool run --quiet pip-audit@2.10.1 --disable-pip --require-hashes -s osv -r requirements.txt

format: $(DEV) ## write the house style
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

rehearsal: $(DEV) photos ## play the main job from outside, over HTTP, on a scratch stack
	@exec $(PY) -m tests.rehearsal

agent: $(RUN) ## a reference door terminal: PAIRING=cpc_…, PICTURES=folder or CAMERA=0, PORTAL=http://127.0.0.1:8000, HOME_DIR=var/agent
	@exec $(PY) -m recognition.edge.agent --portal "$(or $(PORTAL),http://127.0.0.1:8000)" --home "$(or $(HOME_DIR),var/agent)" \
	  $(if $(PAIRING),--pairing "$(PAIRING)") $(if $(PICTURES),--pictures "$(PICTURES)") $(if $(CAMERA),--camera "$(CAMERA)")

chaos: $(DEV) photos ## kill workers, terminal, Valkey and PostgreSQL while people enrol, ask and are erased; PEOPLE=100, PACKAGES=50, DEATHS=12, SEED=n
	@exec $(PY) -m tests.chaos $(if $(PEOPLE),--people $(PEOPLE)) $(if $(PACKAGES),--packages $(PACKAGES)) \
	  $(if $(DEATHS),--deaths $(DEATHS)) $(if $(SEED),--seed $(SEED))

restore-drill: $(DEV) photos ## erase people, restore an older backup, and knock at the door all the while; PEOPLE=50
	@exec $(PY) -m tests.drill $(if $(PEOPLE),--people $(PEOPLE))

holes: $(DEV) ## plant a mistake in a copy of the source, one after the other, and see the sweeps find each
	@exec $(PY) -m tests.holes

fuzz: $(DEV) ## random requests to the whole API of a scratch stack as each caller; FUZZ_CASES=700 each, FUZZ_SEED=1, ROLE=owner for one
	@FUZZ_CASES=$(FUZZ_CASES) FUZZ_SEED=$(FUZZ_SEED) FUZZ_ROLE=$(ROLE) $(PY) -m tests.fuzz

axe: $(DEV) ## every page in both languages, every theme and width, with longer words and wider text (half an hour)
	@CONSENTRY_AXE=all $(PY) -m pytest -q -n0 tests/browser/test_pages.py tests/browser/test_longer_words.py

shots: $(DEV) ## a picture of every page in both languages and widths, and all of them on four sheets; SHOTS=var/shots
	@CONSENTRY_SHOTS=$(or $(SHOTS),var/shots) $(PY) -m pytest -q -n0 tests/browser/test_pages.py -k every_page
	@$(PY) -m tests.browser.contact $(or $(SHOTS),var/shots)

load: $(DEV) ## 200 residents read their pages beside a flood from one address; SECONDS=60 each, FLOOD=500 a second
	@exec $(PY) -m tests.load $(if $(SECONDS),--seconds $(SECONDS)) $(if $(FLOOD),--flood $(FLOOD))

storm: $(DEV) ## a thousand doors ask while a person withdraws, twenty times
	@STORM=20 $(PY) -m pytest -q -n0 tests/recognition/matching/test_withdrawal_storm.py

bench: $(DEV) ## benchmarks, each against a named rival
	@exec $(PY) -m bench

messages: $(DEV) ## collect new texts into locale/
	@$(PY) -m portal.stack parts gettext
	@$(PY) -m portal.stack manage makemessages --no-obsolete --no-wrap --add-location file -l zh_Hans -l en \
	  --ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*'

lock: $(DEV) ## write requirements*.txt from requirements*.in
	@$(UV) requirements.in -o requirements.txt
	@$(UV) requirements-dev.in -o requirements-dev.txt

parts: $(RUN)
	@$(PY) -m portal.stack parts chromium font pango

photos: $(DEV)
	@$(PY) -m tests.photos

clean: ## remove the environment and caches; your data in var/ stays
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/pip:
	@found=; for name in python3.11 python3.12 python3.13 python3; do \
	  if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "consentry: Python 3.11, 3.12 or 3.13 is needed and was not found. Install it (Debian: apt-get install python3.11 python3.11-venv) and try again." >&2; exit 1; fi; \
	rm -rf $(VENV); \
	if ! $$found -m venv $(VENV) >/dev/null 2>&1; then rm -rf $(VENV); echo "consentry: $$found cannot make a virtual environment. Install its venv module (Debian: apt-get install $$found-venv) and try again." >&2; exit 1; fi

$(RUN): | $(VENV)/bin/pip
	@echo "Installing the portal (a few minutes the first time) …"
	@$(PIP) -r requirements.txt || { echo "consentry: the packages could not be installed; the lines above say why. Check the network and the disk, then try again." >&2; exit 1; }
	@pwd > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/consentry.pth"
	@rm -f $(VENV)/.run-*; touch $@

$(DEV): $(RUN)
	@echo "Installing what tests and lint need (a minute the first time) …"
	@$(PIP) -r requirements-dev.txt || { echo "consentry: the packages could not be installed; the lines above say why. Check the network and the disk, then try again." >&2; exit 1; }
	@rm -f $(VENV)/.dev-*; touch $@
