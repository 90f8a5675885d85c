# `make run` builds and serves the demo; `make test` runs every test; both install what cargo needs.
.PHONY: run test fmt

run:
	cargo run --locked -p aerocall-cli -- serve --demo

test:
	cargo fmt --all --check
	cargo test --locked --workspace

fmt:
	cargo fmt --all
