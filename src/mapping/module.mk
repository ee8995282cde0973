libtext2code_a_SOURCES += \
	%D%/column.c \
	%D%/condition.c \
	%D%/csv.c %D%/csv.h \
	%D%/encoding.c %D%/encoding.h \
	%D%/field.c %D%/field.h \
	%D%/header.c \
	%D%/join.c \
	%D%/mapping.c %D%/mapping.h \
	%D%/name.c %D%/name.h \
	%D%/order.c \
	%D%/reader.h \
	%D%/row.c %D%/row.h \
	%D%/rule.c \
	%D%/separator.c %D%/separator.h \
	%D%/sheet.c %D%/sheet.h \
	%D%/source.c \
	%D%/table_ref.c \
	%D%/value.c
