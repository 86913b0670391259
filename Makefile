# make site        build the example, ./services.yaml and ./incidents, into ./site
# make docs        build the documentation as a site, into ./dist/docs
# make test        check everything: style, types, tests
# make torture     break builds in every way we know, and print the scoreboard of docs/developers/scoreboard.md (an hour or two)
# make fuzz        feed the readers what a fuzzer thinks of, two minutes each, and count (Linux; FUZZ_SECONDS=600)
# make catalogs    bring the translations up to date with the words in the code and the templates
# make format      lay out the code
# make sbom        list everything that statusgen is made of, with its hashes, in dist/statusgen.cdx.json
# make dist        make what a release has, in dist/: the wheel, the sdist, the list of `make sbom`, and checksums
# make peers       install the generators that benchmarks/speed.py compares
# make clean       remove whatever the others made
#
# Each sets up what it needs, inside this folder, and does so again only when the files that fix the
# versions change: after the first run there is no need for a network.

# Another Python: `make clean`, then `make site PYTHON=python3.13`.
PYTHON ?= python3
UV_VERSION := 0.13.9

UV := UV_PYTHON_DOWNLOADS=never .tools/bin/uv
LOCALE := statusgen/theme/locale
DESK_LOCALE := statusgen/desk/locale
MO := $(patsubst %.po,%.mo,$(wildcard $(LOCALE)/*/LC_MESSAGES/statusgen.po $(DESK_LOCALE)/*/LC_MESSAGES/desk.po))
TEMPLATES := statusgen/theme/compiled/.made
CLIENTS := tests/clients/.venv/.installed
MAILMAN := benchmarks/mailman/.venv/.installed
NODE := tests/node/node_modules/.package-lock.json
ELEVENTY := benchmarks/peers/node_modules/.package-lock.json

# What the tests start, each with the Debian package that brings it. (With g++ come gcc and the headers of C.)
PROGRAMS := chromium:chromium java:default-jre-headless node:nodejs npm:npm \
	nginx:nginx-light apache2:apache2 caddy:caddy newsboat:newsboat \
	ssh-keygen:openssh-client sshd:openssh-server openssl:openssl gpg:gnupg minisign:minisign \
	curl:curl jq:jq g++:g++ git:git rsync:rsync rclone:rclone zsh:zsh fish:fish systemd-analyze:systemd

.PHONY: site docs test torture fuzz catalogs format sbom dist peers clean programs
.DELETE_ON_ERROR:

site: .venv/.runtime $(MO) $(TEMPLATES)
	.venv/bin/statusgen build
	@echo "Open $(CURDIR)/site/index.html in a browser."

test: programs .venv/.development $(CLIENTS) $(NODE) $(MO) $(TEMPLATES)
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/pytest

# -W: a warning, such as a link that leads nowhere, is a mistake.
docs: .venv/.development
	.venv/bin/sphinx-build -q -W --keep-going --fresh-env -d dist/.docs docs dist/docs
	@echo "Open $(CURDIR)/dist/docs/index.html in a browser."

torture: programs .venv/.development $(CLIENTS) $(MAILMAN) $(NODE) $(MO) $(TEMPLATES)
	nice -n 15 env $(UV) run --frozen --group fuzz --python .tools/bin/python python -m benchmarks.torture

fuzz: .venv/.development
	nice -n 15 env $(UV) run --frozen --group fuzz --python .tools/bin/python python benchmarks/fuzz.py

# For a new language, run it, then: .venv/bin/pybabel init -l vi -D statusgen -d $(LOCALE) -i $(LOCALE)/statusgen.pot
catalogs: .venv/.runtime
	@mkdir -p $(LOCALE)
	.venv/bin/pybabel -q extract -F pyproject.toml --project=statusgen --add-comments=Translators: \
		--add-location=file --no-wrap --sort-by-file -o $(LOCALE)/statusgen.pot statusgen
	$(if $(MO),.venv/bin/pybabel -q update --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --no-wrap -D statusgen -d $(LOCALE) -i $(LOCALE)/statusgen.pot)
	@mkdir -p $(DESK_LOCALE)
	.venv/bin/pybabel -q extract -F statusgen/desk/babel.toml -k English --project=statusgen --add-location=file \
		--no-wrap --sort-by-file -o $(DESK_LOCALE)/desk.pot statusgen
	.venv/bin/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap \
		-D desk -d $(DESK_LOCALE) -i $(DESK_LOCALE)/desk.pot
	$(if $(MO),@$(MAKE) --no-print-directory $(MO))

format: .venv/.development
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

# CycloneDX 1.5 (https://cyclonedx.org/), from uv.lock: what `pip install "statusgen[compress,import,notify,publish,sign]"` brings.
sbom: .tools/.uv-$(UV_VERSION)
	@mkdir -p dist
	$(UV) export --quiet --frozen --no-dev --all-extras --format cyclonedx1.5 --python .tools/bin/python \
		--output-file dist/statusgen.cdx.json
	@echo "dist/statusgen.cdx.json lists what statusgen is made of."

# Anybody who builds it from the same files gets the same wheel and sdist.
dist: sbom
	rm -f dist/*.whl dist/*.tar.gz dist/SHA256SUMS
	$(UV) build --quiet --python .tools/bin/python --out-dir dist
	cd dist && sha256sum *.whl *.tar.gz *.cdx.json > SHA256SUMS

peers: .venv/.development $(ELEVENTY)
	$(UV) sync --frozen --project benchmarks/peers --python .tools/bin/python
	UV_PROJECT_ENVIRONMENT=benchmarks/peers/.statusgen $(UV) sync --frozen --no-dev --python .tools/bin/python

clean:
	rm -rf .tools .venv dist site tests/node/node_modules tests/clients/.venv benchmarks/mailman/.venv benchmarks/peers/.venv benchmarks/peers/.statusgen benchmarks/peers/node_modules .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf $(MO) $(LOCALE)/statusgen.pot $(DESK_LOCALE)/desk.pot statusgen/theme/compiled
	find statusgen tests -name __pycache__ -prune -exec rm -rf {} +

# The files below whose names begin with a dot tell make when a set-up was last done.

.tools/.uv-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "This needs Python 3.11 or newer.")'
	$(PYTHON) -m venv --clear .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

# --inexact: what the tests need may stay.
.venv/.runtime: pyproject.toml uv.lock hatch_build.py .tools/.uv-$(UV_VERSION)
	$(UV) sync --frozen --no-dev --inexact --python .tools/bin/python
	@touch $@

.venv/.development: .venv/.runtime
	$(UV) sync --frozen --python .tools/bin/python
	@touch $@

# Installing statusgen compiles them too, but only the first time; this sees every change.
%.mo: %.po | .venv/.runtime
	.venv/bin/pybabel -q compile -i $< -o $@

# Installing statusgen compiles these too; without them, builds only take longer.
$(TEMPLATES): uv.lock statusgen/theme/environment.py $(wildcard statusgen/theme/templates statusgen/theme/templates/*) | .venv/.runtime
	.venv/bin/python -m statusgen.theme.environment
	@touch $@

$(CLIENTS): tests/clients/pyproject.toml tests/clients/uv.lock .tools/.uv-$(UV_VERSION)
	$(UV) sync --frozen --project tests/clients --python .tools/bin/python
	@touch $@

$(MAILMAN): benchmarks/mailman/pyproject.toml benchmarks/mailman/uv.lock .tools/.uv-$(UV_VERSION)
	$(UV) sync --frozen --project benchmarks/mailman --python .tools/bin/python
	@touch $@

$(NODE) $(ELEVENTY): %/node_modules/.package-lock.json: %/package.json %/package-lock.json %/.npmrc | programs
	cd $* && npm ci
	@touch $@

programs:
	@missing=; for each in $(PROGRAMS); do \
		PATH=$$PATH:/usr/sbin command -v $${each%:*} >/dev/null || missing="$$missing $${each#*:}"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	command -v apt-get >/dev/null || { \
		echo "The tests need these Debian packages, or what they are called on your system:$$missing" >&2; \
		exit 1; \
	}; \
	[ "$$(id -u)" = 0 ] && sudo= || sudo=sudo; \
	set -x; \
	$$sudo apt-get update -q && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing
