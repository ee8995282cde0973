libtext2code_a_SOURCES += \
	%D%/arithmetic.c %D%/arithmetic.h \
	%D%/bind.c %D%/bind.h \
	%D%/bind_form.c \
	%D%/bind_operator.c \
	%D%/calendar.c %D%/calendar.h \
	%D%/cast.c %D%/cast.h \
	%D%/cast_text.c \
	%D%/coerce.c %D%/coerce.h \
	%D%/decimal.c %D%/decimal.h \
	%D%/eval.c %D%/eval.h \
	%D%/literal.c \
	%D%/node.c %D%/node.h \
	%D%/value.c %D%/value.h \
	%D%/value_type.c
