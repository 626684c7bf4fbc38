# The list of methods.
noinst_LIBRARIES += libmethods.a
libmethods_a_SOURCES = src/methods/methods.h src/methods/methods.c
