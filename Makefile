SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help demo test fuzz lint format test-python bench bench-laws bench-heldout bench-replay bench-readers bench-curves bench-optimizers bench-telemetry sanitize test-fresh python-tools clean set-up build build-tests FORCE

# One configuration for the demo and the tests, so that nothing is compiled twice.
flags := --configuration release
formatted := Sources Tests Package.swift

engine-tests := '^(TensorsTests|ProxyModelsTests|OptimizersTests|TrainingTests)\.'

# A deleted file shows only in the date of its folder, so the folders count as sources.
sources := Package.swift $(shell find Sources)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

demo: build ## install what is missing, build, run the quickstart
	@.build/release/vernier quickstart

# Left to build by itself, `swift test` would compile everything again, for testable imports. The
# tests use Swift Testing alone; XCTest would add a summary of its own that counts none.
test: build-tests ## install what is missing, build, run every test
	@swift test $(flags) --skip-build --disable-xctest

lint: set-up ## check the formatting, strictly
	@swift format lint --strict --parallel --recursive $(formatted)

format: set-up ## rewrite the sources in the house format
	@swift format --in-place --parallel --recursive $(formatted)

fuzz: build-tests ## import damaged logs, as many as INPUTS (1000000)
	@VERNIER_FUZZ_INPUTS=$(or $(INPUTS),1000000) \
	  swift test $(flags) --skip-build --disable-xctest --filter ImporterFuzzTests

test-python: build-tests ## compare with PyTorch, the readers of logging tools and optimizers, as far as pip finds them
	@Scripts/install-trackers || true; Scripts/install-optimizers || true; python=$$PWD/.venv/bin/python; \
	"$$python" -c '' || { echo "Skipped: there is no Python in .venv." >&2; exit 0; }; \
	! "$$python" -c 'import numpy, safetensors, torch' 2>/dev/null || export VERNIER_ORACLE=$$python; \
	! "$$python" -c 'import torch' 2>/dev/null || export VERNIER_OPTIMIZERS=$$python; \
	VERNIER_TRACKERS=$$python \
	  swift test $(flags) --skip-build --disable-xctest --filter '(OracleTests|ToolReaderTests|ReferenceTests)'

bench: build ## measure fits, and training in tokens per second, beside PyTorch if it is installed
	@failed=; for part in laws engine; do \
	  .venv/bin/python Benchmarks/$$part.py || failed=1; \
	done; test -z "$$failed"

bench-heldout: build ## score fits on more splits of the public sweeps in ../shared
	@.venv/bin/python Benchmarks/heldout.py

bench-curves: build ## predict the public loss curves in ../shared beside what is published for them
	@.venv/bin/python Benchmarks/curves.py

bench-replay: build ## replay vernier plan against random, halving, TPE and grids on a table in ../shared
	@.venv/bin/python -m pip install -qq --disable-pip-version-check optuna
	@.venv/bin/python Benchmarks/replay.py $(SEEDS)

bench-readers: build ## read large logs beside the readers of the tools that write them (minutes)
	@Scripts/install-trackers || true
	@.venv/bin/python Benchmarks/readers.py --folder .build/logs

bench-optimizers: build ## measure steps of every optimizer, beside PyTorch if it is installed
	@.venv/bin/python Benchmarks/optimizers.py

bench-telemetry: build ## measure what it costs to look at the weights on the way
	@.venv/bin/python Benchmarks/telemetry.py

bench-laws: build ## measure fits alone: time, memory and how far noise moves their answer
	@.venv/bin/python Benchmarks/laws.py

# Each sanitizer needs a build of its own, in a folder of its own so that nothing else is built again.
# Tests that start processes are left out: Foundation leaks a little for each.
sanitize: set-up ## run the engine's tests under the thread and the address sanitizer
	@for sanitizer in thread address; do \
	  options="$(flags) --sanitize $$sanitizer --scratch-path .build/$$sanitizer"; \
	  swift build $$options --build-tests && swift test $$options --skip-build --disable-xctest \
	    --filter $(engine-tests) --skip FullDiskTests || exit 1; \
	done

test-fresh: ## run the demo (TEST=1: and the tests) in a bare system; as root; KEEP=1 keeps it
	@Scripts/test-fresh

python-tools: set-up ## add numpy, scipy and pandas to .venv, which scoring on public sweeps needs
	@.venv/bin/python -m pip install -qq --disable-pip-version-check numpy scipy pandas

clean: ## remove what the build and the demo wrote
	rm -rf .build vernier-quickstart

set-up: .build/toolchain

build: .build/built

build-tests: set-up
	@swift build $(flags) --build-tests

# The stamp gets the date at which the build began: a file saved meanwhile is still newer.
.build/built: $(sources) .build/toolchain
	@touch $@.new
	@swift build $(flags)
	@mv $@.new $@

# Rewritten only when another toolchain is in use, and only then is anything built again.
.build/toolchain: FORCE
	@Scripts/set-up $@
