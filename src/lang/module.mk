libtext2code_a_SOURCES +=

# The grammars are other people's generated C: compiled without our warnings.
noinst_LIBRARIES += libgrammars.a
libgrammars_a_SOURCES = %D%/grammars.c
libgrammars_a_CPPFLAGS = -I$(GRAMMARS)/tree-sitter-python/src
libgrammars_a_CFLAGS = -std=gnu17 -w $(HARDEN_CFLAGS)
