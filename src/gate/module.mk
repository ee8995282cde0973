libtext2code_a_SOURCES += \
	%D%/allow.c %D%/allow.h \
	%D%/calls.c %D%/classes.c %D%/settings.c %D%/views.c %D%/writes.c %D%/calls.h \
	%D%/columns.c %D%/inserts.c %D%/mentions.c %D%/columns.h \
	%D%/merges.c %D%/merge_keys.c %D%/merge_sql.c \
	%D%/merges.h \
	%D%/foreign.c \
	%D%/flow.c %D%/pieces.c %D%/flow.h \
	%D%/frame.c %D%/frame.h \
	%D%/gate.c %D%/gate.h \
	%D%/imported.c %D%/imported.h \
	%D%/names.c \
	%D%/order.c %D%/order.h \
	%D%/partial.c %D%/partial_call.c %D%/partial_class.c \
	 %D%/partial_constant.c \
	%D%/partial_elements.c %D%/partial_fold.c %D%/partial_grow.c %D%/partial_known.c \
	%D%/partial_loop.c %D%/partial_sql.c %D%/partial.h %D%/partial_parts.h \
	%D%/program.c %D%/program.h \
	%D%/reach.c %D%/reach.h \
	%D%/shape.c %D%/shape_change.c %D%/shape_item.c %D%/reads.c \
	%D%/reads_role.c %D%/reads.h %D%/shape.h \
	%D%/selects.c %D%/selects.h \
	%D%/sql.c %D%/sql_joints.c %D%/sql_joints.h \
	%D%/sql_pieces.c %D%/sql_words.c %D%/sql.h %D%/sql_words.h \
	%D%/testing.c %D%/testing_ask.c %D%/testing_code.c %D%/testing_open.c \
	%D%/testing_path.c %D%/testing_place.c %D%/testing_pytest.c \
	%D%/testing_run.c %D%/testing_shape.c %D%/testing_use.c %D%/testing.h \
	%D%/tests.c %D%/tests.h \
	%D%/uses.c %D%/own.c %D%/uses.h
