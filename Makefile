# `make run` builds and serves the demo; `make test` runs every check. Both look first whether what they need is there.
CARGO_DENY = 0.20.2
NEXTEST = 0.9.143
BENCHES = $(if $(B),$(B),$(filter-out mod,$(basename $(notdir $(wildcard benches/src/measures/*.rs)))))
# Folders with a package.json whose packages are needed: tools, types, the corpus, programs that tests talk to.
WEB = tests/web tests/packages tests/peers $(patsubst %/package.json,%,$(wildcard sdk-js/package/package.json))
# How nextest runs the tests: a profile of .config/nextest.toml.
PROFILE = default
export PATH := $(CURDIR)/target/tools/bin:$(PATH)
# Tests wait for services, timers and each other as much as they work.
export NEXTEST_TEST_THREADS ?= $(shell expr 2 \* $$(nproc))
# What tests write is thrown away: in memory, where there is room for it, so that no commit of theirs waits for a disk.
MEMORY = $(shell [ "$$(df -Pk /dev/shm 2>/dev/null | awk 'END { print $$4 }')" -ge 4000000 ] && echo /dev/shm)
test-rust test-postgres: export TMPDIR := $(or $(MEMORY),$(TMPDIR),/tmp)
.PHONY: run admin test setup web cargo-deny nextest fmt-check lint fmt build-tests test-rust test-sdk-rust test-web test-peers test-admin \
  test-postgres soak deny engine-check engine-rebuild ai-eval bench

# LINTED=1: the workspace's crates are built by clippy, so that lints, tests and programs are one build. A warning is an error.
ifdef LINTED
export RUSTC_WORKSPACE_WRAPPER = clippy-driver
export CLIPPY_ARGS = -Dwarnings
endif

run: admin
	@tests/prerequisites.sh run
	@# As the tests build it: `cargo run -p` would choose other features and build most crates a second time.
	cargo build --locked --workspace --bin aerocall
	exec "$${CARGO_TARGET_DIR:-target}/debug/aerocall" serve --demo

# The admin in the browser, which the next build puts into the program. Nothing is done where nothing changed.
admin:
	@tests/prerequisites.sh run
	$(if $(wildcard admin/build.sh),admin/build.sh)

test: setup lint test-web engine-check deny test-rust test-sdk-rust test-postgres test-peers test-admin

# What the checks need: programs looked for, npm packages, cargo-deny and nextest installed.
setup: web cargo-deny nextest
	@tests/prerequisites.sh test

cargo-deny:
	@tests/tool.sh deny $(CARGO_DENY)

nextest:
	@tests/tool.sh nextest $(NEXTEST)

# `npm ci` where the lock file has changed since.
web: $(WEB:%=%/node_modules/.package-lock.json)
%/node_modules/.package-lock.json: %/package-lock.json
	@tests/prerequisites.sh test
	npm ci --prefix $* --no-audit --no-fund --loglevel=error
	@touch $@

fmt-check:
	cargo fmt --all --check

lint: fmt-check
	cargo clippy --locked --workspace --all-targets -- -D warnings

fmt:
	cargo fmt --all
	cargo fmt --manifest-path sdk-js/engine/Cargo.toml

# Everything that the tests run, and everything that clippy looks at.
build-tests:
	cargo build --locked --workspace --all-targets

test-rust: web nextest
	cargo nextest run --locked --workspace --profile $(PROFILE)

# The examples in the documents of the crate for hooks in Rust. In a folder of its own: with these crates alone, their dependencies
# have other features.
test-sdk-rust:
	cargo test --locked --doc --target-dir target/sdk-rust -p aerocall-hooks -p aerocall-hooks-macros

# The server's tests once more, with the core store on PostgreSQL.
test-postgres: web nextest
	tests/on-postgres.sh

# The tests that find what is rare, for as long as it takes to find it: before a release.
soak: web nextest
	tests/soak.sh

# JavaScript and TypeScript: types and lints.
test-web: web
	tests/web/check.sh

# A running server as others see it: jose and PyJWT on its tokens, standardwebhooks on its webhooks, schemathesis on its
# OpenAPI document.
test-peers: web
	cargo build --locked --workspace --bin aerocall
	tests/peers/check.sh

# The admin in the browser: types, lints, unit tests, and the built program driven in headless Chromium.
test-admin: admin
	cargo build --locked --workspace --bin aerocall
	admin/tests/run.sh

# Licences, sources and bans of everything built; advisories where their database can be had.
deny: cargo-deny
	cargo deny --locked check bans licenses sources
	cargo deny --locked --manifest-path sdk-js/engine/Cargo.toml --config deny.toml check bans licenses sources
	@tests/advisories.sh

# The engine crate is no part of the workspace: it is built for wasm with a profile of its own.
engine-check:
	cargo fmt --check --manifest-path sdk-js/engine/Cargo.toml
	tests/engine-clippy.sh

# Builds the engine anew and says whether it is, byte for byte, the committed one.
engine-rebuild:
	tests/engine-rebuild.sh

# How many tasks of tests/ai a model solves: make ai-eval MODEL=qwen3-coder:30b BASE_URL=http://127.0.0.1:11434/v1; see docs/assistant.md
PROVIDER = openai
ai-eval:
	cargo build --locked --workspace --bin aerocall
	@node tests/ai/run.mjs --model "$(MODEL)" --provider "$(PROVIDER)" --base-url "$(BASE_URL)" $(if $(KEY_ENV),--key-env "$(KEY_ENV)") \
	  --aerocall "$${CARGO_TARGET_DIR:-target}/debug/aerocall"

# All benches, or one: make bench B=hook_call
bench:
	@tests/prerequisites.sh run
	@set -e; for bench in $(BENCHES); do cargo run --release --locked -p aerocall-benches -- $$bench; done
