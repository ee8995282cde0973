# Tests in C are found, not listed; for that this file needs GNU make.
#
# Each .c file of tests/unit/*/ and tests/sql/ that has a main() becomes a
# program of its own. The other files there are helpers that any of them may
# use, and so are their headers.
test_sources := $(patsubst $(srcdir)/%,%,$(wildcard \
	$(srcdir)/tests/unit/*/*.c $(srcdir)/tests/sql/*.c))
test_mains := $(if $(test_sources),$(shell cd $(srcdir) && \
	grep -l '^main\>' $(test_sources)))
test_helpers = $(filter-out $(test_mains),$(test_sources))
test_programs = $(test_mains:.c=)
test_cppflags = $(CMOCKA_CFLAGS) \
	$(patsubst %,-I%,$(wildcard $(srcdir)/tests/unit/*) $(srcdir)/tests/sql)

# Fills a database, for bench/run.
noinst_PROGRAMS += %D%/seed
%C%_seed_SOURCES = %D%/seed.c
%C%_seed_LDADD = $(LIBS_ALL)

# Each .c file of tests/fuzz/ is a fuzz target. NAME.replay runs it over the
# files of tests/fuzz/corpus/NAME; `make fuzz` after configure
# --enable-fuzzing CC=clang-14 makes NAME.fuzz, with libFuzzer.
fuzz_sources := $(patsubst $(srcdir)/%,%,$(filter-out %/replay.c,$(wildcard \
	$(srcdir)/tests/fuzz/*.c)))
replay_programs = $(fuzz_sources:.c=.replay)
fuzz_programs = $(fuzz_sources:.c=.fuzz)

test_objects = $(test_sources:.c=.o) $(fuzz_sources:.c=.o) tests/fuzz/replay.o

$(test_objects): tests/%.o: $(srcdir)/tests/%.c
	$(AM_V_CC)$(MKDIR_P) $(@D) && \
	$(COMPILE) $(test_cppflags) -MMD -MP -c -o $@ $<
-include $(test_objects:.o=.d)

$(test_objects): $(BUILT_SOURCES)

tests/libhelpers.a: $(test_helpers:.c=.o)
	$(AM_V_AR)rm -f $@ && $(AR) cr $@ $^

# Only its own tests have the simulator, so that its names may be those of
# others.
$(test_programs): %: %.o tests/libhelpers.a libsim.a libtext2code.a libgrammars.a
	$(AM_V_CCLD)$(LINK) $< tests/libhelpers.a \
	    $(if $(filter tests/unit/sim/%,$@),libsim.a) $(LIBS_ALL) \
	    $(CMOCKA_LIBS)

$(replay_programs): %.replay: %.o tests/fuzz/replay.o libtext2code.a \
    libgrammars.a
	$(AM_V_CCLD)$(LINK) $< tests/fuzz/replay.o $(LIBS_ALL)

$(fuzz_programs): %.fuzz: %.o libtext2code.a libgrammars.a
	$(AM_V_CCLD)$(LINK) -fsanitize=fuzzer $< $(LIBS_ALL)

fuzz: $(BUILT_SOURCES)
	$(MAKE) $(fuzz_programs)

if HAVE_CMOCKA
test-programs: $(test_programs) $(replay_programs)
check-unit: test-programs
	@srcdir=$(srcdir) $(srcdir)/tests/run-unit tests/logs $(test_programs)
else
test-programs: $(replay_programs)
check-unit:
	@echo "unit tests skipped: cmocka is missing (Debian: libcmocka-dev)"
endif

check-replay: test-programs
	@srcdir=$(srcdir) $(srcdir)/tests/run-replay $(srcdir)/tests/fuzz/corpus \
	    $(replay_programs)

check-local: check-unit check-replay

mostlyclean-local:
	rm -rf tests/logs
	rm -f $(test_programs) $(replay_programs) $(fuzz_programs) \
	    $(test_objects) $(test_objects:.o=.d) tests/libhelpers.a

.PHONY: fuzz test-programs check-unit check-replay

EXTRA_DIST += tests/lint tests/unit tests/sql tests/fuzz tests/golden \
	tests/determinism tests/spark \
	tests/e2e tests/requirements.txt tests/run-unit tests/run-replay
