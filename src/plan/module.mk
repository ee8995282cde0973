libtext2code_a_SOURCES += \
	%D%/identifier.c \
	%D%/json.c \
	%D%/options.c %D%/options.h \
	%D%/pattern.c %D%/pattern.h \
	%D%/plan.c %D%/plan.h \
	%D%/words.c
