# Tests of models, scenarios and documents, with the program as users run it.
TESTS += tests/test_scenarios.sh
# What runs no code of ours says nothing to a sanitizer, and days of model time nothing new.
if !SANITIZERS
TESTS += tests/test_citation.sh tests/test_release.sh tests/test_coverage.sh tests/test_documents.sh tests/test_knee.py \
  tests/test_published.py tests/test_teaching.py tests/test_mask.py
endif
EXTRA_DIST += tests/test_scenarios.sh tests/test_citation.sh tests/test_release.sh tests/test_coverage.sh tests/test_documents.sh tests/test_knee.py tests/test_published.py tests/test_teaching.py tests/test_mask.py

# The table of ARCHITECTURE.md: a copy of the sources is changed and built.
if !SANITIZERS
TESTS += tests/test_additions.py
endif
EXTRA_DIST += tests/test_additions.py tests/additions/euler.c tests/additions/largest.c tests/additions/toys.c
tests/test_additions.log: lacuna$(EXEEXT)
