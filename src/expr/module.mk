libtext2code_a_SOURCES += \
	%D%/charset.c %D%/charset.h \
	%D%/check.c %D%/check.h \
	%D%/check_function.c \
	%D%/dump.c \
	%D%/expr.c %D%/expr.h \
	%D%/function_foreign.h %D%/function_table.h \
	%D%/functions.c %D%/functions.h \
	%D%/hint.c %D%/hint.h %D%/hint_slip.h \
	%D%/hint_word.c \
	%D%/interval.c \
	%D%/keyword_list.h \
	%D%/keywords.c %D%/keywords.h \
	%D%/lexer.c %D%/lexer.h \
	%D%/literal.c %D%/literal.h \
	%D%/literal_time.c \
	%D%/parser.c %D%/parser.h \
	%D%/parser_call.c \
	%D%/parser_literal.c \
	%D%/parser_operator.c \
	%D%/parser_primary.c \
	%D%/parser_window.c \
	%D%/prose.c %D%/prose.h \
	%D%/prose_match.c %D%/prose_match.h \
	%D%/prose_phrase.h %D%/prose_remark.h %D%/prose_word.h \
	%D%/quote.c \
	%D%/rewrite.c \
	%D%/suggest.c %D%/suggest.h \
	%D%/type.c %D%/type.h %D%/type_foreign.h \
	%D%/units.c %D%/units.h
