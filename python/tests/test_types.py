"""The types that the module declares are right: mypy, strict, finds nothing.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pathlib
import subprocess
import sys

import pytest

SOURCE = pathlib.Path(__file__).parents[1]


def test_the_types_hold(tmp_path):
    pytest.importorskip("mypy")
    done = subprocess.run([sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path),
                           "--config-file", "pyproject.toml", "lacuna"], cwd=SOURCE,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
