# The simulated workspace: a program of its own, in which the server has no
# part. All but its main program and its door to libmicrohttpd is a library,
# for the tests.
noinst_LIBRARIES += libsim.a
libsim_a_SOURCES = \
	%D%/auth.c %D%/auth.h \
	%D%/catalog.c %D%/catalog.h \
	%D%/compiler.c %D%/compiler.h \
	%D%/compute.c %D%/compute.h \
	%D%/control.c %D%/control.h \
	%D%/download.c %D%/download.h \
	%D%/engine.c %D%/engine.h \
	%D%/faults.c %D%/faults.h \
	%D%/fields.c %D%/fields.h \
	%D%/glob.c %D%/glob.h \
	%D%/grants.c %D%/grants.h \
	%D%/job_state.c %D%/job_state.h \
	%D%/jobs.c %D%/jobs.h \
	%D%/member.c %D%/member.h \
	%D%/misbehave.c %D%/misbehave.h \
	%D%/oauth.c %D%/oauth.h \
	%D%/page.c %D%/page.h \
	%D%/paging.c %D%/paging.h \
	%D%/reply.c %D%/reply.h \
	%D%/route.c %D%/route.h \
	%D%/rows.c %D%/rows.h \
	%D%/runs.c %D%/runs.h \
	%D%/script.c %D%/script.h \
	%D%/serving.c %D%/serving.h \
	%D%/settings.c %D%/settings.h \
	%D%/sim.h \
	%D%/sql_answer.c %D%/sql_answer.h \
	%D%/sql_type.c %D%/sql_type.h \
	%D%/statements.c %D%/statements.h \
	%D%/store.c %D%/store.h \
	%D%/stream.c %D%/stream.h \
	%D%/tree.c %D%/tree.h \
	%D%/volumes.c %D%/volumes.h \
	%D%/warehouses.c %D%/warehouses.h \
	%D%/workspace.c %D%/workspace.h

# What runs statements becomes C in the build tree.
EXTRA_DIST += %D%/engine.py
BUILT_SOURCES += %D%/engine_list.h
CLEANFILES += %D%/engine_list.h

%D%/engine_list.h: $(srcdir)/%D%/engine.py $(srcdir)/tools/pyembed
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(srcdir)/tools/pyembed $(srcdir)/%D%/engine.py > $@.tmp && \
	mv -f $@.tmp $@

bin_PROGRAMS += text2code-sim
text2code_sim_SOURCES = %D%/main.c %D%/server.c %D%/server.h
text2code_sim_CPPFLAGS = $(AM_CPPFLAGS) $(MICROHTTPD_CFLAGS)
text2code_sim_LDADD = libsim.a libtext2code.a $(MICROHTTPD_LIBS) \
	$(SODIUM_LIBS) $(CJSON_LIBS) -lpthread -lm
