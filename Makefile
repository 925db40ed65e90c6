# smtpulse: make, make run, make test. Each installs what it needs from Debian.

ifeq ($(origin CC),default)
CC	:= gcc
endif
BUILD	?= build
PREFIX	?= /usr/local
DESTDIR	?=
UNITDIR	?= $(PREFIX)/lib/systemd/system
UNITS	:= smtpulse.service smtpulse-pull.service smtpulse-pull.socket
VERSION	:= 0.1.0
REVISION := $(shell git rev-parse --short HEAD 2>/dev/null || echo release)

BUILD_PACKAGES := gcc make pkg-config libc6-dev libmicrohttpd-dev \
	libinotifytools0-dev libjansson-dev libconfuse-dev libsqlite3-dev \
	libcurl4-gnutls-dev zlib1g-dev libsystemd-dev libpcre2-dev \
	libcrypt-dev libpsl-dev libgnutls28-dev
TEST_PACKAGES := git curl clang clang-tidy clang-format cppcheck \
	universal-ctags libcmocka-dev python3-pytest \
	python3-prometheus-client python3-yaml prometheus \
	prometheus-alertmanager \
	logrotate rsyslog systemd-journal-remote openssl iproute2 mandoc \
	chromium tmux pflogsumm systemd acl

CARE_PACKAGES := valgrind
BENCH_PACKAGES := mtail prometheus-postfix-exporter

PACKAGE_PACKAGES := git python3-pytest debhelper dpkg-dev fakeroot lintian \
	mmdebstrap

# --- flags ---------------------------------------------------------------
IS_CLANG := $(findstring clang,$(CC))
OPT	?= -O3
WARN	:= -Wall -Wextra -Werror -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
	-Wimplicit-fallthrough -Wundef
HARDEN	:= -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection=full -fPIE -fno-delete-null-pointer-checks \
	-fno-strict-overflow
ifeq ($(SAN),)
HARDEN	+= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(if $(IS_CLANG),2,3)
else
HARDEN	+= -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
endif
ifeq ($(IS_CLANG),)
HARDEN	+= -ftrivial-auto-var-init=zero
endif
# The program alone is optimised as a whole: the way of a line crosses many
# small files. Tests link the same objects without that.
ifeq ($(IS_CLANG)$(SAN),)
LTO	:= -flto=auto
HARDEN	+= $(LTO) -ffat-lto-objects
AR	:= gcc-ar
NO_LTO	:= -fno-lto
endif
LINK_HARDEN := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code

# Asked when first used, once: make itself may have to install them before.
HAVE_JOURNAL = $(eval HAVE_JOURNAL := $(shell pkg-config --exists \
	libsystemd 2>/dev/null && echo 1))$(HAVE_JOURNAL)
PKGS	= libmicrohttpd jansson libconfuse sqlite3 zlib libpcre2-8 \
	libpsl gnutls
# loaded when they are needed: agent/curl_load.c, agent/journal_load.c
CURL_SONAME = $(eval CURL_SONAME := $(shell objdump -p \
	$$($(CC) -print-file-name=libcurl.so) | \
	sed -n 's/ *SONAME *//p'))$(CURL_SONAME)

CPPFLAGS += -D_GNU_SOURCE -Iinclude -Iagent -Iparsers -I$(BUILD)/gen \
	-DCURL_SONAME='"$(CURL_SONAME)"' \
	-DSMTPULSE_VERSION='"$(VERSION)"' $(if $(HAVE_JOURNAL),-DWITH_JOURNAL)
CFLAGS	= -std=c11 -g $(OPT) $(WARN) $(HARDEN) -MMD -MP
LDLIBS	= $(shell pkg-config --libs $(PKGS)) -linotifytools -lcrypt -lpthread -lm

# --- what is built --------------------------------------------------------
SRC	:= $(filter-out parsers/reason_gen.c,$(sort \
	$(wildcard parsers/*.c agent/*.c)))
OBJ	:= $(SRC:%.c=$(BUILD)/obj/%.o)
LIBOBJ	:= $(filter-out $(BUILD)/obj/agent/main.o,$(OBJ))
LIB	:= $(BUILD)/libsmtpulse.a
UNIT	:= $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(sort \
	$(wildcard tests/unit/test_*.c)))
WORLD	:= $(sort $(wildcard tests/sim/world*.c))
SIM	:= $(patsubst tests/sim/%.c,$(BUILD)/tests/%,$(sort \
	$(filter-out $(WORLD),$(wildcard tests/sim/*.c))))
# programs that tests and benchmarks use, without cmocka
TOOLS	:= $(patsubst tests/bench/%.c,$(BUILD)/tests/%,$(sort \
	$(wildcard tests/bench/*.c)))

.PHONY: all run test fuzz fuzz-short unit unit-asan unit-tsan house sim e2e lint format install \
	clean bench picture package-test build-packages test-packages \
	package-packages
.SECONDARY:

all: build-packages $(BUILD)/smtpulse

$(BUILD)/smtpulse: $(BUILD)/obj/agent/main.o $(LIB)
	$(CC) $(CFLAGS) $(LINK_HARDEN) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIB): $(LIBOBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c Makefile | build-packages
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# the automaton is made from the rules by a program of our own
REASON_RULES := parsers/reason_rules.c parsers/reason_rules.h \
	$(wildcard parsers/reason_*.def) include/reason.h

$(BUILD)/gen/reason_gen: parsers/reason_gen.c $(REASON_RULES) | build-packages
	@mkdir -p $(@D)
	$(CC) -Iinclude -Iparsers -std=c11 -g -O1 -D_GNU_SOURCE $(WARN) -o $@ \
	    parsers/reason_gen.c parsers/reason_rules.c

$(BUILD)/gen/reason_automaton.h: $(BUILD)/gen/reason_gen
	$< >$@.tmp
	mv $@.tmp $@

$(BUILD)/obj/parsers/reason_match.o: $(BUILD)/gen/reason_automaton.h
$(BUILD)/obj/parsers/reason_rules.o: $(REASON_RULES)

# the status page's style, as a string and as the digest its header allows
$(BUILD)/gen/page_style.h: dashboards/page.css | build-packages
	@mkdir -p $(@D)
	{ echo 'static const char page_style[] ='; \
	sed 's/[\\"]/\\&/g; s/^/"/; s/$$/\\n"/' $<; echo ';'; } >$@.tmp
	mv $@.tmp $@

$(BUILD)/gen/page_digest.h: dashboards/page.css | build-packages
	@mkdir -p $(@D)
	digest=$$(sha256sum $< | cut -c1-64 | sed 's/../\\x&/g'); \
	env printf "$$digest" | base64 | \
	    sed 's/.*/#define PAGE_STYLE_DIGEST "sha256-&"/' >$@.tmp
	mv $@.tmp $@

$(BUILD)/obj/agent/page.o $(BUILD)/obj/agent/explain_page.o: \
	$(BUILD)/gen/page_style.h
$(BUILD)/obj/agent/response.o: $(BUILD)/gen/page_digest.h

# the revision is known to one object only, so that a commit rebuilds one
$(BUILD)/obj/agent/version.o: CPPFLAGS += -DSMTPULSE_REVISION='"$(REVISION)"'

$(BUILD)/tests/%: tests/unit/%.c $(LIB) | test-packages
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(LINK_HARDEN) $(NO_LTO) -o $@ $< \
	    $(LIB) $(LDLIBS) -lcmocka

$(TOOLS): $(BUILD)/tests/%: tests/bench/%.c $(LIB) | test-packages
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LINK_HARDEN) -o $@ $< $(LIB) $(LDLIBS)

$(SIM): $(BUILD)/tests/%: tests/sim/%.c $(LIB) | test-packages
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LINK_HARDEN) -o $@ $< $(LIB) $(LDLIBS)

$(BUILD)/tests/world: $(WORLD) tests/sim/world.h $(LIB) | test-packages
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/sim $(filter-out -MMD -MP,$(CFLAGS)) \
	    $(LINK_HARDEN) $(NO_LTO) -o $@ $(WORLD) $(LIB) $(LDLIBS)

-include $(OBJ:.o=.d)

# --- the two commands -----------------------------------------------------
# the machine's mail logs if there are any, else the demo
run: all
	@exec $(BUILD)/smtpulse run --or-demo

test: test-packages all unit unit-asan fuzz-short house sim e2e

# Unit tests; one that fails ends the run.
unit: $(UNIT)
	@for t in $(UNIT); do echo "== $$t"; $(WRAP) $$t || exit 1; done

unit-asan:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan OPT=-O1 \
	    SAN=address,undefined unit

unit-tsan:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/tsan OPT=-O1 \
	    SAN=thread unit

# Fuzzing with libFuzzer: each target FUZZ_SECONDS long, one after another. The
# short form makes the same inputs each time: a fixed seed and number of runs,
# and nothing that an address may change (comparisons traced, depth of stack).
FUZZ_SECONDS ?= 600
FUZZ	:= $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(sort \
	$(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_OBJ := $(patsubst %.c,$(BUILD)/fuzz/obj/%.o, \
	$(filter parsers/%,$(SRC)) agent/zone.c agent/logtime.c agent/region.c agent/join.c \
	agent/clock.c agent/problems.c agent/address.c \
	agent/gz.c agent/host.c agent/negotiate.c agent/auth.c agent/percent.c \
	agent/siphash.c agent/incidents.c agent/spike_key.c agent/buf.c \
	agent/utf8.c agent/column.c agent/top_view.c agent/journal_load.c \
	$(filter-out agent/state_json%, \
	$(wildcard agent/option*.c agent/config*.c agent/state*.c)))
-include $(FUZZ_OBJ:.o=.d)
$(BUILD)/fuzz/obj/parsers/reason_match.o: $(BUILD)/gen/reason_automaton.h
FUZZ_SAN := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-sanitize-coverage=stack-depth

$(BUILD)/fuzz/obj/%.o: %.c Makefile | test-packages
	@mkdir -p $(@D)
	clang $(CPPFLAGS) -std=c11 $(FUZZ_SAN) -fsanitize=fuzzer-no-link \
	    -MMD -MP -c -o $@ $<

$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(wildcard tests/fuzz/*.h) \
    $(FUZZ_OBJ)
	clang $(CPPFLAGS) -std=c11 $(WARN) $(FUZZ_SAN) -fsanitize=fuzzer \
	    -o $@ $< $(FUZZ_OBJ) $(shell pkg-config --libs libconfuse \
	    libpcre2-8 zlib gnutls sqlite3 jansson) -lcrypt -lm

FUZZ_ARGS := -timeout=120 -max_len=4096 -rss_limit_mb=1024
FUZZ_RUNS := exim=100000 postfix=100000 sendmail=100000 head=300000 \
	reply=200000 stamp=500000 reason=50000 config=10000 \
	gz=20000 http=200000 state=2000 top=10000

# fuzz_run(arguments): what was found before, then new inputs.
define fuzz_run
@for t in $(FUZZ); do w=$${t##*fuzz_}; d=$(BUILD)/fuzz/in/$$w; \
    /usr/bin/python3 tests/fuzz/seed.py $$w $$d || exit 1; \
    found=$$(find tests/fuzz/found -type f -path "*/$$w/*"); \
    runs=" $(FUZZ_RUNS)"; runs="$${runs##* $$w=}"; \
    echo "== $$t"; { { [ -z "$$found" ] || $$t $(FUZZ_ARGS) $$found; } && \
    $$t $(FUZZ_ARGS) -artifact_prefix=$(BUILD)/fuzz/found-$$w- $(1); } \
    >$(BUILD)/fuzz/$$w.out 2>&1 || \
    { tail -30 $(BUILD)/fuzz/$$w.out; exit 1; }; done
endef

fuzz: $(FUZZ)
	$(call fuzz_run,-max_total_time=$(FUZZ_SECONDS) $$d)

fuzz-short: $(FUZZ)
	$(call fuzz_run,-seed=1 -runs=$${runs%% *} -use_cmp=0 \
	    -use_memmem=0 -seed_inputs=@$$d.list)

house: test-packages
	/usr/bin/python3 -m pytest -p no:cacheprovider -q tests/house

# The spike detector on simulated mail, against its reference and the truth;
# and the reader in a simulated world.
sim: $(SIM) $(BUILD)/tests/world
	/usr/bin/python3 -m pytest -p no:cacheprovider -q tests/sim

e2e: all $(TOOLS) $(BUILD)/tests/test_page test-packages
	/usr/bin/python3 -m pytest -p no:cacheprovider -q -rs tests/e2e

# The picture in README.md, from the demo.
picture: all test-packages
	touch dashboards/page.png
	PICTURE=$(CURDIR)/dashboards/page.png /usr/bin/python3 -m pytest \
	    -p no:cacheprovider -q tests/e2e/test_page.py -k picture

# The Debian package, built and lived with in a clean root; that takes minutes.
package-test: package-packages
	/usr/bin/python3 -m pytest -p no:cacheprovider -q -rs tests/package

# Long forms: SMTPULSE_SEED=N for others. Mixed life goes on for so many
# minutes; make soak SOAK_PROGRAMS=1000 SOAK_KILLS=10 SOAK_MINUTES=10 is short.
SOAK_PROGRAMS ?= 1000000
SOAK_KILLS ?= 500
SOAK_INCREASES ?= 100
SOAK_MINUTES ?= 240
.PHONY: soak
soak: all $(TOOLS) $(BUILD)/tests/world
	SMTPULSE_PROGRAMS=$(SOAK_PROGRAMS) /usr/bin/python3 -m pytest \
	    -p no:cacheprovider -q tests/sim/test_world.py
	SMTPULSE_KILLS=$(SOAK_KILLS) SMTPULSE_WAIT=240 /usr/bin/python3 -m \
	    pytest -p no:cacheprovider -q tests/e2e/test_restart.py
	SMTPULSE_INCREASES=$(SOAK_INCREASES) SMTPULSE_WAIT=240 \
	    /usr/bin/python3 -m pytest -p no:cacheprovider -q \
	    tests/e2e/test_increase.py
	/usr/bin/python3 tests/e2e/soak.py --minutes $(SOAK_MINUTES) \
	    $(SMTPULSE_SEED:%=--seed %)

# Ratios against public tools, measured in one run; nothing fails by a clock.
# Beside others and as work grows: writes RESULTS.md and results.svg.
bench: all $(TOOLS) bench-packages
	BUILD=$(BUILD) /usr/bin/python3 tests/bench/bench.py
	BUILD=$(BUILD) /usr/bin/python3 tests/bench/results.py $(BENCH)

# --- packages: install only what is missing, and only then need root -------
define need_packages
@missing=; for p in $(1); do \
	dpkg-query -W -f '$${db:Status-Status}\n' $$p 2>/dev/null | \
	    grep -qx installed || missing="$$missing $$p"; done; \
if [ -n "$$missing" ]; then \
	if [ "$$(id -u)" != 0 ]; then \
		echo "these Debian packages are missing; run this as root once," \
		    "or install them:$$missing" >&2; exit 1; fi; \
	echo "installing:$$missing"; apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    --no-install-recommends $$missing >/dev/null || exit 1; fi; \
mkdir -p $(@D) && touch $@
endef

build-packages: build/.build-packages
test-packages: build/.build-packages build/.test-packages
package-packages: build/.build-packages build/.package-packages
care-packages: build/.test-packages build/.care-packages
bench-packages: build/.test-packages build/.bench-packages

build/.build-packages: Makefile
	$(call need_packages,$(BUILD_PACKAGES))

build/.test-packages: Makefile
	$(call need_packages,$(TEST_PACKAGES))

build/.package-packages: Makefile
	$(call need_packages,$(PACKAGE_PACKAGES))

build/.care-packages: Makefile
	$(call need_packages,$(CARE_PACKAGES))

build/.bench-packages: Makefile
	$(call need_packages,$(BENCH_PACKAGES))

# --- care -------------------------------------------------------------------
FORMATTED := $(wildcard $(addsuffix /*.[ch],include agent parsers tests/unit \
	tests/fuzz tests/sim tests/bench))
MADE	:= $(addprefix $(BUILD)/gen/,reason_automaton.h page_style.h \
	page_digest.h)
TIDY	:= $(SRC:%.c=$(BUILD)/tidy/%)
$(TIDY): $(BUILD)/tidy/%: %.c .clang-tidy $(MADE) \
    $(filter %.h,$(FORMATTED)) | test-packages
	@mkdir -p $(@D)
	clang-tidy --quiet $< -- $(CPPFLAGS) -DSMTPULSE_REVISION='""' -std=c11
	@touch $@

lint: test-packages $(TIDY)
	/usr/bin/python3 tests/format.py --check $(FORMATTED)
	cppcheck --quiet --std=c11 --enable=warning,performance,portability \
	    --inline-suppr --error-exitcode=1 -Iinclude -Iagent -Iparsers \
	    parsers agent

# Every path through every function, as gcc sees it. Leaks are left to
# valgrind and the sanitizers: gcc 12 loses what is kept behind an index.
ANALYZE	:= $(SRC:%.c=$(BUILD)/analyze/%.o)
$(ANALYZE): $(BUILD)/analyze/%.o: %.c $(MADE) | test-packages
	@mkdir -p $(@D)
	gcc $(CPPFLAGS) -DSMTPULSE_REVISION='""' -std=c11 -O1 -Wall -Werror \
	    -fanalyzer -Wno-analyzer-malloc-leak -c -o $@ $<

.PHONY: analyze valgrind coverage care-packages bench-packages
analyze: $(ANALYZE)

# Unit tests, each access to memory watched; what is lost is an error.
VALGRIND := valgrind --quiet --error-exitcode=9 --leak-check=full \
	--errors-for-leak-kinds=definite,indirect --child-silent-after-fork=yes
valgrind: care-packages
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/valgrind OPT=-O1 LTO= \
	    WRAP="$(VALGRIND)" unit

# Each fuzz target's first inputs, changed at every place, without libFuzzer.
MUTATE	:= $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/mutate_%,$(sort \
	$(filter-out %_config.c,$(wildcard tests/fuzz/fuzz_*.c))))
$(MUTATE): $(BUILD)/tests/mutate_%: tests/fuzz/fuzz_%.c tests/fuzz/mutate.c \
    $(LIB) | test-packages
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(filter-out -MMD -MP,$(CFLAGS)) $(LINK_HARDEN) \
	    -o $@ $< tests/fuzz/mutate.c $(LIB) $(LDLIBS)

.PHONY: mutations
mutations: $(MUTATE)
	@for t in $(MUTATE); do w=$${t##*mutate_}; d=$(BUILD)/mutate/$$w; \
	    /usr/bin/python3 tests/fuzz/seed.py $$w $$d && echo "== $$t" && \
	    $$t $$d/* || exit 1; done

# Branches taken by the unit tests, the logs of real servers, the detector's
# and the state's own runs: a table, by part.
coverage: test-packages
	@find $(BUILD)/coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage OPT=-O0 LTO= \
	    NO_LTO= WARN= HARDEN='--coverage -fPIE' all unit sim >$(BUILD)/coverage.out
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage OPT=-O0 LTO= \
	    NO_LTO= WARN= HARDEN='--coverage -fPIE' mutations >>$(BUILD)/coverage.out
	BUILD=$(BUILD)/coverage SMTPULSE=$(CURDIR)/$(BUILD)/coverage/smtpulse \
	    /usr/bin/python3 -m pytest -p no:cacheprovider -q \
	    $(COVERAGE:%=tests/e2e/test_%.py) >>$(BUILD)/coverage.out
	/usr/bin/python3 tests/coverage.py $(BUILD)/coverage
COVERAGE := corpora report incident suppression state

# What Debian lacks comes from npm: Grafana's types, Prometheus 3's grammar.
NPM_PACKAGES := @grafana/schema@13.2.3 @prometheus-io/lezer-promql@0.315.0 \
	@lezer/common @lezer/lr @lezer/highlight typescript@5.9.3
NPM	:= $(BUILD)/npm

.PHONY: lint-dashboards
lint-dashboards: test-packages
	@command -v npm >/dev/null || { echo "this needs npm" >&2; exit 1; }
	mkdir -p $(NPM)
	npm install --prefix $(NPM) --no-save --no-audit --no-fund --silent \
	    $(NPM_PACKAGES)
	cp dashboards/lint.mjs $(NPM)/
	/usr/bin/python3 -c 'import json, sys, yaml; \
	    json.dump(yaml.safe_load(sys.stdin), sys.stdout)' \
	    <dashboards/rules.yml >$(NPM)/rules.json
	node $(NPM)/lint.mjs $(NPM) dashboards
	$(NPM)/node_modules/.bin/tsc --noEmit --strict --skipLibCheck \
	    --module nodenext --moduleResolution nodenext $(NPM)/boards.ts

format: test-packages
	/usr/bin/python3 tests/format.py $(FORMATTED)

install: all
	install -D -m 755 $(BUILD)/smtpulse $(DESTDIR)$(PREFIX)/bin/smtpulse
	install -D -m 644 agent.conf.example \
	    $(DESTDIR)$(PREFIX)/share/doc/smtpulse/agent.conf.example
	install -D -m 644 agent/dist/smtpulse.8 \
	    $(DESTDIR)$(PREFIX)/share/man/man8/smtpulse.8
	install -D -m 644 agent/dist/smtpulse.conf.5 \
	    $(DESTDIR)$(PREFIX)/share/man/man5/smtpulse.conf.5
	install -D -m 644 agent/dist/smtpulse.bash \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/smtpulse
	install -d $(DESTDIR)$(PREFIX)/share/smtpulse/dashboards
	install -m 644 $(wildcard dashboards/*.json dashboards/*.yml \
	    dashboards/*.md) $(DESTDIR)$(PREFIX)/share/smtpulse/dashboards
	install -d $(DESTDIR)$(UNITDIR)
	for u in $(UNITS); do sed 's,/usr/bin/,$(PREFIX)/bin/,' \
	    agent/dist/$$u >$(DESTDIR)$(UNITDIR)/$$u || exit 1; done

clean:
	rm -rf build
