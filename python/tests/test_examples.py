"""The examples: each runs, says what it should, and draws its picture.

Skipped where a package is missing; scripts/test --all has all.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import importlib.util
import os
import pathlib
import subprocess
import sys

import pytest

import lacuna

SOURCE = pathlib.Path(os.environ.get("LACUNA_SOURCE", pathlib.Path(__file__).parents[2]))
EXAMPLES = pathlib.Path(__file__).parents[1] / "examples"


def need(*modules):
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"no {module}")


def run(words, where, images):
    environment = dict(os.environ, LACUNA_IMAGES=str(images), PYTHONDONTWRITEBYTECODE="1",
                       OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    done = subprocess.run([sys.executable, *map(str, words)], cwd=where, env=environment,
                          capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.mark.parametrize("script, picture, modules", [
    ("sensitivity", "python-sensitivity.png", ["SALib", "matplotlib"]),
    ("posterior", "python-posterior.png", ["emcee", "xarray", "matplotlib"]),
    ("particles", "python-particles.png", ["matplotlib"]),
    ("umbridge_server", "python-umbridge.png", ["umbridge", "matplotlib"]),
    ("noisy", "python-noisy.png", ["pyabc", "xarray", "matplotlib"])])
def test_an_example_runs_and_draws(tmp_path, script, picture, modules):
    need(*modules)
    said = run([EXAMPLES / f"{script}.py"], EXAMPLES, tmp_path)
    assert (tmp_path / picture).stat().st_size > 5000 and "picture: " in said


def test_snakemake_makes_what_is_missing(tmp_path):
    need("snakemake", "pandas", "matplotlib")
    for each in ("Snakefile", "models.py"):
        (tmp_path / each).write_text((EXAMPLES / each).read_text())
    run(["-m", "snakemake", "--cores", "1", "picture.png"], tmp_path, tmp_path)
    assert (tmp_path / "picture.png").stat().st_size > 5000
    assert len(list(tmp_path.glob("uptake-*.csv"))) == 3


def test_the_notebook_runs(tmp_path, monkeypatch):
    need("nbclient", "nbformat", "ipykernel", "xarray", "matplotlib")
    import nbformat
    from nbclient import NotebookClient

    # The kernel may be that of the system; it finds the module that is tested.
    monkeypatch.setenv("PYTHONPATH", str(pathlib.Path(lacuna.__file__).parents[1]))
    monkeypatch.setenv("LACUNA_KNEE_UNTIL", "30 d")
    monkeypatch.setenv("LACUNA_KNEE_DRAWS", "4")
    monkeypatch.setenv("LACUNA_IMAGES", str(tmp_path))
    notebook = nbformat.read(EXAMPLES / "knee.ipynb", as_version=4)
    NotebookClient(notebook, timeout=200, kernel_name="python3",
                   resources={"metadata": {"path": str(SOURCE)}}).execute()
    drawn = [output for cell in notebook.cells for output in cell.get("outputs", [])
             if "image/png" in output.get("data", {})]
    assert drawn and (tmp_path / "python-knee.png").stat().st_size > 5000


def test_the_bench_prints_its_figures():
    said = run([EXAMPLES / "bench.py", "2000"], EXAMPLES, EXAMPLES)
    assert "bench python.call " in said and "bench python.sir_replicates " in said
    assert "against roadrunner" in said or "roadrunner: not installed" in said
