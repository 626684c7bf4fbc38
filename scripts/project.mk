# Models, scenarios, documents and scripts: what is installed and distributed, and the targets that
# look at the sources: bench, check-format, shellcheck, coverage.
# The directories models/ and params/ go along whole: a new file needs no line here.
EXTRA_DIST += models params
install-models:
	cd $(srcdir) && find models params -name '*.yaml' -o -name '*.csv' -o -name '*.h5' -o -name '*.nii.gz' | while read -r file; do \
	  $(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/$$(dirname "$$file")" && \
	  $(INSTALL_DATA) "$$file" "$(DESTDIR)$(pkgdatadir)/$$file" || exit 1; done
uninstall-models:
	rm -rf "$(DESTDIR)$(pkgdatadir)/models" "$(DESTDIR)$(pkgdatadir)/params"

EXTRA_DIST += .clang-format .clang-tidy .editorconfig .reuse/dep5 \
  LICENSES/GPL-3.0-or-later.txt .ci/run results/README \
  .pre-commit-config.yaml scripts/demo scripts/test scripts/release scripts/coverage \
  scripts/setup.sh scripts/packages \
  scripts/burn-in scripts/knee-grid scripts/campaign-fresh

# bench: every program in BENCHMARKS and every script in SHELL_BENCHMARKS prints `bench NAME VALUE UNIT` and
# `ratio R against BASELINE`.
# BENCH=all: rows that take minutes, too.
bench: $(BENCHMARKS) lacuna$(EXEEXT)
	@for program in $(BENCHMARKS); do BENCH='$(BENCH)' ./$$program || exit 1; done
	@for script in $(SHELL_BENCHMARKS); do \
	  BENCH='$(BENCH)' LACUNA='$(abs_top_builddir)/lacuna' $(srcdir)/$$script || exit 1; done
EXTRA_PROGRAMS += $(BENCHMARKS)

CLANG_FORMAT = clang-format
check-format:
	cd $(srcdir) && find src tests -name '*.[ch]' | sort | xargs $(CLANG_FORMAT) --dry-run -Werror

SHELLCHECK = shellcheck
shellcheck:
	cd $(srcdir) && $(SHELLCHECK) -x scripts/demo scripts/test scripts/release scripts/setup.sh \
	  scripts/campaign-fresh scripts/submit scripts/wheel .ci/run \
	  $$(find scripts tests -name '*.sh') tests/with-python

# What tools that read the sources find: mistakes that compilers let pass, files without a licence.
CPPCHECK = cppcheck
cppcheck:
	cd $(srcdir) && $(CPPCHECK) -q --enable=warning,performance,portability --inline-suppr \
	  --suppress=missingIncludeSystem --suppress=unknownMacro --std=c11 -I src --error-exitcode=1 -j 2 src

# clang-tidy works on one file at a time: as many of them as there are processors.
CLANG_TIDY = clang-tidy
clang-tidy:
	@find $(srcdir)/src -name '*.c' ! -name mpi_ranks.c | sort | \
	  xargs -I '{}' -P "$$(getconf _NPROCESSORS_ONLN)" $(CLANG_TIDY) --quiet \
	  --config-file=$(srcdir)/.clang-tidy '{}' -- $(DEFS) $(AM_CPPFLAGS) \
	  -D_GNU_SOURCE -std=c11 $(HDF5_CFLAGS) $(GSL_CFLAGS) $(FFTW_CFLAGS) 2>&1 | \
	  { ! grep -E '(warning|error):'; }

REUSE = reuse
reuse:
	cd $(srcdir) && $(REUSE) lint -q

# The lines that the C tests run; `make check` before it, and those of the scripts count too.
coverage:
	@case '$(LAC_CFLAGS)' in *--coverage*) ;; *) \
	  echo 'configure with --enable-coverage first' >&2; exit 1 ;; esac
	$(MAKE) $(AM_MAKEFLAGS) check-c
	$(srcdir)/scripts/coverage .

.PHONY: install-models uninstall-models bench check-format shellcheck cppcheck clang-tidy reuse coverage
