libtext2code_a_SOURCES += \
	%D%/client.c %D%/client.h \
	%D%/fault.c %D%/fault.h \
	%D%/host.c %D%/host.h \
	%D%/oauth.c %D%/oauth.h \
	%D%/retry.c %D%/retry.h \
	%D%/sse.c %D%/sse.h
