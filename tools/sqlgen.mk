noinst_PROGRAMS += %D%/sqlgen
%C%_sqlgen_SOURCES = \
	%D%/sqlgen.c %D%/sqlgen.h \
	%D%/sqlgen_emit.c %D%/sqlgen_read.c %D%/sqlgen_type.c \
	src/base/arena.c src/base/buf.c src/base/str.c
%C%_sqlgen_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
%C%_sqlgen_LDADD = $(SQLITE_LIBS)
