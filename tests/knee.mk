# The whole knee: scenarios under params/joint. Years of model time say nothing new to a sanitizer.
knee_tests = tests/knee/test_version2.py tests/knee/test_columns.py tests/knee/test_lesion.py tests/knee/test_membrane.py tests/knee/test_graded.py tests/knee/test_dimensions.py tests/knee/test_mediators.py
if !SANITIZERS
TESTS += $(knee_tests)
endif
EXTRA_DIST += tests/knee/knee.py tests/knee/reference.json tests/knee/tagged.yaml $(knee_tests)
$(knee_tests:.py=.log): lacuna$(EXEEXT)

# Tables of the page of the whole knee, and scripts that draw sweeps.
page_tests = tests/knee/test_page.py tests/test_tornado.py tests/test_fans.py tests/test_calibrate.py tests/test_spread_script.py
if !SANITIZERS
TESTS += $(page_tests)
endif
EXTRA_DIST += scripts/knee-tables scripts/knee-knockouts scripts/knee-versions scripts/knee-lesion scripts/knee-membrane $(page_tests)
$(page_tests:.py=.log): lacuna$(EXEEXT)
