libtext2code_a_SOURCES += \
	%D%/pyspark.c %D%/pyspark.h %D%/pyspark_parts.h \
	%D%/pyspark_transform.c \
	%D%/pyspark_write.c \
	%D%/python.c %D%/python_layout.c %D%/python.h %D%/python_layout.h
