libtext2code_a_SOURCES += \
	%D%/db.c %D%/db.h \
	%D%/migrate.c

# SQL becomes C in the build tree. sqlgen cannot use the library, which needs
# what sqlgen writes.
SQL_SCHEMA = $(srcdir)/sql/schema.sql
SQL_QUERIES = \
	$(srcdir)/sql/answer.sql \
	$(srcdir)/sql/connection.sql \
	$(srcdir)/sql/generation.sql \
	$(srcdir)/sql/health.sql \
	$(srcdir)/sql/mapping.sql \
	$(srcdir)/sql/pattern.sql \
	$(srcdir)/sql/session.sql \
	$(srcdir)/sql/user.sql
SQL_MIGRATIONS = \
	$(srcdir)/sql/migrate/0001_initial.sql \
	$(srcdir)/sql/migrate/0002_source_map.sql \
	$(srcdir)/sql/migrate/0003_tests.sql \
	$(srcdir)/sql/migrate/0004_patterns.sql \
	$(srcdir)/sql/migrate/0005_connections.sql \
	$(srcdir)/sql/migrate/0006_answers.sql \
	$(srcdir)/sql/migrate/0007_oauth.sql \
	$(srcdir)/sql/migrate/0008_models.sql \
	$(srcdir)/sql/migrate/0009_tests.sql \
	$(srcdir)/sql/migrate/0010_askings.sql
EXTRA_DIST += $(SQL_SCHEMA) $(SQL_QUERIES) $(SQL_MIGRATIONS)

DB_GENERATED = %D%/queries.h %D%/queries.c %D%/migrations.c
nodist_libtext2code_a_SOURCES = $(DB_GENERATED)
BUILT_SOURCES += $(DB_GENERATED)
CLEANFILES += $(DB_GENERATED)

SQLGEN = tools/sqlgen$(EXEEXT)

%D%/queries.h: $(SQLGEN) $(SQL_SCHEMA) $(SQL_QUERIES)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	./$(SQLGEN) header $(SQL_SCHEMA) $(SQL_QUERIES) > $@.tmp && \
	mv -f $@.tmp $@

%D%/queries.c: $(SQLGEN) $(SQL_SCHEMA) $(SQL_QUERIES)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	./$(SQLGEN) source $(SQL_SCHEMA) $(SQL_QUERIES) > $@.tmp && \
	mv -f $@.tmp $@

%D%/migrations.c: $(SQLGEN) $(SQL_MIGRATIONS)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	./$(SQLGEN) migrations $(SQL_MIGRATIONS) > $@.tmp && \
	mv -f $@.tmp $@
