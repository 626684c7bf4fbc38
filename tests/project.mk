# Tests of models, scenarios and documents, with the program as users run it.
TESTS += tests/test_scenarios.sh tests/test_documents.sh tests/test_knee.py
EXTRA_DIST += tests/test_scenarios.sh tests/test_documents.sh tests/test_knee.py
