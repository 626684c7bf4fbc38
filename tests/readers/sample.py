"""What the readers' tests share: a result of known formulas (tests/observe_sample.h), and checks.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import subprocess
import sys
import tempfile

import numpy as np

PICOMOLAR = 1e-12 * 6.02214076e23 / 1e15  # [um^-3]
BUILD = os.path.dirname(os.environ.get("LACUNA", "./lacuna"))
FAILURES = []


def make(kind, directory):
    path = os.path.join(directory, kind + ".nc")
    subprocess.run([os.path.join(BUILD, "tests", "readers", "make_result"), path, kind], check=True)
    return path


def check(truth, holds):
    if not holds:
        FAILURES.append(truth)
        print("FAIL:", truth, file=sys.stderr)


def close(truth, values, expected, tolerance=1e-6):
    values, expected = np.asarray(values, float), np.asarray(expected, float)
    check(truth, values.shape == expected.shape and
          np.allclose(values, expected, rtol=tolerance, atol=0, equal_nan=True))


def substance(hours):
    """The field A [pM] over (time, z, y, x), NaN in the hole."""
    t = np.asarray(hours, float)[:, None, None, None] * 3600
    z = (np.arange(120) + 0.5)[None, :, None, None] * 20
    x = (np.arange(10) + 0.5)[None, None, None, :] * 20
    values = 1e-2 * np.exp(-z / 900) * (1 + 0.3 * np.sin(x / 40)) * np.exp(-t / 2e5) / PICOMOLAR
    hole = (x > 80) & (x < 120) & (z < 400)
    return np.where(hole, np.nan, values)


def run(test):
    with tempfile.TemporaryDirectory() as directory:
        test(directory)
    sys.exit(1 if FAILURES else 0)
