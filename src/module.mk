# The two programs: the web service and the command line.
sbin_PROGRAMS += text2code-fcgi
text2code_fcgi_SOURCES = \
	%D%/fcgi.c \
	%D%/listener.c %D%/listener.h \
	%D%/supervisor.c %D%/supervisor.h
text2code_fcgi_LDADD = $(LIBS_ALL)

bin_PROGRAMS += text2code
text2code_SOURCES = %D%/cli.c $(CLI_SOURCES)
text2code_LDADD = $(LIBS_ALL)
