libtext2code_a_SOURCES += \
	%D%/address.c %D%/address.h \
	%D%/child.c %D%/child.h \
	%D%/config.c %D%/config.h \
	%D%/crypto.c %D%/crypto.h \
	%D%/files.c %D%/files.h \
	%D%/http.c %D%/http.h \
	%D%/lock.c %D%/lock.h \
	%D%/pkce.c %D%/pkce.h \
	%D%/share.c %D%/share.h
libtext2code_a_CPPFLAGS += \
	-DLOCALSTATEDIR='"$(localstatedir)"' -DPKGDATADIR='"$(pkgdatadir)"'
EXTRA_DIST += conf/text2code.conf
