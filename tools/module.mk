include tools/sqlgen.mk
