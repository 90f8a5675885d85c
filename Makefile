# `make run` builds and serves the demo; `make test` runs every check. Both look first whether what they need is there.
CARGO_DENY = 0.20.2
TOOLS = $(CURDIR)/target/tools
BENCHES = $(if $(B),$(B),$(basename $(notdir $(wildcard benches/src/bin/*.rs))))
# Folders with a package.json whose packages are needed: tools, types, the corpus, programs that tests talk to.
WEB = tests/web tests/packages tests/peers $(patsubst %/package.json,%,$(wildcard sdk-js/package/package.json))
export PATH := $(TOOLS)/bin:$(PATH)
.PHONY: run test setup web cargo-deny lint fmt test-rust test-web test-peers test-postgres deny engine-check engine-rebuild bench

run:
	@tests/prerequisites.sh run
	@# As the tests build it: `cargo run -p` would choose other features and build most crates a second time.
	cargo build --locked --workspace --bin aerocall
	exec "$${CARGO_TARGET_DIR:-target}/debug/aerocall" serve --demo

test: setup lint test-web engine-check deny test-rust test-postgres test-peers

# What the checks need: programs looked for, npm packages and cargo-deny installed.
setup: web cargo-deny
	@tests/prerequisites.sh test

cargo-deny:
	@cargo deny --version 2>/dev/null | grep -qF $(CARGO_DENY) || \
	  cargo install --locked --debug --root $(TOOLS) --target-dir target/tools/build cargo-deny@$(CARGO_DENY)

# `npm ci` where the lock file has changed since.
web: $(WEB:%=%/node_modules/.package-lock.json)
%/node_modules/.package-lock.json: %/package-lock.json
	@tests/prerequisites.sh test
	npm ci --prefix $* --no-audit --no-fund --loglevel=error
	@touch $@

lint:
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

fmt:
	cargo fmt --all
	cargo fmt --manifest-path sdk-js/engine/Cargo.toml

test-rust: web
	cargo test --locked --workspace

# The server's tests once more, with the core store on PostgreSQL.
test-postgres: web
	tests/on-postgres.sh

# JavaScript and TypeScript: types and lints.
test-web: web
	tests/web/check.sh

# A running server as others see it: jose and PyJWT on its tokens, standardwebhooks on its webhooks, schemathesis on its
# OpenAPI document.
test-peers: web
	cargo build --locked --workspace --bin aerocall
	tests/peers/check.sh

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

# All benches, or one: make bench B=hook_call
bench:
	@tests/prerequisites.sh run
	@set -e; for bench in $(BENCHES); do cargo run --release --locked -p aerocall-benches --bin $$bench; done
