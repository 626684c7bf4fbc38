# The public library: lacuna.h, static and shared. Both hold the rooms from base to run, plans and analysis; the shared
# one shows the names of lacuna.h alone. Its number changes when a program that was linked before
# would no longer work.
include_HEADERS = src/library/lacuna.h
lib_LIBRARIES = liblacuna.a
liblacuna_a_SOURCES = src/library/lacuna.h src/library/copies.c src/library/handle_internal.h \
  src/library/handle.c src/library/library_internal.h src/library/model.c src/library/names.c \
  src/library/about.c src/library/curves.c src/library/endpoints.c src/library/create.c src/library/simulation.c \
  src/library/loading.c src/library/results.c src/library/starts.c src/library/changes.c src/library/values.c \
  src/library/survey.c src/library/report.h src/library/report.c src/library/report_decay.h src/library/report_decay.c \
  src/library/report_discrete.h src/library/report_discrete.c src/library/report_json.h src/library/report_json.c
library_objects = $(libbase_a_OBJECTS) $(liblanguage_a_OBJECTS) $(libmodel_a_OBJECTS) \
  $(libloading_a_OBJECTS) $(libstore_a_OBJECTS) $(libnetwork_a_OBJECTS) $(libtissue_a_OBJECTS) \
  $(libtransport_a_OBJECTS) $(libstepper_a_OBJECTS) $(libmeanfield_a_OBJECTS) \
  $(libplan_a_OBJECTS) $(libanalysis_a_OBJECTS) \
  $(libexact_a_OBJECTS) $(libmolecules_a_OBJECTS) $(libhybrid_a_OBJECTS) $(libmethods_a_OBJECTS) $(libobserve_a_OBJECTS) $(librun_a_OBJECTS)
liblacuna_a_LIBADD = $(library_objects)
liblacuna_a_DEPENDENCIES = $(library_objects)

library_soname = liblacuna.so.0
library_file = $(library_soname).1.0
library_needs = $(HDF5_LIBS) $(YAML_LIBS) $(FFTW_LIBS) $(GSL_LIBS) -lm -lpthread
library_map = src/library/lacuna.map
EXTRA_DIST += $(library_map) src/library/lacuna.pc.in
CLEANFILES += $(library_file) lacuna.pc
all-local: $(library_file)
$(library_file): liblacuna.a $(library_map)
	$(AM_V_CCLD)$(CC) $(AM_CFLAGS) $(CFLAGS) $(LDFLAGS) -shared -o $@ -Wl,-soname,$(library_soname) \
	  -Wl,--version-script,$(srcdir)/$(library_map) -Wl,--whole-archive liblacuna.a \
	  -Wl,--no-whole-archive -Wl,--no-undefined $(library_needs)

# The places are those of this `make`, which packagers set.
pkgconfigdir = $(libdir)/pkgconfig
install-exec-local: $(library_file)
	$(MKDIR_P) "$(DESTDIR)$(libdir)" "$(DESTDIR)$(pkgconfigdir)"
	$(INSTALL_PROGRAM) $(library_file) "$(DESTDIR)$(libdir)/$(library_file)"
	cd "$(DESTDIR)$(libdir)" && rm -f $(library_soname) liblacuna.so && \
	  ln -s $(library_file) $(library_soname) && ln -s $(library_soname) liblacuna.so
	sed -e 's|%prefix%|$(prefix)|' -e 's|%libdir%|$(libdir)|' -e 's|%includedir%|$(includedir)|' \
	  -e 's|%version%|$(PACKAGE_VERSION)|' \
	  -e 's|%private%|$(library_needs) $(OPENMP_CFLAGS)|' \
	  $(srcdir)/src/library/lacuna.pc.in >lacuna.pc
	$(INSTALL_DATA) lacuna.pc "$(DESTDIR)$(pkgconfigdir)/lacuna.pc"
uninstall-library:
	cd "$(DESTDIR)$(libdir)" && rm -f $(library_file) $(library_soname) liblacuna.so
	rm -f "$(DESTDIR)$(pkgconfigdir)/lacuna.pc"
.PHONY: uninstall-library
