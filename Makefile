# Tallyhouse. `make` prints what there is to make.
#
# demo and up run the optimised build (about ten minutes the first time); test and check share the
# debug build (about six). Each is built at most once.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: help setup build demo up screenshots test unit topics check format faults mutants bench fuzz clean

# How many orders the day has, and the seed of its random numbers.
ORDERS ?= 1000
SEED ?= 1
# How long `make fuzz` goes on.
SECONDS_OF_FUZZ ?= 60
# How many workers `make faults` kills, and among how many orders unless ORDERS says.
KILLS ?= 50
FAULT_ORDERS := $(if $(filter file undefined,$(origin ORDERS)),20000,$(ORDERS))
# Where `make up` keeps its data.
DATA ?= .tally
export ORDERS SEED

TALLY := .build/release/tally
# Standard output belongs to the program; what the build says goes to standard error.
BUILD := source scripts/env && swift build -c release --product tally 1>&2

help: ## Print this help
	@echo "Tallyhouse: orders, callbacks, reconciliation and settlement of a payment channel."
	@echo
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' \
	  | expand -t 18
	@echo
	@echo "  ORDERS=n and SEED=n set the size and the seed of the demo's day."
	@echo "  DATA=folder is where 'make up' keeps its data (.tally)."
	@echo "  KILLS=n, ORDERS=n (20000) and SEED=n set the size and the seed of the faults;"
	@echo "  FAULTS=options passes more on (FAULTS=--help)."
	@echo "  KEEP=1 leaves the demo's stack up after its day."
	@echo "  KAFKA_HOME=DIR runs demo, up, test, faults and bench on the Apache Kafka distribution"
	@echo "  in DIR instead of the embedded broker; TALLY_KAFKA_NODES=3 starts three nodes of it."

setup: ## Install what is missing: system packages, the embedded broker
	@scripts/setup

build: ## Build tally, optimised (about ten minutes the first time)
	@scripts/setup
	@$(BUILD)

demo: ## Play one business day on the embedded stack; the last line is one JSON object
	@scripts/setup 1>&2
	@$(BUILD)
	@source scripts/env && exec $(TALLY) demo --orders "$(ORDERS)" --seed "$(SEED)" \
	  $(if $(filter-out 0,$(KEEP)),--keep)

up: ## Run the embedded stack until Ctrl-C; prints its URLs, sample merchants and first commands
	@scripts/setup 1>&2
	@$(BUILD)
	@source scripts/env && exec $(TALLY) up --data "$(DATA)"

screenshots: ## Write every page of the console as images into screenshots/, from a stack of its own
	@scripts/setup 1>&2
	@$(BUILD)
	@TALLY=$(TALLY) scripts/screenshots

test: ## Set up and run every test that CI runs
	@scripts/setup
	@$(MAKE) --no-print-directory topics
	@scripts/test

unit: ## Run the tests that need no server, in seconds
	@scripts/setup
	@scripts/test unit

topics: ## Check every topic's example against its schema
	@scripts/setup
	@.tally-tools/python/bin/python scripts/check-topics

check: ## Check the format; build everything with warnings as errors
	@scripts/setup
	@swift format lint --strict --recursive --parallel Package.swift Core Workers topics Tests
	@source scripts/env && swift build --build-tests

format: ## Format the Swift sources in place
	@swift format --in-place --recursive --parallel Package.swift Core Workers topics Tests

faults: ## Kill workers, break their database and broker, prove nothing is lost or doubled
	@scripts/setup 1>&2
	@source scripts/env && swift build --product tally 1>&2 && swift build --product faults 1>&2
	@source scripts/env && exec .build/debug/faults --kills "$(KILLS)" --orders "$(FAULT_ORDERS)" \
	  --seed "$(SEED)" $(FAULTS)

mutants: ## Prove that the tests notice each change listed in Tests/Mutants (MUTANTS=words: some)
	@scripts/setup 1>&2
	@scripts/mutants $(MUTANTS)

bench: ## Measure the hot paths, beside two Python consumers and PostgreSQL alone; prints ratios
	@scripts/setup 1>&2
	@source scripts/env && swift build -c release --product tally 1>&2 \
	  && swift build -c release --product bench 1>&2
	@source scripts/env && exec .build/release/bench $(BENCH)

fuzz: ## Feed the JSON reader what libFuzzer thinks of, for SECONDS_OF_FUZZ (60)
	@mkdir -p .build/fuzz
	@swiftc -O -sanitize=fuzzer -parse-as-library -swift-version 6 -o .build/fuzz/json \
	  Core/Events/JSON/JSONCursor.swift Core/Events/JSON/JSONText.swift \
	  Core/Events/JSON/Hexadecimal.swift Core/Events/JSON/JSONDepth.swift \
	  Core/Events/JSON/EventCodec.swift \
	  Tests/Fuzz/FuzzJSONCursor.swift
	@mkdir -p .build/fuzz/corpus && SWIFT_BACKTRACE=enable=no .build/fuzz/json \
	  -max_total_time="$(SECONDS_OF_FUZZ)" -max_len=400 -artifact_prefix=.build/fuzz/ \
	  .build/fuzz/corpus Tests/Fuzz/corpus

clean: ## Remove what was built; keeps .tally-tools and .tally
	@rm -rf .build
