# Everything that is done with this project. `make help` lists it.

GO           ?= go
PORT         ?= 8080
RUNS         ?= 1
SEEDS        ?= 20
SEED         ?= 1
VERSION      ?= $(shell git describe --tags --always 2>/dev/null || echo dev)
BROTLI       ?= 11
FUZZTIME     ?= 5m
# What a page may load, in bytes of brotli.
SIZE_BUDGET  ?= 1350000

GOLANGCI     := bin/golangci-lint-2.15.0
PEBBLE       := bin/pebble-2.8.0
GOFUMPT      := $(GO) run mvdan.cc/gofumpt@v0.12.0
JS           := GOOS=js GOARCH=wasm
NODE_EXEC    := $(shell $(GO) env GOROOT)/lib/wasm/go_js_wasm_exec
# The longest first: nothing waits for it at the end.
NATIVE       := ./server/signaling ./wasm/engine ./wasm/signaling ./wasm/rtc ./wasm/media $(filter-out %/e2e %/signaling,$(shell $(GO) list ./server/...))

.PHONY: help build bundle run test test-native test-js e2e chaos faults hidden check lint bench size fmt clean chromium firefox

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: bundle ## build bin/expressrtc, one self-contained file
	$(GO) build -trimpath -ldflags="-s -w -X main.version=$(VERSION)" -o bin/expressrtc ./server

DESTDIR ?=
.PHONY: install
install: # put it onto this host: the program, its unit, its configuration and its user (as root; DESTDIR=… for elsewhere)
	@[ -x bin/expressrtc ] || { echo "make: run make build first"; exit 1; }
	@[ -n "$(DESTDIR)" ] || id -u expressrtc >/dev/null 2>&1 || useradd --system --user-group --home-dir /var/lib/expressrtc --shell /usr/sbin/nologin expressrtc
	install -D -m 755 bin/expressrtc $(DESTDIR)/usr/local/bin/expressrtc
	install -D -m 644 server/deploy/expressrtc.service $(DESTDIR)/etc/systemd/system/expressrtc.service
	[ -e $(DESTDIR)/etc/expressrtc/expressrtc.yaml ] || install -D -m 644 server/deploy/expressrtc.yaml $(DESTDIR)/etc/expressrtc/expressrtc.yaml
	install -d -m 700 $(if $(DESTDIR),,-o expressrtc -g expressrtc) $(DESTDIR)/var/lib/expressrtc

.PHONY: package
package: ## make the npm package, bin/expressrtc-….tgz
	$(GO) run ./server/web/bundle -package bin

.PHONY: coverage
coverage: ## write into README.md which methods of the contract are there
	$(GO) run ./server/web/bundle -coverage

.PHONY: settings
settings: ## write into README.md the settings of the server
	EXPRESSRTC_README=1 $(GO) test -count=1 -run='^TestReadmeSettings$$' ./server

bundle: # the SDK and the pages, compressed, where the server embeds them
	$(GO) run ./server/web/bundle -q $(BROTLI)

run test e2e chaos faults hidden: BROTLI = 9 # quick to make; what is shipped or measured is 11

run: build ## build and start a call on http://localhost:8080 (PORT=… for another port)
	bin/expressrtc serve --addr 127.0.0.1:$(PORT)

test: test-native test-js e2e ## run all tests; installs Chromium and Firefox where they are missing and may be

test-native: node coturn $(PEBBLE) # everything that needs no browser, under the race detector
	$(GO) test -race -count=1 -parallel=16 $(NATIVE)

test-js: node # what is compiled for the browser only, under node
	$(JS) $(GO) test -count=1 -exec="$(NODE_EXEC)" ./wasm/bind ./wasm/jsx ./wasm/media ./wasm/rtc

e2e: bundle chromium firefox npm ## run the browser tests (RUNS=10 for ten times in a row; BROWSER=firefox for all in Firefox)
	EXPRESSRTC_BROWSER=$(BROWSER) $(GO) test -count=$(RUNS) -parallel=3 -timeout=$(if $(filter-out 1,$(RUNS))$(BROWSER),240m,40m) ./server/e2e

SCREENS ?= /tmp/expressrtc-screens
.PHONY: screens
screens: BROTLI = 9
screens: bundle chromium npm ## look at every state of the pages in all sizes, colours and languages; pictures in SCREENS (PAGES=Call for some tests)
	mkdir -p $(SCREENS)
	EXPRESSRTC_SCREENS=$(SCREENS) $(GO) test -run='^TestPages$(PAGES)' -count=1 -parallel=1 -timeout=40m ./server/e2e

.PHONY: picture
picture: BROTLI = 9
picture: bundle chromium # take the picture of a call that README.md shows
	EXPRESSRTC_PICTURE=1 $(GO) test -run='^TestReadmePicture$$' -count=1 ./server/e2e

chaos: bundle chromium ## break lines and servers under clients, half a minute a seed (SEEDS=20; SEED=… is the first)
	EXPRESSRTC_SEEDS=$(SEEDS) EXPRESSRTC_SEED=$(SEED) $(GO) test -run='^TestChaos$$' -count=1 -timeout=60m -v ./server/e2e

faults: bundle chromium ## run the long forms of the tests of attacks, and of lost servers, lines, pages and paths in browsers
	EXPRESSRTC_FULL=1 $(GO) test -race -run='^Test(Attacks|Knocks|LogSaysItOnce)$$' -count=1 ./server/signaling
	EXPRESSRTC_FULL=1 $(GO) test -run='^Test(Cut|HalfOpen|Logout|Restart|Update|Leave|Reload|BrowserKilled|Frozen|BackForward|Path|FirefoxPath)' -count=1 -timeout=60m ./server/e2e

hidden: bundle chromium ## leave pages hidden for ten minutes, with and without a call
	EXPRESSRTC_FULL=1 $(GO) test -run='^TestHidden$$' -count=1 -timeout=60m -v ./server/e2e

check: fmt-check lint test-native ## what every commit must pass: format, lint, native tests

.PHONY: fmt-check
fmt-check:
	@out=$$($(GOFUMPT) -l server wasm); if [ -n "$$out" ]; then echo "not formatted (make fmt):"; echo "$$out"; exit 1; fi

lint: $(GOLANGCI) ## lint for both targets
	$(GOLANGCI) run ./...
	$(JS) $(GOLANGCI) run ./wasm/...

# A binary, because go run would build it for the browser too.
$(GOLANGCI):
	GOBIN=$(CURDIR)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	mv bin/golangci-lint $@

.PHONY: fuzz
fuzz: ## fuzz frames, the SDK's JSON, whole connections, headers of proxies, tokens and requests of apps' servers, FUZZTIME (5m) each
	$(GO) test -run=NONE -fuzz=FuzzDecode -fuzztime=$(FUZZTIME) -fuzzminimizetime=10x ./server/protocol
	$(GO) test -run=NONE -fuzz=FuzzSameAsStandard -fuzztime=$(FUZZTIME) -fuzzminimizetime=10x ./server/protocol/json
	$(GO) test -run=NONE -fuzz=FuzzConnection -fuzztime=$(FUZZTIME) -fuzzminimizetime=10x ./server/signaling
	$(GO) test -run=NONE -fuzz=FuzzForwarded -fuzztime=$(FUZZTIME) -fuzzminimizetime=10x ./server/web
	$(GO) test -run=NONE -fuzz=FuzzVerify -fuzztime=$(FUZZTIME) -fuzzminimizetime=10x ./server/auth
	$(GO) test -run=NONE -fuzz=FuzzRequests -fuzztime=$(FUZZTIME) -fuzzminimizetime=10x ./server/api

bench: bundle chromium ## print the benchmarks, each beside its floor
	$(GO) test -run=NONE -bench=. -benchtime=1x -timeout=30m ./server/e2e

size: ## print what a page loads, and fail over the budget
	$(GO) run ./server/web/bundle -q 11 -size -budget $(SIZE_BUDGET)

fmt: ## format the code
	$(GOFUMPT) -w server wasm

clean: ## remove what was built
	rm -rf bin/expressrtc server/web/dist/[!.]* server/web/dist/.quality

# An authority for the tests of ACME, outside of go.mod. Where it cannot be had they are skipped.
$(PEBBLE):
	@GOBIN=$(CURDIR)/bin $(GO) install github.com/letsencrypt/pebble/v2/cmd/pebble@v2.8.0 && mv bin/pebble $@ || \
		echo "make: pebble cannot be built: the tests of ACME are skipped"

# What the tests need beside Go: installed where it is missing and we may.
chromium:
	@[ -n "$$CHROMIUM" ] || $(call need,chromium,chromium,the browser tests)

# Firefox comes with a sound card that nobody hears: it runs no AudioContext without one.
firefox:
	@[ -n "$$FIREFOX" ] || $(call need,firefox-esr,firefox-esr,the browser tests)
	@[ -n "$$PULSEAUDIO" ] || $(call need,pulseaudio,pulseaudio,the browser tests in Firefox)

.PHONY: coturn
coturn:
	@($(call need,turnutils_uclient,coturn,the test of the relay)) || echo "make: that test is skipped"

.PHONY: npm
npm:
	@$(call need,npm,npm,the tests of the npm package)

.PHONY: node
node:
	@$(call need,node,nodejs,the tests of what is compiled for the browser)

need = command -v $(1) >/dev/null || { \
	[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(2) >/dev/null; \
	} || { echo "make: $(1) is missing, which $(3) need: install Debian's package $(2) (sudo apt-get install $(2))"; exit 1; }
