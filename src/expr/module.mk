libtext2code_a_SOURCES +=
