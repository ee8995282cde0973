libtext2code_a_SOURCES += \
	%D%/complexity.c %D%/complexity.h \
	%D%/column_sql.c \
	%D%/derived.c %D%/derived.h %D%/derived_parts.h \
	%D%/derived_compare.c \
	%D%/derived_model.c \
	%D%/derived_template.c \
	%D%/identifier.c \
	%D%/inputs.c \
	%D%/json.c \
	%D%/lineage.c %D%/lineage.h \
	%D%/openlineage.c %D%/openlineage.h \
	%D%/fanout.c %D%/fanout.h \
	%D%/option_value.c \
	%D%/options.c %D%/options.h \
	%D%/options_common.c \
	%D%/options_read.h \
	%D%/options_strategy.c \
	%D%/output.c %D%/output.h \
	%D%/pattern.c %D%/pattern.h \
	%D%/place.c %D%/place.h \
	%D%/plan.c %D%/plan.h \
	%D%/words.c
