libtext2code_a_SOURCES += \
	%D%/highlight.c \
	%D%/lang.c %D%/lang.h \
	%D%/notebook.c %D%/notebook.h \
	%D%/pylex.c %D%/pylex.h \
	%D%/pyscan.c %D%/pyscan.h \
	%D%/pystring.c %D%/pystring.h \
	%D%/pytemplate.c %D%/pytemplate.h \
	%D%/pynode.c %D%/pytree.c %D%/pytree.h \
	%D%/pyword.c %D%/pyword.h \
	%D%/scala.c \
	%D%/section.c \
	%D%/sql.c \
	%D%/tree.c %D%/tree.h \
	%D%/words.c %D%/words.h

# The grammars are other people's generated C: compiled without our warnings.
noinst_LIBRARIES += libgrammars.a
libgrammars_a_SOURCES = %D%/grammars.c
libgrammars_a_CPPFLAGS = -I$(GRAMMARS)/tree-sitter-python/src
libgrammars_a_CFLAGS = -std=gnu17 -w $(HARDEN_CFLAGS)
