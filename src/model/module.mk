libtext2code_a_SOURCES += \
	%D%/chat.c %D%/chat.h \
	%D%/contract.c %D%/contract.h \
	%D%/prompt.c %D%/prompt.h \
	%D%/python_check.c %D%/python_check.h \
	%D%/reply.c %D%/reply.h
