libtext2code_a_SOURCES += \
	%D%/arena.c %D%/arena.h \
	%D%/banned.h %D%/base.h \
	%D%/base64.c %D%/base64.h \
	%D%/buf.c %D%/buf.h \
	%D%/clock.c %D%/clock.h \
	%D%/codes.h \
	%D%/err.c %D%/err.h \
	%D%/json.c %D%/json.h \
	%D%/log.c %D%/log.h \
	%D%/map.c %D%/map.h \
	%D%/problem.c %D%/problem.h \
	%D%/str.c %D%/str.h \
	%D%/yaml.c %D%/yaml.h
