"""The page docs/python.md: what it shows runs, in its order, beside the drug of the README.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import importlib.util
import os
import pathlib
import re

import pytest

SOURCE = pathlib.Path(os.environ.get("LACUNA_SOURCE", pathlib.Path(__file__).parents[2]))


def fences(page, language):
    text = (SOURCE / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_what_the_page_shows_runs(tmp_path, monkeypatch):
    pytest.importorskip("xarray")
    monkeypatch.chdir(tmp_path)
    drug = next(each for each in fences("README.md", "sh") if "cat > drug.yaml" in each)
    text = drug.split("<<'EOF'\n", 1)[1].split("\nEOF\n", 1)[0]
    (tmp_path / "drug.yaml").write_text(text.replace("until: 2 d", "until: 4 d"), encoding="utf-8")
    shown = fences("docs/python.md", "python")
    assert len(shown) >= 3
    names = {}
    for each in shown:
        if "import emcee" in each and importlib.util.find_spec("emcee") is None:
            continue
        exec(compile(each, "docs/python.md", "exec"), names)  # noqa: S102
