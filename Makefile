# Gainsay. `make help` lists what can be asked for.
#
# Everything is built under build/VARIANT/. What a person asks for (all, run, test, ...) is a short recipe that calls
# make again to build files: packages are installed before pkg-config is asked, several variants can be built by one
# command, files are built in parallel with their output kept together, and tests still print as they go.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL),0)
.NOTPARALLEL:
endif

VERSION := 0.1.0
VARIANT ?= release
PREFIX ?= /usr/local
Q := $(if $(V),,@)

OUT := build/$(VARIANT)
OBJ := $(OUT)/obj
JOBS = $(if $(findstring --jobserver,$(MAKEFLAGS)),,-j$(shell nproc))
BUILD = $(MAKE) --no-print-directory --output-sync=target $(JOBS)

## Sources

# What needs Jansson belongs to the program, not to the library.
FILE_SRC := $(wildcard traces/*_file.c traces/json_*.c)
LIB_SRC := $(filter-out $(FILE_SRC),$(wildcard core/*.c properties/*.c protocols/*.c traces/*.c checker/*.c))
CLI_SRC := $(wildcard cli/*.c)
TEST_SRC := $(wildcard tests/*.c)
REFERENCE_SRC := $(wildcard tests/reference/*.c)
PLANT_SRC := $(wildcard tests/plant/*.c)
LIMITS_SRC := $(wildcard tests/limits/*.c)
TSAN_SRC := $(wildcard tests/tsan/*.c)
FUZZ_SRC := $(wildcard tests/fuzz_inputs/*.c)
BENCH_SRC := $(wildcard bench/*.c)
EXAMPLE_SRC := $(wildcard examples/*.c)
STARTER_SRC := $(wildcard cli/starter/*.c)

ALL_SRC := $(LIB_SRC) $(FILE_SRC) $(CLI_SRC) $(TEST_SRC) $(REFERENCE_SRC) $(PLANT_SRC) $(LIMITS_SRC) $(TSAN_SRC) $(FUZZ_SRC) $(BENCH_SRC) $(EXAMPLE_SRC) $(STARTER_SRC)

objects = $(patsubst %.c,$(OBJ)/%.o,$(1))

## Packages

DEBIAN_RUN := pkg-config libxxhash-dev libjansson-dev libinih-dev libxml2-dev libedit-dev
DEBIAN_TEST := $(DEBIAN_RUN) libcriterion-dev
DEBIAN_CHECK := $(DEBIAN_TEST) clang clang-format libclang-rt-dev
DEBIAN_COVERAGE := $(DEBIAN_TEST) gcovr
DEBIAN_FORMATS = $(DEBIAN_TEST) clang graphviz $(if $(shell command -v npm),,nodejs npm)
DEBIAN_HTML := $(DEBIAN_RUN) chromium nodejs
DEBIAN_BENCH := $(DEBIAN_RUN) spin rumur time

LIB_PACKAGES := libxxhash
PROGRAM_PACKAGES := $(LIB_PACKAGES) jansson inih libxml-2.0 libedit

LIB_LIBS := $(shell pkg-config --libs $(LIB_PACKAGES) 2>/dev/null) -ldl -pthread
PROGRAM_LIBS := $(shell pkg-config --libs $(PROGRAM_PACKAGES) 2>/dev/null) -ldl -pthread
PROGRAM_CFLAGS := $(shell pkg-config --cflags $(PROGRAM_PACKAGES) 2>/dev/null)
TEST_LIBS := $(shell pkg-config --libs criterion 2>/dev/null)
TEST_CFLAGS := $(shell pkg-config --cflags criterion 2>/dev/null)

# Said once and clearly, rather than by the compiler for each file.
.PHONY: packages
packages:
	@pkg-config --exists $(PROGRAM_PACKAGES) || { echo "gainsay: libraries are missing: run 'make deps'" >&2; exit 1; }

# Installs those of $(1) that are missing; asks nobody anything when none is.
define install_packages
@missing=; for package in $(1); do \
    [ "$$(dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null)" = installed ] || missing="$$missing $$package"; \
done; \
[ -n "$$missing" ] || exit 0; \
echo "gainsay: installing$$missing"; \
as_root=; [ "$$(id -u)" -eq 0 ] || as_root=sudo; \
export DEBIAN_FRONTEND=noninteractive; \
if command -v apt-get >/dev/null && { [ -z "$$as_root" ] || command -v sudo >/dev/null; }; then \
    $$as_root apt-get -qq update; \
    $$as_root apt-get -qq -y --no-install-recommends install $$missing >/dev/null && exit 0; \
fi; \
echo "gainsay: cannot install these packages (it takes apt-get, and root or sudo); install them by hand:$$missing" >&2; \
exit 1
endef

.PHONY: deps deps-run deps-test deps-check deps-coverage deps-formats deps-html deps-bench
deps: deps-check ## install what is missing to build, test and check
deps-run:
	$(call install_packages,$(DEBIAN_RUN))
deps-test:
	$(call install_packages,$(DEBIAN_TEST))
deps-check:
	$(call install_packages,$(DEBIAN_CHECK))
deps-coverage:
	$(call install_packages,$(DEBIAN_COVERAGE))
deps-formats:
	$(call install_packages,$(DEBIAN_FORMATS))
deps-html:
	$(call install_packages,$(DEBIAN_HTML))
deps-bench:
	$(call install_packages,$(DEBIAN_BENCH))

## Compiler

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla

# Criterion's assertions expand to conversions that it does not spell out.
TEST_WARNINGS := -Wno-conversion

CC := gcc
CC_clang := clang
CC_fuzz := clang
CC_clang-O3 := clang
OPTIMIZE := -O2
OPTIMIZE_release := -O3
OPTIMIZE_clang := -O0
OPTIMIZE_asan := -O1
OPTIMIZE_tsan := -O1
OPTIMIZE_fuzz := -O1
OPTIMIZE_coverage := -O0
OPTIMIZE_gcc-O0 := -O0
OPTIMIZE_clang-O3 := -O3
MODE_release = $(if $(wildcard $(STRICT)),-Werror)
MODE_clang := -Werror
MODE_asan := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
MODE_tsan := -fsanitize=thread
MODE_fuzz := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
MODE_coverage := --coverage -fprofile-update=atomic

VARIANTS := release clang asan tsan coverage fuzz gcc-O0 clang-O3
$(if $(filter $(VARIANT),$(VARIANTS)),,$(error no variant "$(VARIANT)": one of $(VARIANTS)))

# Once a tree has been checked, its release build takes no warning: `make check` leaves this file, which is newer than
# what was compiled without.
STRICT := build/release/strict

COMPILER := $(or $(CC_$(VARIANT)),$(CC))
MODE := $(MODE_$(VARIANT))

# Objects are position-independent because all of them may end in libgainsay.so; calls within a file may still be
# inlined (-fno-semantic-interposition). Asserts stay on in every variant.
CPPFLAGS := -D_GNU_SOURCE -I. '-DGAINSAY_VERSION="$(VERSION)"'
CFLAGS := -std=c11 -g -fPIC -fvisibility=default -fno-semantic-interposition -pthread $(WARNINGS)
LDFLAGS := -Wl,--as-needed

# $(1): optimization, $(2): which planted fault, 0 is none, $(3): more
compile = $(COMPILER) $(CPPFLAGS) -DGS_PLANT=$(2) $(CFLAGS) $(1) $(MODE) $(PROGRAM_CFLAGS) $(3) -MMD -MP -c -o $@ $<
link = $(COMPILER) $(MODE) $(LDFLAGS) -o $@

$(OBJ)/%.o: %.c Makefile $(if $(filter release,$(VARIANT)),$(wildcard $(STRICT))) | packages
	@mkdir -p $(@D)
	@echo "cc $(VARIANT) $<"
	$(Q)$(call compile,$(or $(OPTIMIZE_$(VARIANT)),$(OPTIMIZE)),0,$(if $(filter $(TEST_SRC),$<),$(TEST_CFLAGS) $(TEST_WARNINGS)))

# Files that core/embed.h takes into an object: the compiler tells make nothing of them.
$(OBJ)/cli/starter.o: $(wildcard cli/starter/*)
$(OBJ)/cli/completion.o: $(wildcard cli/completion/*)
$(OBJ)/traces/html_file.o: $(wildcard traces/html/*)
$(OBJ)/cli/lin_html.o: $(wildcard cli/lin/*)

.PHONY: objects
objects: $(call objects,$(ALL_SRC))

-include $(patsubst %.o,%.d,$(call objects,$(ALL_SRC)))

# Changes when a source comes or goes, so that no archive or program keeps an object whose source is gone.
SOURCE_LIST := $(OUT)/sources
ifneq ($(file <$(SOURCE_LIST)),$(ALL_SRC))
$(SOURCE_LIST): force
endif
$(SOURCE_LIST):
	@mkdir -p $(@D)
	@printf '%s\n' '$(ALL_SRC)' > $@
.PHONY: force
force:

## Library

LIB_OBJ := $(call objects,$(LIB_SRC))
LIB_STATIC := $(OUT)/libgainsay.a
LIB_SHARED := $(OUT)/libgainsay.so

$(LIB_STATIC): $(LIB_OBJ) $(SOURCE_LIST)
	@echo "ar $@"
	$(Q)rm -f $@ && ar rcs $@ $(LIB_OBJ)

# --no-undefined: an object that needs more than the library may need is an error here, not for whoever links it.
$(LIB_SHARED): $(LIB_OBJ) $(SOURCE_LIST) | packages
	@echo "ld $@"
	$(Q)$(link) -shared -Wl,-soname,libgainsay.so $(if $(findstring sanitize,$(MODE)),,-Wl,--no-undefined) $(LIB_OBJ) $(LIB_LIBS)

## Program

PROGRAM := $(OUT)/gainsay
PROGRAM_OBJ := $(call objects,$(CLI_SRC) $(FILE_SRC))

# The whole library, exported: a plugin finds every gs_ function in the program that loads it.
$(PROGRAM): $(PROGRAM_OBJ) $(LIB_STATIC)
	@echo "ld $@"
	$(Q)$(link) -rdynamic $(PROGRAM_OBJ) -Wl,--whole-archive $(LIB_STATIC) -Wl,--no-whole-archive $(PROGRAM_LIBS)

.PHONY: files all run
files: $(if $(CLI_SRC),$(PROGRAM)) $(LIB_STATIC) $(LIB_SHARED)

all: ## build the program and the libraries (the default)
	+@$(BUILD) files

EXAMPLE_TRACE := build/example.trace

run: deps-run ## install, build, check every protocol, show and replay a counterexample
	+@$(BUILD) files
	@echo; echo "\$$ gainsay suite suite.ini --only '*.quick'"
	@$(PROGRAM) suite suite.ini --only '*.quick'
	@echo; echo "And with a planted bug, a manager that commits on one vote:"
	@echo "\$$ gainsay check two-phase-commit --mutant commit-on-one-vote --trace $(EXAMPLE_TRACE)"
	@rm -f $(EXAMPLE_TRACE); \
	$(PROGRAM) check two-phase-commit --mutant commit-on-one-vote --trace $(EXAMPLE_TRACE); status=$$?; \
	[ $$status -eq 1 ] || { echo "gainsay: expected a violation, exit 1, not exit $$status" >&2; exit 1; }
	@echo; echo "The counterexample is a file. To replay it, here or on any other machine:"
	@echo "\$$ $(PROGRAM) replay $(EXAMPLE_TRACE)"
	@$(PROGRAM) replay $(EXAMPLE_TRACE)

## Tests

# All of the program but its main, which Criterion brings, and what takes the place of functions of libc's.
PROGRAM_ONLY_SRC := cli/main.c cli/forbidden.c
TESTS := $(OUT)/tests
TESTS_OBJ := $(call objects,$(TEST_SRC) $(wildcard tests/fuzz_inputs/*_input.c) $(REFERENCE_SRC) $(filter-out $(PROGRAM_ONLY_SRC),$(CLI_SRC)) $(FILE_SRC))

$(TESTS): $(TESTS_OBJ) $(LIB_STATIC)
	@echo "ld $@"
	$(Q)$(link) -rdynamic $(TESTS_OBJ) -Wl,--whole-archive $(LIB_STATIC) -Wl,--no-whole-archive $(PROGRAM_LIBS) $(TEST_LIBS)

.PHONY: test-files test golden
test-files: $(TESTS) $(if $(CLI_SRC),$(PROGRAM))

# $(1): variant, $(2): more environment. FILTER='trace/*' runs some of the tests.
run_tests = GAINSAY="$(CURDIR)/build/$(1)/gainsay" GAINSAY_ROOT="$(CURDIR)" $(2) build/$(1)/tests $(if $(FILTER),--filter '$(FILTER)')

test: deps-test ## build and run all tests (FILTER='module/test*' runs some)
	+@$(BUILD) VARIANT=release --keep-going plant-files
	+@$(BUILD) VARIANT=release limits-files
	@build/limits/limits
	+@$(BUILD) test-files
	@$(call run_tests,$(VARIANT))

golden: deps-test ## rewrite the golden files in tests/data; read the diff
	+@$(BUILD) test-files
	@$(call run_tests,$(VARIANT),GAINSAY_GOLDEN=1)

## Planted faults

# tests/plant/ is a program that exits 0 when it caught the fault that was compiled in with -DGS_PLANT=n. Only files
# that mention GS_PLANT are compiled again; in a header it may reach anything, so then all are.
PLANTS := 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
PLANT_ALL_SRC := $(LIB_SRC) $(REFERENCE_SRC) $(PLANT_SRC)
PLANT_HEADERS := $(wildcard $(addsuffix /*.h,core properties protocols traces checker tests/plant tests/reference))
PLANTED_SRC := $(if $(PLANT_SRC),$(if $(and $(PLANT_HEADERS),$(shell grep -l GS_PLANT $(PLANT_HEADERS))),$(PLANT_ALL_SRC),$(shell grep -l GS_PLANT $(PLANT_ALL_SRC))))
UNPLANTED_OBJ := $(call objects,$(filter-out $(PLANTED_SRC),$(PLANT_ALL_SRC)))

# $(1): the fault's number
define plant_rules
PLANTED_OBJ_$(1) := $(patsubst %.c,build/plant-$(1)/obj/%.o,$(PLANTED_SRC))

build/plant-$(1)/obj/%.o: %.c Makefile | packages
	@mkdir -p $$(@D)
	@echo "cc plant-$(1) $$<"
	$(Q)$$(call compile,-O1,$(1))

build/plant-$(1)/plant: $$(PLANTED_OBJ_$(1)) $(UNPLANTED_OBJ) $(SOURCE_LIST)
	@echo "ld $$@"
	$(Q)$$(link) $$(PLANTED_OBJ_$(1)) $(UNPLANTED_OBJ) $(LIB_LIBS)

.PHONY: plant-$(1)
plant-$(1): build/plant-$(1)/plant
	@$$< && echo "planted fault $(1): caught" || { echo "planted fault $(1): NOT caught" >&2; exit 1; }

-include $$(PLANTED_OBJ_$(1):.o=.d)
endef
$(foreach n,$(PLANTS),$(eval $(call plant_rules,$(n))))

.PHONY: plants plant-files
plant-files: $(if $(PLANT_SRC),$(PLANTS:%=plant-%))
plants: ## build with each planted fault; every one must be caught
	+@$(BUILD) VARIANT=release --keep-going plant-files

## Small numbers

# tests/limits is a program whose engine runs out of numbers soon: files that mention GS_SMALL_NUMBERS, or the header that
# does, are compiled again. Exit 0: nothing wraps.
SMALL_SRC := $(LIMITS_SRC) $(shell grep -l -e GS_SMALL_NUMBERS -e '"checker/numbers.h"' $(LIB_SRC))
SMALL_OBJ := $(patsubst %.c,build/limits/obj/%.o,$(SMALL_SRC))
LARGE_OBJ := $(call objects,$(filter-out $(SMALL_SRC),$(LIB_SRC)))

build/limits/obj/%.o: %.c Makefile | packages
	@mkdir -p $(@D)
	@echo "cc limits $<"
	$(Q)$(call compile,-O1,0,-DGS_SMALL_NUMBERS)

build/limits/limits: $(SMALL_OBJ) $(LARGE_OBJ) $(SOURCE_LIST)
	@echo "ld $@"
	$(Q)$(link) $(SMALL_OBJ) $(LARGE_OBJ) $(LIB_LIBS)

-include $(SMALL_OBJ:.o=.d)

.PHONY: limits limits-files
limits-files: build/limits/limits
limits: ## search with few numbers of each kind: nothing may wrap
	+@$(BUILD) VARIANT=release limits-files
	@build/limits/limits

## Fuzzing

# tests/fuzz_inputs/fuzz_X.c is a harness of libFuzzer's, X_input.c what it does (in the tests too), X/, and in
# tests/data/ *.X and Xs/*, its first inputs, X.dict its words.
FUZZERS := $(patsubst tests/fuzz_inputs/fuzz_%.c,%,$(wildcard tests/fuzz_inputs/fuzz_*.c))
FUZZ_SHARED_OBJ := $(call objects,$(filter-out tests/fuzz_inputs/fuzz_%,$(FUZZ_SRC)) tests/test_trace_model.c tests/golden_traces.c)
FUZZ_PROGRAM_OBJ := $(call objects,$(filter-out $(PROGRAM_ONLY_SRC),$(CLI_SRC)) $(FILE_SRC))
FUZZER_FILES := $(FUZZERS:%=$(OUT)/fuzz_%)
SECONDS ?= 600

# An archive: a harness may put its own in place of what starts a process.
$(OUT)/libprogram.a: $(FUZZ_PROGRAM_OBJ) $(SOURCE_LIST)
	@echo "ar $@"
	$(Q)rm -f $@ && ar rcs $@ $(FUZZ_PROGRAM_OBJ)

$(FUZZER_FILES): $(OUT)/fuzz_%: $(OBJ)/tests/fuzz_inputs/fuzz_%.o $(FUZZ_SHARED_OBJ) $(OUT)/libprogram.a $(LIB_STATIC)
	@echo "ld $@"
	$(Q)$(link) -fsanitize=fuzzer $< $(FUZZ_SHARED_OBJ) $(OUT)/libprogram.a $(LIB_STATIC) $(PROGRAM_LIBS) $(TEST_LIBS)

.PHONY: fuzz-files fuzz-inputs
fuzz-files: $(FUZZER_FILES)

# What is found to lead somewhere new is kept in build/fuzz/inputs for the next time; an input that fails is left there
# too, and named in the output.
fuzz-inputs: deps-check ## fuzz the readers of files, SECONDS=600 each; fails on the first finding
	+@$(BUILD) VARIANT=fuzz fuzz-files
	@for fuzzer in $(FUZZERS); do \
	    inputs=build/fuzz/inputs/$$fuzzer; \
	    seeds=$$(ls tests/data/*.$$fuzzer tests/data/$${fuzzer}s/* 2>/dev/null | paste -sd,); \
	    mkdir -p $$inputs || exit 1; \
	    echo "fuzz-inputs: $$fuzzer, $(SECONDS) seconds"; \
	    build/fuzz/fuzz_$$fuzzer -max_total_time=$(SECONDS) -max_len=16384 -timeout=20 -rss_limit_mb=4096 \
	        -print_final_stats=1 -dict=tests/fuzz_inputs/$$fuzzer.dict -artifact_prefix=build/fuzz/$$fuzzer- \
	        $${seeds:+-seed_inputs=$$seeds} $(FUZZ_OPTIONS) \
	        $$inputs tests/fuzz_inputs/$$fuzzer || exit 1; \
	done

## Checks

# Files that git does not know yet count too: they are about to be committed. Without git (a tarball), all files.
list_sources = { git ls-files -z --cached --others --exclude-standard -- '*.c' '*.h' 2>/dev/null || \
    find . -path ./build -prune -o -name '*.[ch]' -print0; }

# Leaks can be looked for only where the machine lets a process trace another.
LEAK_PROBE := build/asan/leak-probe

# Reports go to files: Criterion has counted a test as passed before its leaks are found, and a test that runs the
# program may not show what the program printed.
ASAN_REPORT := build/asan/report

.PHONY: check check-format check-includes check-warnings check-identity check-sanitizers check-threads
check: deps-check check-format check-includes check-warnings check-identity check-threads check-sanitizers ## format, includes, writable data, -Werror, same bytes by each compiler, sanitizers
	@echo "check: all passed"

check-format:
	@echo "check: format"
	@$(list_sources) | xargs -0 -r ls -d 2>/dev/null | xargs -r clang-format --dry-run -Werror

check-includes:
	@echo "check: include direction"
	@.ci/include-direction

check-warnings:
	@echo "check: gcc and clang without a warning, no writable data in protocols"
	@mkdir -p $(dir $(STRICT)) && { [ -e $(STRICT) ] || touch $(STRICT); }
	+@$(BUILD) VARIANT=release objects
	@.ci/writable-data $(patsubst %.c,build/release/obj/%.o,$(wildcard protocols/*.c))
	+@$(BUILD) VARIANT=clang objects
	@.ci/writable-data $(patsubst %.c,build/clang/obj/%.o,$(wildcard protocols/*.c))

# gcc with -O3 and clang with -O0 are built anyway; ALL=1 builds the other two, and runs every mutant.
IDENTITY_VARIANTS := release clang $(if $(ALL),gcc-O0 clang-O3)

check-identity: deps-check ## the same bytes by gcc and clang, -O0 and -O3, on 1 and 8 threads (ALL=1: all of these, every mutant)
	@echo "check: what is found does not depend on compiler, optimization or threads"
	+@for variant in $(IDENTITY_VARIANTS); do $(BUILD) VARIANT=$$variant build/$$variant/gainsay || exit 1; done
	@.ci/identical $(if $(ALL),--all) $(IDENTITY_VARIANTS:%=build/%/gainsay)

check-sanitizers:
	@echo "check: tests under ASan and UBSan"
	+@$(BUILD) VARIANT=asan test-files
	@echo 'int main(void) { return 0; }' | $(CC) -fsanitize=address -x c -o $(LEAK_PROBE) -
	@rm -f $(ASAN_REPORT).*
	@leaks=1; ASAN_OPTIONS=detect_leaks=1 $(LEAK_PROBE) >/dev/null 2>&1 || \
	    { leaks=0; echo "check: this machine forbids tracing, leaks are not looked for"; }; \
	export ASAN_OPTIONS="detect_leaks=$$leaks:log_path='$(CURDIR)/$(ASAN_REPORT)'" UBSAN_OPTIONS=print_stacktrace=1 \
	    LSAN_OPTIONS="suppressions='$(CURDIR)/.ci/leaks':print_suppressions=0"; \
	$(call run_tests,asan); status=$$?; \
	cat $(ASAN_REPORT).* 2>/dev/null && { echo "check: the sanitizers found the above" >&2; exit 1; }; \
	exit $$status

# A program of its own, since Criterion aborts under TSan.
TSAN := $(OUT)/tsan
TSAN_OBJ := $(call objects,$(TSAN_SRC) $(REFERENCE_SRC))

$(TSAN): $(TSAN_OBJ) $(LIB_STATIC)
	@echo "ld $@"
	$(Q)$(link) $(TSAN_OBJ) -Wl,--whole-archive $(LIB_STATIC) -Wl,--no-whole-archive $(LIB_LIBS)

.PHONY: tsan-files
tsan-files: $(TSAN)

check-threads:
	@echo "check: threads under TSan"
	+@$(BUILD) VARIANT=tsan tsan-files
	@TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1" build/tsan/tsan

## Formats

# What `gainsay show` writes, given to those it is written for: mermaid, Graphviz, and a compiler that finds the library
# where it is installed. Tests that need one of them are skipped where it is missing.
CONSUMERS := build/consumers
MERMAID := $(CONSUMERS)/node_modules/mermaid/package.json

$(MERMAID): tests/consumers/packages.json
	@echo "npm mermaid"
	@mkdir -p $(CONSUMERS) && cp $< $(CONSUMERS)/package.json
	$(Q)cd $(CONSUMERS) && npm install --silent --no-audit --no-fund && touch --no-create node_modules/mermaid/package.json

.PHONY: check-formats
check-formats: deps-formats ## mermaid's parser, Graphviz and compilers take what `show` writes
	+@$(BUILD) test-files $(MERMAID)
	@$(call run_tests,$(VARIANT)) $(if $(FILTER),,--filter '@(sequence|mermaid|dot|c_test|show)/*')
	+@$(MAKE) --no-print-directory install PREFIX=$(CURDIR)/$(CONSUMERS)/installed >/dev/null
	@tests/consumers/c_test.sh $(CONSUMERS)/installed

# A browser is much to install for a check: this one is asked for by name.
HTML_SCREENSHOTS := build/html
.PHONY: check-html
check-html: deps-html ## step through pages of `show --format html` in headless Chromium (screenshots: build/html)
	+@$(BUILD) VARIANT=release files
	@GAINSAY=build/release/gainsay timeout 300 node tests/consumers/html.mjs --screenshots $(HTML_SCREENSHOTS)

## Coverage

.PHONY: coverage
coverage: deps-coverage ## line coverage of core, checker and traces; fails under 90 %
	+@$(BUILD) VARIANT=coverage test-files
	@find build/coverage -name '*.gcda' -delete
	@$(call run_tests,coverage)
	@gcovr --root . --object-directory build/coverage --filter core/ --filter checker/ --filter traces/ --fail-under-line 90 build/coverage

## Benchmarks

# bench/bench_store.c is the limit that bench/run compares with; a bench_*.c is a program that needs the library alone.
BENCHES := $(patsubst bench/%.c,$(OUT)/%,$(BENCH_SRC))

$(BENCHES): $(OUT)/bench_%: $(OBJ)/bench/bench_%.o $(LIB_STATIC)
	@echo "ld $@"
	$(Q)$(link) $< -Wl,--whole-archive $(LIB_STATIC) -Wl,--no-whole-archive $(LIB_LIBS)

.PHONY: bench-files bench
bench-files: $(PROGRAM) $(BENCHES)
bench: deps-bench ## Gainsay beside SPIN, rumur and the machine's limit (LARGE=1: also larger models)
	+@$(BUILD) VARIANT=release bench-files
	@CC='$(CC)' bench/run
	@bench/random

.PHONY: bench-kills
bench-kills: deps-run ## how soon random search finds each planted bug, as a table (SEEDS=3, PROTOCOLS="raft abd", SERVERS=5)
	+@$(BUILD) VARIANT=release files
	@bench/kills

## Installation

# What protocols, properties and programs that search include.
INTERNAL_PROPERTIES := asking implied_order law_case numbering possibilities search_order visited
PUBLIC_HEADERS = core/gainsay.h core/timing.h $(patsubst %,checker/%.h,check config fuzz result timing) \
    $(filter-out $(INTERNAL_PROPERTIES:%=properties/%.h),$(wildcard properties/*.h protocols/*.h))

.PHONY: public-headers
public-headers:
	@echo $(PUBLIC_HEADERS)

define PKG_CONFIG_FILE
prefix=$(PREFIX)
libdir=$${prefix}/lib
includedir=$${prefix}/include

Name: gainsay
Description: Model checker for distributed protocols
Version: $(VERSION)
Cflags: -I$${includedir}/gainsay
Libs: -L$${libdir} -lgainsay
Libs.private: $(LIB_LIBS)
endef
export PKG_CONFIG_FILE

.PHONY: install install-files
install: ## install under PREFIX (default /usr/local), staged in DESTDIR if given
	+@$(BUILD) VARIANT=release files
	@$(MAKE) --no-print-directory VARIANT=release install-files
install-files:
	$(Q)install -D -m 755 $(PROGRAM) '$(DESTDIR)$(PREFIX)/bin/gainsay'
	$(Q)install -D -m 644 $(LIB_STATIC) '$(DESTDIR)$(PREFIX)/lib/libgainsay.a'
	$(Q)install -D -m 755 $(LIB_SHARED) '$(DESTDIR)$(PREFIX)/lib/libgainsay.so'
	$(Q)for header in $(PUBLIC_HEADERS); do \
	    install -D -m 644 "$$header" '$(DESTDIR)$(PREFIX)/include/gainsay/'"$$header" || exit 1; \
	done
	$(Q)install -D -m 644 cli/completion/gainsay.bash '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/gainsay'
	$(Q)install -D -m 644 cli/completion/gainsay.zsh '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_gainsay'
	$(Q)mkdir -p '$(DESTDIR)$(PREFIX)/lib/pkgconfig' && \
	    printf '%s\n' "$$PKG_CONFIG_FILE" > '$(DESTDIR)$(PREFIX)/lib/pkgconfig/gainsay.pc'
	@echo "installed under $(DESTDIR)$(PREFIX)"

## Help

.PHONY: clean help
clean: ## remove build/
	$(Q)rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'
	@echo "V=1 shows commands; VARIANT=$$(echo $(VARIANTS) | tr ' ' '|') chooses a build for all, test and golden"
