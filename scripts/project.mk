# Models, scenarios, documents and scripts: what is installed and distributed, and the targets that
# look at the sources: bench, check-format, shellcheck, coverage.
nobase_dist_pkgdata_DATA = \
  models/knee_msc.yaml \
  models/knee/joint.yaml models/knee/transport.yaml models/knee/solutes.yaml \
  models/knee/background.yaml models/knee/chondrocytes.yaml models/knee/enzymes.yaml \
  models/knee/matrix.yaml models/knee/macrophages.yaml models/knee/msc.yaml \
  models/knee/endpoints.yaml \
  models/knee_joint.yaml \
  models/joint/chondrocytes.yaml \
  models/joint/endpoints.yaml \
  models/joint/enzymes.yaml \
  models/joint/matrix.yaml \
  models/joint/msc.yaml \
  models/joint/parameters_matrix.yaml \
  models/joint/parameters_secretion.yaml \
  models/joint/parameters_signals.yaml \
  models/joint/parameters_synovium.yaml \
  models/joint/parameters_transport.yaml \
  models/joint/solutes.yaml \
  models/joint/synovium.yaml \
  models/joint/transport.yaml \
  models/decay.yaml models/binding.yaml models/slab_uptake.yaml \
  params/untreated.yaml params/saline.yaml params/adsc_50M.yaml \
  params/column/untreated_column.yaml params/column/saline_column.yaml \
  params/column/adsc_50M_column.yaml \
  params/severity/moderate.yaml params/product/saline.yaml params/product/adsc.yaml \
  params/setting/section.yaml params/setting/column.yaml \
  params/teaching/decay.yaml params/teaching/binding.yaml params/teaching/slab_uptake.yaml

EXTRA_DIST += \
  .clang-format .ci/run results/README \
  scripts/demo scripts/test scripts/setup.sh scripts/packages scripts/compare.py

# bench: every program in BENCHMARKS prints `bench NAME VALUE UNIT` and `ratio R against BASELINE`.
bench: $(BENCHMARKS)
	@for program in $(BENCHMARKS); do ./$$program || exit 1; done
EXTRA_PROGRAMS += $(BENCHMARKS)

CLANG_FORMAT = clang-format
check-format:
	cd $(srcdir) && find src tests -name '*.[ch]' | sort | xargs $(CLANG_FORMAT) --dry-run -Werror

SHELLCHECK = shellcheck
shellcheck:
	cd $(srcdir) && $(SHELLCHECK) -x scripts/demo scripts/test scripts/setup.sh .ci/run \
	  $$(find scripts tests -name '*.sh') tests/with-python

GCOVR = gcovr
coverage:
	@case '$(LAC_CFLAGS)' in *--coverage*) ;; *) \
	  echo 'configure with --enable-coverage first' >&2; exit 1 ;; esac
	$(MAKE) $(AM_MAKEFLAGS) check
	$(GCOVR) --root $(srcdir) --filter $(srcdir)/src/ --print-summary .

.PHONY: bench check-format shellcheck coverage
