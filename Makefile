# Everything here is one or two commands that you could as well type. "make check" is exactly what CI runs.
#
# Two cores, nothing cached: check takes about nine minutes, most of it compiling the Graph SDK and the queue once
# plainly (build, fix and lint share that) and once with the race detector.

GO       ?= go
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
FUZZTIME ?= 10s
ARGS     ?=

# How the program is built for production. What only reads the code is told the same, so that it finds the
# compiled packages in the cache.
PLAIN   := CGO_ENABLED=0 GOFLAGS="$(GOFLAGS) -trimpath"
LDFLAGS := -s -w -X main.version=$(VERSION)
LINT    := $(PLAIN) $(GO) tool -modfile=tools/go.mod golangci-lint

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: ## play the conversations against the sandbox, no tenant needed (ARGS="--story NAME")
	$(GO) run . demo $(ARGS)

.PHONY: build
build: ## build bin/signpost, static
	$(PLAIN) $(GO) build -ldflags "$(LDFLAGS)" -o bin/signpost .

.PHONY: test
test: ## run the tests
	$(GO) test ./...

.PHONY: race
race: ## run the tests with the race detector (needs a C compiler); vet is part of lint
	CGO_ENABLED=1 $(GO) test -race -vet=off ./...

.PHONY: lint
lint: ## vet, the rules between rooms, formatting and the other linters
	$(LINT) config verify
	$(LINT) run ./...

.PHONY: format
format: ## format the code and apply what go fix suggests
	$(PLAIN) $(GO) fix ./...
	$(LINT) fmt ./...

.PHONY: tidy
tidy: ## check that go.mod is tidy
	$(GO) mod tidy -diff

.PHONY: fix
fix: ## check that go fix has nothing to suggest
	$(PLAIN) $(GO) fix -diff ./...

# One after the other, even under "make -j": two compilers at a time gain nothing here and mix their output.
.PHONY: check
check: ## all that CI checks: tidy, build, fix, lint, race
	@set -e; for step in tidy build fix lint race; do \
		echo "== $$step"; $(MAKE) --no-print-directory -j1 $$step; \
	done

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (10s)
	@grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sort | \
	while IFS=: read -r file name; do \
		dir=$$(dirname "$$file"); name=$${name#func }; \
		echo "== $$dir $$name"; \
		$(GO) test -run='^$$' -fuzz="^$$name\$$" -fuzztime=$(FUZZTIME) "$$dir" || exit 1; \
	done

.PHONY: bench
bench: ## run the benchmarks
	$(GO) test -run='^$$' -bench=. -benchmem ./...

.PHONY: chaos
chaos: ## kill the queue's process 300 times while it works, and count what was lost or done twice
	SIGNPOST_KILLS=300 $(GO) test -count=1 -v -run Kill -timeout 20m ./queue

.PHONY: cover
cover: ## write coverage.out and print the coverage of each function
	$(GO) test -coverprofile=coverage.out ./...
	$(GO) tool cover -func=coverage.out

# Chromium and npm's packages draw them; neither is needed for anything else, so "check" stays without.
.PHONY: cards
cards: ## draw the answers to typical cases, docs/cards/*.png (needs node; installs Chromium where apt-get is)
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || apt-get install -y chromium fonts-noto-core fonts-noto-cjk
	npm --prefix tools/cards ci --silent --no-audit --no-fund
	@rm -rf bin/cards && mkdir -p bin/cards docs/cards
	SIGNPOST_CARDS="$(CURDIR)/bin/cards" $(GO) test -count=1 -run TestTypicalCasesBecomeCards ./diagnosis
	node tools/cards/draw.mjs bin/cards docs/cards

.PHONY: vuln
vuln: ## look for known vulnerabilities in what we call (asks the Go vulnerability database)
	$(GO) tool -modfile=tools/go.mod govulncheck ./...

.PHONY: clean
clean: ## remove what make has made
	rm -rf bin coverage.out
