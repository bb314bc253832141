# make serve    the page on http://127.0.0.1:8080 (PORT=… for another port)
# make test     everything that CI runs
# Both set up what they need first (scripts/setup); what is there already is skipped.

PORT ?= 8080

# Tools that scripts/setup installed stand before the machine's.
export PATH := $(CURDIR)/.tools/bin:$(PATH)
export CARGO_TERM_COLOR ?= auto
# trunk reads NO_COLOR as an option and does not understand "1".
unexport NO_COLOR

WASM := --target wasm32-unknown-unknown --features web

.PHONY: help serve test bench dist release fuzz deny setup-page setup-tests setup-fuzz setup-deny lint test-host test-wasm test-page clean

help:
	@sed -n '1,/^$$/s/^# //p' Makefile

serve: setup-page dist/index.html
	@node scripts/serve.mjs dist --port $(PORT)

# The page and the command line as archives with checksums, in target/release-files.
release: export OOMSCOPE_BUILD := $(shell git rev-parse --short=12 HEAD)
release: dist
	@scripts/release

# The page as files for any static host, below any path.
dist: setup-page dist/index.html

test: setup-tests lint test-host test-wasm test-page

bench: setup-tests dist/index.html
	@scripts/bench

# Every fuzz target, so many seconds each.
fuzz: setup-fuzz
	@tests/fuzz/run all $(or $(SECONDS_EACH),600)

# Licences, sources, and known faults of all that is built in (deny.toml). What is known of faults comes from the network.
deny: setup-deny
	cargo deny --locked check

setup-page setup-tests setup-fuzz setup-deny:
	@scripts/setup $(@:setup-%=%)

lint:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked -p oomscope-bench -- -D warnings
	cargo clippy --locked --features first --bin first -- -D warnings
	cargo clippy --locked $(WASM) --lib --bin app --bin embed --test web --test worker -- -D warnings
	cargo clippy --locked $(WASM) -p oomscope-bench -- -D warnings
	cargo clippy --locked --target wasm32-unknown-unknown -p oomscope-worker -- -D warnings

# Then every case at every place, optimised.
test-host:
	cargo test --locked
	node --test tests/release/*.test.mjs
	OOMSCOPE_EXHAUSTIVE=1 cargo test --locked --profile exhaustive --test cuts --test encodings --test ordinary --test pairs

test-wasm:
	WASM_BINDGEN_TEST_WEBDRIVER_JSON=tests/webdriver.json cargo test --locked $(WASM) --test web --test worker

# The built page below a sub-path, as a static host serves it.
test-page: dist/index.html
	node --test tests/e2e/*.test.mjs

# Addresses in the page are relative (Trunk.toml), so that one build serves everywhere.
dist/index.html: $(shell find src derive worker yew static index.html CHANGELOG.md scripts/finish.mjs scripts/first.mjs scripts/one-file.mjs scripts/offline.mjs Trunk.toml Cargo.toml Cargo.lock rust-toolchain.toml .cargo -type f 2>/dev/null)
	cargo fetch --locked
	trunk build --release --offline --locked
	@touch $@

clean:
	rm -rf dist target
