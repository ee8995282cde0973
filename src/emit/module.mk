libtext2code_a_SOURCES += \
	%D%/cells.c %D%/cells.h \
	%D%/helper.c %D%/helper.h \
	%D%/lakeflow.c %D%/lakeflow.h \
	%D%/pipeline.c %D%/pipeline.h \
	%D%/proof.c %D%/proof.h \
	%D%/pyspark.c %D%/pyspark.h %D%/pyspark_parts.h \
	%D%/pyspark_helpers.c \
	%D%/pyspark_history.c \
	%D%/pyspark_incremental.c \
	%D%/pyspark_merge.c \
	%D%/pyspark_module.c \
	%D%/pyspark_notebook.c \
	%D%/pyspark_rules.c \
	%D%/pyspark_target.c \
	%D%/pyspark_transform.c \
	%D%/pyspark_write.c \
	%D%/python.c %D%/python_layout.c %D%/python.h %D%/python_layout.h \
	%D%/source_map.c %D%/source_map.h \
	%D%/tests.c %D%/tests.h %D%/tests_parts.h \
	%D%/tests_load.c \
	%D%/tests_pattern.c \
	%D%/tests_rules.c \
	%D%/tests_transform.c \
	%D%/scala.h %D%/scala_parts.h \
	%D%/scala_helpers.c \
	%D%/scala_history.c \
	%D%/scala_load.c \
	%D%/scala_merge.c \
	%D%/scala_notebook.c \
	%D%/scala_rules.c \
	%D%/scala_text.c \
	%D%/scala_transform.c \
	%D%/sql.c %D%/sql.h %D%/sql_parts.h \
	%D%/sql_history.c \
	%D%/sql_load.c \
	%D%/sql_query.c \
	%D%/text_table.c %D%/text_table.h

# The code that notebooks share, and that tests share, becomes C in the build
# tree.
EXTRA_DIST += %D%/helpers.py %D%/helpers.scala %D%/testing.py tools/pyembed
BUILT_SOURCES += %D%/helper_list.h %D%/scala_list.h %D%/testing_list.h
CLEANFILES += %D%/helper_list.h %D%/scala_list.h %D%/testing_list.h

%D%/helper_list.h: $(srcdir)/%D%/helpers.py $(srcdir)/tools/pyembed
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(srcdir)/tools/pyembed $(srcdir)/%D%/helpers.py > $@.tmp && \
	mv -f $@.tmp $@

%D%/testing_list.h: $(srcdir)/%D%/testing.py $(srcdir)/tools/pyembed
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(srcdir)/tools/pyembed $(srcdir)/%D%/testing.py > $@.tmp && \
	mv -f $@.tmp $@

%D%/scala_list.h: $(srcdir)/%D%/helpers.scala $(srcdir)/tools/pyembed
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	$(srcdir)/tools/pyembed $(srcdir)/%D%/helpers.scala > $@.tmp && \
	mv -f $@.tmp $@
