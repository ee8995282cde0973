libtext2code_a_SOURCES += \
	%D%/cell.c %D%/cell.h \
	%D%/highlight.c \
	%D%/lang.c %D%/lang.h \
	%D%/lexer.c %D%/lexer.h \
	%D%/parse.c %D%/parse.h \
	%D%/scan.c %D%/scan.h \
	%D%/section.c

# The grammars are other people's generated C: compiled without our warnings.
noinst_LIBRARIES += libgrammars.a
libgrammars_a_SOURCES = %D%/grammars.c
libgrammars_a_CPPFLAGS = -I$(GRAMMARS)/tree-sitter-python/src
libgrammars_a_CFLAGS = -std=gnu17 -w $(HARDEN_CFLAGS)
