# The command line's own files; the program is made of them in src/module.mk.
CLI_SOURCES = \
	%D%/cmd.h \
	%D%/commands.c \
	%D%/compile.c \
	%D%/errors.c \
	%D%/evaluate.c \
	%D%/open.c \
	%D%/pattern.c \
	%D%/user.c
