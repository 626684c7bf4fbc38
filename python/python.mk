# The Python module: distributed whole, built by pip (docs/python.md), tested by tests/test_python.sh.
EXTRA_DIST += python/README.md python/pyproject.toml python/setup.py python/build_native.py \
  python/lacuna/__init__.py python/lacuna/_core.py python/lacuna/_dataset.py \
  python/lacuna/_endpoints.py python/lacuna/_files.py python/lacuna/_function.py \
  python/lacuna/_model.py python/lacuna/_progress.py python/lacuna/_run.py \
  python/lacuna/_simulation.py python/lacuna/_tables.py python/lacuna/py.typed python/lacuna/_native.pyi \
  python/tests/conftest.py python/tests/test_function.py python/tests/test_model.py \
  python/requirements-examples.txt \
  scripts/wheel python/tests/test_examples.py python/tests/test_document.py python/tests/test_simulation.py python/tests/test_types.py
# Beside the page that links to them.
pythonexamplesdir = $(docdir)/python/examples
dist_pythonexamples_DATA = python/examples/Snakefile python/examples/bench.py \
  python/examples/knee.ipynb python/examples/models.py python/examples/noisy.py \
  python/examples/particles.py python/examples/posterior.py python/examples/sensitivity.py \
  python/examples/umbridge_server.py
if !SANITIZERS
TESTS += tests/test_python.sh
endif
EXTRA_DIST += tests/test_python.sh tests/python.sh
