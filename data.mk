# What is installed besides the programs, and what a release holds.

# Found as they are: a new view, pattern or sample needs no edit here.
SHARED_FOLDERS = views static patterns samples

# In a template, words between at signs are replaced by where things are.
RUN_FOLDER = /run/text2code
SUBSTITUTE = $(AM_V_GEN)sed \
	-e 's|@LISTEN@|80|' \
	-e 's|@RUN@|$(RUN_FOLDER)|' \
	-e 's|@SHARE@|$(pkgdatadir)|' \
	-e 's|@PAGE_DEADLINE@|20|' \
	-e 's|@CALL_DEADLINE@|300|' \
	-e 's|@RETRY@|10|' \
	-e 's|@SBIN@|$(sbindir)|' \
	-e 's|@CONF@|$(sysconfdir)/text2code.conf|'

UNITS = text2code-pages.socket text2code-calls.socket \
	text2code-pages.service text2code-calls.service text2code.target
pkgdata_DATA = nginx.conf
systemdsystemunit_DATA = $(UNITS)
sysusersdir = $(prefix)/lib/sysusers.d
sysusers_DATA = systemd/sysusers.d/text2code.conf
CLEANFILES += nginx.conf $(UNITS)

nginx.conf: $(srcdir)/conf/nginx.conf
	$(SUBSTITUTE) $(srcdir)/conf/nginx.conf >$@.tmp && mv -f $@.tmp $@

$(UNITS): %: $(srcdir)/systemd/%
	$(SUBSTITUTE) $< >$@.tmp && mv -f $@.tmp $@

# The configuration is never overwritten, and removed only if it is as it was.
install-data-local:
	@for f in `cd $(srcdir) && find $(SHARED_FOLDERS) -type f`; do \
	  $(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/`dirname $$f`" && \
	  $(INSTALL_DATA) "$(srcdir)/$$f" "$(DESTDIR)$(pkgdatadir)/$$f" || \
	  exit 1; \
	done
	@$(MKDIR_P) "$(DESTDIR)$(sysconfdir)"
	@test -e "$(DESTDIR)$(sysconfdir)/text2code.conf" || \
	  $(INSTALL_DATA) "$(srcdir)/conf/text2code.conf" \
	    "$(DESTDIR)$(sysconfdir)/text2code.conf"

uninstall-local:
	@for d in $(SHARED_FOLDERS); do \
	  rm -rf "$(DESTDIR)$(pkgdatadir)/$$d"; \
	done
	@rmdir "$(DESTDIR)$(pkgdatadir)" 2>/dev/null || :
	@! cmp -s "$(srcdir)/conf/text2code.conf" \
	    "$(DESTDIR)$(sysconfdir)/text2code.conf" || \
	  rm -f "$(DESTDIR)$(sysconfdir)/text2code.conf"

# `make distcheck` runs elsewhere and does not fetch.
AM_DISTCHECK_CONFIGURE_FLAGS = --with-grammars=$(abspath $(GRAMMARS))

EXTRA_DIST += $(SHARED_FOLDERS) bench conf docs start systemd .ci \
	tools/check-headers tools/fetch-grammars tools/install-packages \
	tools/lint \
	$(wildcard $(addprefix $(srcdir)/,*.md LICENSE COPYING .clang-format \
	    .gitignore))

# ./check by hand: the name is also that of a target, which would be made.
dist-hook:
	cp -p $(srcdir)/check $(distdir)/check
	find $(distdir) -depth \( -name __pycache__ -o -name .pytest_cache \
	    -o -name '*.pyc' \) -exec rm -rf {} \;
