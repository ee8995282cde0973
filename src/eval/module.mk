libtext2code_a_SOURCES += \
	%D%/arithmetic.c %D%/arithmetic.h \
	%D%/bind.c %D%/bind.h \
	%D%/bind_form.c \
	%D%/bind_operator.c \
	%D%/builtin.c %D%/builtin.h \
	%D%/builtin_array.c \
	%D%/builtin_condition.c \
	%D%/builtin_date.c \
	%D%/builtin_date_part.c \
	%D%/builtin_hash.c \
	%D%/builtin_json.c \
	%D%/builtin_lambda.c \
	%D%/builtin_like.c \
	%D%/builtin_nested.c \
	%D%/builtin_number.c \
	%D%/builtin_opaque.c \
	%D%/builtin_regex.c \
	%D%/builtin_real.c \
	%D%/builtin_text.c \
	%D%/builtin_text_code.c \
	%D%/builtin_text_find.c \
	%D%/builtin_time.c \
	%D%/calendar.c %D%/calendar.h \
	%D%/cast.c %D%/cast.h \
	%D%/cast_text.c \
	%D%/coerce.c %D%/coerce.h \
	%D%/decimal.c %D%/decimal.h \
	%D%/digest.c %D%/digest.h \
	%D%/eval.c %D%/eval.h \
	%D%/hash.c \
	%D%/interval.c %D%/interval.h \
	%D%/literal.c \
	%D%/node.c %D%/node.h \
	%D%/regex.c %D%/regex.h \
	%D%/regex_compile.c %D%/regex_program.h \
	%D%/rotate.h \
	%D%/time_pattern.c %D%/time_pattern.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/value.c %D%/value.h \
	%D%/value_type.c \
	%D%/window.c %D%/window.h \
	%D%/window_aggregate.c \
	%D%/zone.c %D%/zone.h
