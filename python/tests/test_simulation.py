"""Simulations and runs: advanced, changed, copied; interrupted, closed, forked.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import signal
import threading
import time

import numpy as np
import pytest

import lacuna


def test_a_run_has_curves_and_fields_with_units(drug):
    run = drug.run()
    assert run.time == pytest.approx(np.arange(11) * 0.05)
    assert run["A_mean"].shape == (11,) and run["slab_A"].shape == (11, 5, 1, 2)
    assert run.units["slab_A"] and run["A_mean"][0] == pytest.approx(3.5)
    dataset = pytest.importorskip("xarray") and run.to_xarray()
    assert dataset["slab_A"].dims == ("time", "z", "y", "x")
    assert dataset["A_mean"].attrs["units"] == "nM" and dataset["z"].values[0] == 10
    scale = lacuna.convert(f"1 {run.units['slab_A']}", "nM")
    assert (run["slab_A"].mean(axis=(1, 2, 3)) * scale) == pytest.approx(run["A_mean"], rel=1e-6)
    assert "A_mean" in repr(run) and "A_mean" in run._repr_html_()
    assert run.parameters["D"] == pytest.approx(40)


def test_a_run_in_memory_is_that_of_a_file(drug, tmp_path):
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("h5netcdf")
    run = drug.run(result=tmp_path / "r.nc")
    with lacuna.open(tmp_path / "r.nc") as file:
        assert np.array_equal(file["A_mean"].values, drug.run()["A_mean"])
        assert np.array_equal(file["slab_A"].values, run["slab_A"].astype("f4"))
        assert file["time"].attrs["units"] == "h"
    with lacuna.open(tmp_path / "r.nc", group="provenance") as file:
        assert file.attrs["setting_method"] == "mean-field"
    with pytest.raises(lacuna.LacunaError) as caught:
        drug.run(result=tmp_path / "r.nc")
    assert caught.value.code == 73
    drug.run(result=tmp_path / "r.nc", overwrite=True)
    with pytest.raises(lacuna.LacunaError, match="not there"):
        lacuna.open(tmp_path / "none.nc")
    assert xarray


def test_fields_can_be_chosen(drug, monkeypatch):
    assert drug.run(fields=False).fields == {}
    assert list(drug.run(fields=["slab.A"]).fields) == ["slab_A"]
    with pytest.raises(lacuna.LacunaError, match="slab_A"):
        drug.run(fields=["slab_B"])
    monkeypatch.setattr("lacuna._run.MOST_BYTES", 100)
    with pytest.raises(lacuna.LacunaError, match="GiB"):
        drug.run()


def test_a_run_has_endpoints(drug):
    run = drug.run(endpoints={"top": "max(pool_A)", "end": {"of": "A_mean", "change": True}})
    assert run.endpoints["top"] == run["pool_A"].max() and run.endpoint_units["top"] == "nM"
    assert run.endpoints["end"] == run["A_mean"][-1] - run["A_mean"][0]
    assert "top" in repr(run)


def test_a_simulation_is_advanced_and_changed(drug):
    with drug.start() as s:
        assert s.advance("6 min").time == pytest.approx(0.1)
        before = s["pool_A"]
        s.dose("pool.A", "1 pg")
        assert s["pool_A"] - before == pytest.approx(1e-12 / 500 / 1e-10 * 1e9)
        s.set(k="0.05 1/min", D=20)
        assert s["k"] == pytest.approx(3) and s["D"] == pytest.approx(20)
        before = s["pool_A"]
        assert s.fire("dose")["pool_A"] == pytest.approx(before + 2)
        s.dose("pool_A", 2)
        assert s["pool_A"] == pytest.approx(before + 4)
        assert s.state()["slab_A"].shape == s.grid.shape == (5, 1, 2)
        assert set(s.series()) == {"A_mean", "pool_A"}
        assert s.advance_to("30 min").time == s.end
        assert "0.5 h" in repr(s)


def test_copies_and_checkpoints_go_on_to_the_same_numbers(sir):
    s = sir.start(seed=3).advance("2 d")
    kept, twin = s.save(), s.copy()
    end = s.finish().state()
    assert twin.finish().state() == end
    assert sir.start(seed=9).restore(kept).finish().state() == end
    assert s.reset(seed=3).advance("2 d").finish().state() == end
    assert s.reset(replicate=1).finish().state() != end or s.reset(replicate=2)
    with pytest.raises(TypeError):
        kept.__reduce__()
    kept.close()
    with pytest.raises(lacuna.LacunaError, match="closed"):
        s.restore(kept)


def test_copies_with_other_seeds_part(sir):
    s = sir.start(seed=3).advance("5 d")
    branches = [s.copy(seed=8, replicate=k) for k in (0, 0, 1, 2, 3)]
    assert all(each.state() == s.state() for each in branches)
    ends = [tuple(each.advance("10 d").state().values()) for each in branches]
    assert ends[0] == ends[1] and len(set(ends)) > 2


def test_a_reset_with_numbers_is_a_new_model(drug):
    s = drug.start().reset(D=17.3, A0=9.1).finish()
    assert s["A_mean"] == drug.start(D=17.3, A0=9.1).finish()["A_mean"]
    with pytest.raises(lacuna.LacunaError, match="fixed|cannot change"):
        s.reset(V=3)


def test_seeds_are_told(sir, drug):
    assert sir.start(seed=7).seed == 7 and drug.start().seed is None
    drawn = sir.run()
    again = sir.run(seed=drawn.seed)
    assert np.array_equal(drawn["removed"], again["removed"])
    for seed in (-1, 1.5, 2**53):
        with pytest.raises(ValueError, match="whole number"):
            sir.run(seed=seed)


@pytest.mark.parametrize("call, words", [
    (lambda s: s.advance_to("1 min"), "back"), (lambda s: s.advance_to("2 d"), "ends at"),
    (lambda s: s.set(kk=1), "'kk'"), (lambda s: s.set(k="3 nM"), "'k' is"),
    (lambda s: s.set(k=float("nan")), "nan"), (lambda s: s.set(V="1 mL"), "fixed"),
    (lambda s: s.dose("pool.A", "3 s"), "3 s"), (lambda s: s.dose("slab.A", "1 nM", "top"), "top"),
    (lambda s: s.fire("dos"), "did you mean 'dose'"), (lambda s: s["B"], "'B'")])
def test_bad_calls_are_refused_and_change_nothing(drug, call, words):
    s = drug.start().advance("6 min")
    before = s.state()["slab_A"].tobytes()
    with pytest.raises(lacuna.LacunaError, match=words):
        call(s)
    assert s.state()["slab_A"].tobytes() == before
    s.finish()


def test_a_closed_simulation_is_refused(drug):
    s = drug.start()
    field = s["slab_A"]
    s.close()
    s.close()
    for call in (s.finish, s.state, s.copy, lambda: s.time, lambda: s["slab_A"]):
        with pytest.raises(lacuna.LacunaError, match="closed"):
            call()
    assert field.mean() == pytest.approx(field.flat[0]) and "closed" in repr(s)


def test_a_callback_ends_a_run_by_what_it_raises(sir):
    class Enough(Exception):
        pass

    def stop(time):
        raise Enough

    s = sir.set({"run.save.every": "1 min"}).start(seed=1, progress=stop)
    s._watch.struct.every = 0
    with pytest.raises(Enough):
        s.finish()
    assert 0 <= s.time < s.end
    seen = []
    s._watch.callback = seen.append
    s.finish()
    assert seen == sorted(seen) and s.time == s.end


LONG = {"run.save.every": "1 min", "run.until": "9000000 min"}  # seconds of work


def test_ctrl_c_interrupts_a_run(sir):
    endless = sir.set({"beta": "1e-9 1/d", "gamma": "1e-9 1/d", **LONG})
    s = endless.start(seed=1)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        s.finish()
    assert time.monotonic() - began < 5
    assert s.advance("1 h").time > 0


def test_another_thread_cancels(sir):
    endless = sir.set({"beta": "1e-9 1/d", "gamma": "1e-9 1/d", **LONG})
    s = endless.start(seed=1)
    threading.Timer(0.2, s.cancel).start()
    with pytest.raises(lacuna.LacunaError) as caught:
        s.finish()
    assert caught.value.code == 75


def test_the_interpreter_is_free_during_a_run(sir):
    endless = sir.set({"beta": "1e-9 1/d", "gamma": "1e-9 1/d", **LONG})
    s = endless.start(seed=1)
    ended = []

    def work():
        try:
            s.finish()
        except lacuna.LacunaError as error:
            ended.append(error.code)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.1)  # would last for ever if the thread kept the interpreter
    with pytest.raises(lacuna.LacunaError, match="another call"):
        s.reset()
    s.cancel()
    thread.join(10)
    assert ended == [75]


def in_child(work):
    """The sentence that `work` gives in a child of fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            words = str(work())
        except BaseException as error:
            words = f"{type(error).__name__}: {error}"
        os.write(writing, words.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        words = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    return words


def test_after_a_fork_a_simulation_is_refused_and_a_model_is_read_again(drug):
    s = drug.start().advance("6 min")
    assert "forked" in in_child(s.finish) and "LacunaError" in in_child(s.copy)
    assert float(in_child(lambda: repr(drug.start().finish()["A_mean"]))) == s.finish()["A_mean"]


def test_cycles_of_create_and_free_do_not_leak(drug):
    resource = pytest.importorskip("resource")

    def cycle(count):
        for _ in range(count):
            s = drug.start()
            s.advance("1 min")
            s.copy().close()
            s.save()

    def pages():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1])

    cycle(200)
    before = pages()
    cycle(int(os.environ.get("LACUNA_CYCLES", "1000")))
    assert (pages() - before) * resource.getpagesize() < 4e6


GRADED = """lacuna: 1
domains: {gel: {kind: tissue}}
parameters: {level: 1 pM}
species: {A: {gel: {initial: level * depth / (10 um)}}}
observables: {A_mean: mean(A)}
tissue: {size: [40 um, 20 um, 70 um], voxel: [20 um, 20 um, {bounds: [0 um, 10 um, 30 um, 70 um]}]}
run: {until: 1 h, save: {every: 1 h}}
"""


def test_layers_that_differ_have_centres_and_bounds(drug):
    with lacuna.load(GRADED).start() as s:
        grid = s.grid
    assert grid.is_graded and grid.shape == (3, 1, 2) and grid.size[2] == pytest.approx(70 / 3)
    assert grid.z == pytest.approx([5, 20, 50])
    assert grid.z_bounds == pytest.approx(np.array([[0, 10], [10, 30], [30, 70]]))
    pytest.importorskip("xarray")
    model = lacuna.load(GRADED)
    for data in (model.run().to_xarray(), model.function(["level"]).dataset([[1]], fields=True)):
        assert data["z"].attrs["bounds"] == "z_bounds" and data["z_bounds"].dims == ("z", "z_end")
        assert data["z"].values == pytest.approx([5, 20, 50])
        assert data["gel_A"].isel(x=0, y=0).values[..., -1].ravel()[0] == pytest.approx(5.0)
    with drug.start() as s:
        assert not s.grid.is_graded and s.grid.z_bounds[:, 1] == pytest.approx(s.grid.z + 10)
        assert "z_bounds" not in drug.run().to_xarray()


TWO = """lacuna: 1
domains: {left: {kind: tissue}, right: {kind: tissue}}
parameters: {level: 2 pM}
species: {A: {left: {initial: 1 pM}, right: {initial: level}}}
observables: {A_right: mean(right.A)}
tissue:
  left: {size: [20 um, 20 um, 100 um], voxel: 20 um}
  right: {size: [40 um, 20 um, 60 um], voxel: [20 um, 20 um, {bounds: [0 um, 20 um, 60 um]}]}
run: {until: 1 h, save: {every: 1 h}}
"""


def test_each_tissue_has_its_grid_and_its_axes():
    model = lacuna.load(TWO)
    assert model.tissues == ["left", "right"]
    assert model.variables["right_A"].tissue == "right"
    with model.start() as s:
        assert {name: grid.shape for name, grid in s.grids.items()} == {
            "left": (5, 1, 1), "right": (2, 1, 2)}
        assert s["right_A"].shape == s.state()["right_A"].shape == (2, 1, 2)
        assert s.grids["right"].z == pytest.approx([10, 40]) and not s.grids["left"].is_graded
        with pytest.raises(lacuna.LacunaError, match="2 tissues: grids.NAME.*left or right"):
            s.grid
    run = model.run()
    assert run["left_A"].shape[1:] == (5, 1, 1) and set(run.grids) == {"left", "right"}
    pytest.importorskip("xarray")
    for data in (run.to_xarray(), model.function(["level"]).dataset([[2]], fields=True)):
        assert data["left_A"].dims[-3:] == ("left_z", "left_y", "left_x")
        assert data["right_z"].values == pytest.approx([10, 40])
        assert data["right_z"].attrs["bounds"] == "right_z_bounds"
        assert data["right_z_bounds"].dims == ("right_z", "right_z_end")
        assert data["right_A"].sel(right_z=40, right_x=30).values.ravel()[-1] == pytest.approx(2)
    only = model.run(fields=["left_A"]).to_xarray()
    assert "left_z" in only.dims and "right_z" not in only.dims
