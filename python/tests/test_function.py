"""Functions: parameters in, endpoints out; the same bits however rows are run.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import concurrent.futures
import concurrent.futures.process
import multiprocessing
import os
import pickle
import signal
import threading
import time

import numpy as np
import pytest

import lacuna
from conftest import SIR
from test_simulation import in_child

THETA = np.column_stack([np.linspace(0.4, 0.9, 12), np.linspace(0.2, 0.4, 12)])


@pytest.fixture
def epidemic(sir):
    return sir.function(["beta", "gamma"], {"removed": "last(removed)", "peak": "max(infected)",
                                            "when": "time_of_max(infected)"})


def test_rows_are_runs(drug, sir, epidemic):
    f = drug.function(["k", "A0"], ["last(A_mean)", "at(pool_A, 6 min)"])
    Y = f([[0.3, 7], [1.7, 3.2]])
    assert Y.shape == (2, 2) and f.outputs == ["last_A_mean", "at_pool_A_6_min"]
    for row, (k, A0) in zip(Y, [(0.3, 7), (1.7, 3.2)]):
        run = drug.run(k=k, A0=A0)
        assert (row[0], row[1]) == (run["A_mean"][-1], run["pool_A"][2])
    assert np.array_equal(f([1.7, 3.2]), Y[1]) and np.allclose(f(f.x0), Y[0])
    Y = epidemic(THETA, seed=5)
    run = sir.run(seed=5, replicate=3 * lacuna.REPLICATES, beta=THETA[3, 0], gamma=THETA[3, 1])
    assert Y[3, 0] == run["removed"][-1] and Y[3, 1] == run["infected"].max()
    assert epidemic.output_units["when"] == "h"


def test_bits_do_not_depend_on_batches_threads_or_processes(epidemic):
    whole = epidemic(THETA, seed=5, replicates=3)
    assert whole.shape == (12, 3, 3) and len(np.unique(whole[:, :, 2])) > 5
    parts = [epidemic(THETA[k:k + 5], seed=5, replicates=3, first=k) for k in (0, 5, 10)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert np.array_equal(epidemic(THETA, seed=5, replicate=2), whole[:, 2])
    assert np.array_equal(epidemic(THETA, seed=5, replicates=3, threads=3), whole)
    assert np.array_equal(pickle.loads(pickle.dumps(epidemic))(THETA, seed=5, replicates=3), whole)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert np.array_equal(pool.apply(epidemic, (THETA,), {"seed": 5}), whole[:, 0])
    with multiprocessing.get_context("fork").Pool(2) as pool:
        jobs = [pool.apply_async(epidemic, (THETA[k:k + 6],), {"seed": 5, "first": k})
                for k in (0, 6)]
        assert np.array_equal(np.concatenate([each.get(60) for each in jobs]), whole[:, 0])
    assert not np.array_equal(epidemic(THETA, seed=6), whole[:, 0])


def test_rows_may_have_common_random_numbers(sir):
    f = sir.function(["beta"], ["max(infected)", "last(removed)"], common=True)
    Y = f([[0.6]] * 4, seed=1, replicates=4)
    assert np.array_equal(Y[0], Y[3]) and not np.array_equal(Y[:, 0], Y[:, 1])


def test_parameters_that_need_the_text_again_vary_too(drug):
    f = drug.function(["V", "P0"], ["last(pool_A)"])
    assert f.reads_again
    for V, P0 in ((1e5, 5e3), (3e5, 2e3)):
        unit = drug.parameters["V"].unit, drug.parameters["P0"].unit
        Y = f([lacuna.convert(f"{V} um^3", unit[0]), lacuna.convert(f"{P0} pM", unit[1])])
        assert Y[0] == pytest.approx(drug.run(V=f"{V} um^3", P0=f"{P0} pM")["pool_A"][-1],
                                     rel=1e-9)
    Y = f([[-1, 5000], [1e5, 5000]])
    assert np.isnan(Y[0, 0]) and 0 in f.errors


def test_units_of_theta_can_be_chosen(drug):
    f = drug.function({"D": "cm^2/s", "k": "1/h"}, ["last(A_mean)"])
    assert f.units == ["cm^2/s", "1/h"] and f.bounds[0] == pytest.approx((1e-8, 9e-7))
    assert f([4e-7, 0.3])[0] == pytest.approx(drug.run()["A_mean"][-1], rel=1e-9)
    assert pickle.loads(pickle.dumps(f))([4e-7, 0.3]) == f([4e-7, 0.3])
    with pytest.raises(lacuna.LacunaError, match="nM"):
        drug.function({"D": "nM"})


@pytest.mark.parametrize("theta", [3.0, [1, 2, 3], np.ones((2, 2, 2)), [["a", "b"]], [[1], [1, 2]],
                                   np.ones((4, 1))])
def test_theta_of_the_wrong_shape_is_refused(epidemic, theta):
    with pytest.raises(ValueError, match=r"beta \[1/d\]"):
        epidemic(theta, seed=1)


def test_no_rows_are_no_rows(epidemic):
    assert epidemic(np.empty((0, 2)), seed=1).shape == (0, 3)


def test_what_cannot_be_a_function_is_refused(drug):
    with pytest.raises(lacuna.LacunaError, match="did you mean 'A_half'"):
        drug.function(["A_haf"])
    with pytest.raises(lacuna.LacunaError, match="did you mean 'A_mean'"):
        drug.function(["k"], ["last(A_maen)"])
    with pytest.raises(lacuna.LacunaError, match="not within the run"):
        drug.function(["k"], ["at(A_mean, 3 d)"])
    with pytest.raises(ValueError):
        drug.function([])
    with pytest.raises(lacuna.LacunaError, match="nM"):
        drug.function({"k": "nM"})
    with pytest.raises(ValueError, match="twice"):
        drug.function(["k", "k"])


def test_a_failed_row_is_nan_and_says_why(drug, epidemic):
    Y = epidemic([[0.6, 0.3], [np.nan, 0.3], [0.6, np.inf], [0.6, 0.3]], seed=1)
    assert np.isnan(Y[1:3]).all() and np.isfinite(Y[[0, 3]]).all()
    assert epidemic.errors == {1: "'beta' cannot be nan", 2: "'gamma' cannot be inf"}
    whole = epidemic([[0.6, 0.3]] * 4, seed=1)
    assert np.array_equal(Y[3], whole[3]) and epidemic.errors == {}
    f = drug.function(["A0"], ["last(A_mean)"])
    Y = f([[-3], [7]])
    assert np.isnan(Y[0, 0]) and Y[1, 0] == drug.run()["A_mean"][-1] and "slab_A" in f.errors[0]


def test_a_method_that_draws_wants_a_seed(sir, epidemic):
    with pytest.raises(lacuna.LacunaError, match="give a seed"):
        epidemic(THETA)
    own = sir.set({"run.seed": 5}).function(["beta", "gamma"], ["last(removed)"])
    assert np.array_equal(own(THETA)[:, 0], epidemic(THETA, seed=5)[:, 0])


def test_after_a_fork_it_works_and_has_the_same_bits(epidemic):
    Y = epidemic(THETA, seed=5)
    assert in_child(lambda: np.array_equal(epidemic(THETA, seed=5), Y)) == "True"


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_interrupts_a_call(sir, threads):
    f = sir.function(["beta"], ["last(removed)"], threads=threads)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        f(np.full((3_000_000, 1), 0.6), seed=1)
    assert time.monotonic() - began < 10
    assert np.isfinite(f([0.6], seed=1)).all()


def draw_or_die(task):
    f, row = task
    if row is None:
        os.kill(os.getpid(), signal.SIGKILL)
    return f(row, seed=5)


def test_a_killed_worker_process_costs_its_pool_and_no_more(epidemic):
    Y = epidemic(THETA, seed=5)
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        assert np.array_equal(pool.submit(draw_or_die, (epidemic, THETA)).result(), Y)
        with pytest.raises(concurrent.futures.process.BrokenProcessPool):
            pool.submit(draw_or_die, (epidemic, None)).result()
    assert np.array_equal(epidemic(THETA, seed=5), Y)


def test_threads_may_share_a_function(epidemic):
    Y = epidemic(THETA, seed=5)
    found = []
    threads = [threading.Thread(target=lambda: found.append(epidemic(THETA, seed=5)))
               for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 4 and all(np.array_equal(each, Y) for each in found)


def test_progress_is_told(epidemic):
    seen = []
    epidemic(THETA, seed=5, replicates=100, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (1200, 1200)


def test_a_dataset_holds_whole_curves(sir, drug, epidemic):
    pytest.importorskip("xarray")
    dataset = epidemic.dataset(THETA[:3], seed=5, replicates=2)
    assert dataset["infected"].dims == ("sample", "replicate", "time")
    assert np.array_equal(dataset["peak"], epidemic(THETA[:3], seed=5, replicates=2)[..., 1])
    assert np.array_equal(dataset["infected"].max("time"), dataset["peak"])
    assert dataset["beta"].dims == ("sample",) and dataset["beta"].attrs["units"] == "1/d"
    f = drug.function(["k"], ["last(A_mean)"])
    dataset = f.dataset([[0.3], [np.nan]], fields=True)
    assert dataset["slab_A"].dims == ("sample", "replicate", "time", "z", "y", "x")
    assert np.isnan(dataset["A_mean"][1]).all() and f.errors == {1: "'k' cannot be nan"}
    alone = f.dataset([[0.3]], fields=True)  # what failed before leaves nothing behind
    assert np.array_equal(f.dataset([[np.nan], [0.3]], fields=True)["slab_A"][1], alone["slab_A"][0])


def test_a_dataset_of_a_model_without_observables_has_its_fields():
    pytest.importorskip("xarray")
    m = lacuna.load("""
lacuna: 1
domains: {slab: {kind: tissue}}
species: {A: {slab: {initial: 1 nM, diffusivity: 10 um^2/s}}}
parameters: {k: {value: 0.1 1/h, kind: assumption, source: made up}}
reactions: {decay: {in: slab, equation: "A ->", rate: k * A}}
tissue: {size: [10 um, 10 um, 100 um], voxel: 10 um}
run: {until: 1 h}
""")
    dataset = m.function(["k"]).dataset([[0.1], [0.2]], fields=True)
    assert float(dataset["slab_A"][1, 0, -1].mean()) == pytest.approx(1e3 * np.exp(-0.2))  # pM


def test_a_call_costs_little_and_leaves_nothing(sir):
    resource = pytest.importorskip("resource")
    nothing = lacuna.load(SIR, set={"beta": 0, "gamma": "1000 1/d", "run.until": "1 h",
                                    "run.save.every": "1 h"})
    f = nothing.function(["gamma"], ["last(removed)"])
    row = np.array([1000.0])

    def pages():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1])

    def cost(count):
        began = time.process_time()
        for _ in range(count):
            f(row, seed=1)
        return (time.process_time() - began) / count

    cost(1000)
    before = pages()
    assert min(cost(1000) for _ in range(5)) < 200e-6  # 100 us on a quiet machine: python/examples/bench.py
    assert (pages() - before) * resource.getpagesize() < 2e6
