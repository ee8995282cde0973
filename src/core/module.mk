libtext2code_a_SOURCES += \
	%D%/answer_parts.h %D%/answer_prepare.c %D%/answer_run.c \
	%D%/answers.c %D%/answers.h \
	%D%/app.c %D%/app.h \
	%D%/compile.c %D%/compile.h \
	%D%/connection_account.c %D%/connection_parts.h \
	%D%/connection_test.c \
	%D%/connections.c %D%/connections.h \
	%D%/discovery.c %D%/discovery.h \
	%D%/generations.c %D%/generations.h \
	%D%/grants.c %D%/grants.h \
	%D%/health.c %D%/health.h \
	%D%/ids.h \
	%D%/judge.c %D%/judge.h \
	%D%/key.c %D%/key.h \
	%D%/mappings.c %D%/mappings.h \
	%D%/own_patterns.c %D%/own_patterns.h \
	%D%/password.c %D%/password.h %D%/password_words.c \
	%D%/pattern_document.c \
	%D%/proposals.c %D%/proposals.h \
	%D%/patterns.c %D%/patterns.h \
	%D%/pools.h \
	%D%/problems.c %D%/problems.h \
	%D%/proof.c %D%/proof.h \
	%D%/recipe.c %D%/recipe.h \
	%D%/seal.c %D%/seal.h \
	%D%/session.c %D%/session.h \
	%D%/throttle.c %D%/throttle.h \
	%D%/user.c %D%/user.h

# What was proved becomes C in the build tree.
EXTRA_DIST += tools/proofembed
BUILT_SOURCES += %D%/proof_table.h
CLEANFILES += %D%/proof_table.h

%D%/proof_table.h: $(srcdir)/docs/proof.md $(srcdir)/tools/proofembed
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(srcdir)/tools/proofembed $(srcdir)/docs/proof.md > $@.tmp && \
	mv -f $@.tmp $@
