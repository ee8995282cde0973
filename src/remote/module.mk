libtext2code_a_SOURCES += \
	%D%/sse.c %D%/sse.h
