libtext2code_a_SOURCES += \
	%D%/cases.c %D%/cases.h \
	%D%/guess.c %D%/guess_type.c %D%/guess_values.c %D%/guess.h \
	%D%/model.c %D%/model_history.c %D%/model.h \
	%D%/pattern_text.c %D%/pattern_text.h \
	%D%/rows.c %D%/rows.h \
	%D%/rules.c %D%/rules.h \
	%D%/scope.c %D%/scope.h \
	%D%/scenario.c %D%/scenario_lines.c %D%/scenario.h %D%/script.h \
	%D%/signatures.h \
	%D%/transform.c \
	%D%/trial.c %D%/trial.h \
	%D%/use.c %D%/use.h
