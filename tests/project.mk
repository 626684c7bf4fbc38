# Tests of models, scenarios and documents, with the program as users run it.
TESTS += tests/test_scenarios.sh tests/test_citation.sh tests/test_release.sh
if !SANITIZERS
TESTS += tests/test_documents.sh tests/test_knee.py tests/test_published.py
endif
EXTRA_DIST += tests/test_scenarios.sh tests/test_citation.sh tests/test_release.sh tests/test_documents.sh tests/test_knee.py tests/test_published.py
