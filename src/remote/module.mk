libtext2code_a_SOURCES += \
	%D%/fault.c %D%/fault.h \
	%D%/sse.c %D%/sse.h
