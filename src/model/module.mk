libtext2code_a_SOURCES += \
	%D%/chat.c %D%/chat.h
