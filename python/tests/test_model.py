"""Models: loading, names, values, errors with places.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import pickle

import numpy as np
import pytest

import lacuna
from conftest import DRUG


def test_a_model_comes_from_a_path_a_text_or_a_dict(tmp_path, drug):
    path = tmp_path / "drug.yaml"
    path.write_text(DRUG)
    whole = {
        "lacuna": 1, "title": "from a dict",
        "domains": {"flask": {"kind": "well-mixed", "volume": "1 mL"}},
        "species": {"A": {"flask": {"initial": "8 nM", "atol": "1e-6 nM"}}},
        "parameters": {"k": {"value": "0.5 1/h", "kind": "assumption", "source": "a test"}},
        "reactions": {"loss": {"in": "flask", "equation": "A ->", "rate": "k * A"}},
        "run": {"until": "2 h", "save": {"every": "1 h"}},
    }
    assert lacuna.load(path).run()["A_mean"][-1] == drug.run()["A_mean"][-1]
    assert lacuna.load(str(path)).title == "drug"
    level = lacuna.load(whole, k="0.25 1/h").run()["flask_A"]
    assert level == pytest.approx(8e3 * np.exp(-0.25 * np.arange(3)), rel=1e-2)


def test_names_have_values_units_ranges_and_sources(drug):
    D = drug.parameters["D"]
    assert (D.value, D.unit, D.range, D.kind, D.source) == (
        pytest.approx(40), "um^2/s", (pytest.approx(1), pytest.approx(90)), "prior", "made up")
    assert drug.parameters["A_half"].is_derived and drug.parameters["V"].is_fixed
    assert drug.variables["slab_A"].is_field and drug.variables["pool_A"].path == "pool.A"
    assert drug.series.names == ["A_mean", "pool_A"] and drug.series["A_mean"].unit == "nM"
    assert drug.events == ["dose"] and drug.settings.until == 0.5
    assert not drug.settings.draws and drug.settings.seed is None
    with pytest.raises(KeyError, match="did you mean 'A_half'"):
        drug.parameters["A_haf"]


def test_values_are_texts_with_units_or_numbers_in_the_parameters_unit(drug):
    other = drug.set(D="1.8e-9 dm^2/s", k=1.2)
    assert other.parameters["D"].value == pytest.approx(18)
    assert other.parameters["k"].value == pytest.approx(1.2)
    assert drug.parameters["k"].value == pytest.approx(0.3)
    assert drug.set({"run.method": "exact", "run.seed": 3}).settings.draws
    assert drug.run(until="1 h").time[-1] == 1.0
    assert drug.run(until=0.25).time[-1] == 0.25


def test_an_error_has_its_places():
    with pytest.raises(lacuna.LacunaError) as caught:
        lacuna.load(DRUG.replace("k * A}", "kk * A}").replace("40 um^2/s", "40 um/s"),
                    name="mine.yaml")
    error = caught.value
    assert error.code == 65 and error.file == "mine.yaml" and error.line > 0 and error.column > 0
    assert len([each for each in error.problems if not each.is_warning]) >= 2
    assert "kk" in str(error) and "mine.yaml:" in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) and again.line == error.line


@pytest.mark.parametrize("values, words", [
    ({"k": "3 nM"}, "k"), ({"kk": 1}, "kk"), ({"k": float("nan")}, "cannot be nan"),
    ({"D": "fast"}, "D"), ({"run.method": "magic"}, "magic")])
def test_values_that_cannot_be_are_refused(drug, values, words):
    with pytest.raises(lacuna.LacunaError, match=words):
        drug.set(values)
    assert drug.run()["A_mean"][-1] > 0


def test_what_is_no_model_is_refused(tmp_path):
    with pytest.raises(lacuna.LacunaError) as caught:
        lacuna.load(tmp_path / "none.yaml")
    assert caught.value.code == 66
    with pytest.raises(TypeError):
        lacuna.load(3)
    with pytest.raises(ValueError, match="zero byte"):
        lacuna.load("lacuna: 1\n\0")


def test_a_model_shows_itself(drug):
    assert "drug" in repr(drug) and "mean-field" in repr(drug)
    assert "um^2/s" in repr(drug.parameters)
    assert "<table>" in drug._repr_html_() and "um^2/s" in drug._repr_html_()
    pandas = pytest.importorskip("pandas")
    assert isinstance(drug.parameters.to_pandas(), pandas.DataFrame)


def test_a_model_pickles_by_its_text(drug):
    other = pickle.loads(pickle.dumps(drug.set(k=1.1)))
    assert other.run()["A_mean"][-1] == drug.run(k=1.1)["A_mean"][-1]
    assert other.set(k=0.3).run()["A_mean"][-1] == drug.run()["A_mean"][-1]


def test_a_closed_model_is_refused(drug):
    simulation = drug.start()
    drug.close()
    with pytest.raises(lacuna.LacunaError, match="closed"):
        drug.start()
    simulation.finish()
    drug.close()


def test_quantities_are_converted():
    assert lacuna.convert("2 d", "h") == 48
    with pytest.raises(lacuna.LacunaError):
        lacuna.convert("2 d", "nM")
