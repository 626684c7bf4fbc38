"""What the tests of the knee share: runs of scenarios, two at a time, and their time courses.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import concurrent.futures
import os
import subprocess
import sys

import h5py
import numpy as np

PARAMS = os.path.join(os.environ["LACUNA_SOURCE"], "params", "joint")
failures = []


def expect(truth, words):
    print(("ok      " if truth else "FAILED  ") + words)
    if not truth:
        failures.append(words)


def verdict():
    return 1 if failures else 0


class Course:
    """The time courses of one run; name(day) is a value on a day that was saved."""

    def __init__(self, path):
        with h5py.File(path, "r") as file:
            hours = file["time"][...]
            self.days = hours / 24
            self.method = text_of(file["provenance"].attrs["setting_method"])
            self.values = {name: data[...] for name, data in file.items()
                           if isinstance(data, h5py.Dataset) and data.shape == hours.shape}
            self.ledger = {name: data[...] for name, data in file["ledger"].items()}

    def __call__(self, name, day):
        index = int(np.abs(self.days - day).argmin())
        assert abs(self.days[index] - day) < 1e-6, f"day {day} was not saved"
        return float(self.values[name][index])

    def all(self, name):
        return self.values[name]


def text_of(attribute):
    return attribute.decode() if isinstance(attribute, bytes) else str(attribute)


def run(scenario, folder, changes=()):
    """Runs one scenario file and reads its result."""
    result = os.path.join(folder, os.path.basename(scenario)[:-5] + ".nc")
    command = [os.environ["LACUNA"], "run", scenario, "--quiet", "--force", "--out", result,
               "--threads", "1"]
    for change in changes:
        command += ["--set", change]
    done = subprocess.run(command, env=dict(os.environ, OMP_NUM_THREADS="1"), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(f"{scenario}: {done.stdout}")
    return Course(result)


EVEN = """lacuna: 1
model: {params}/column/{name}.yaml
include: {params}/geometry/column_even.yaml
run: {{start: initial}}
"""


def evenly(name, folder):
    """A scenario of params/joint/column on 24 voxels of 0.1 mm and from the state of its severity."""
    path = os.path.join(folder, name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(EVEN.format(params=PARAMS, name=name))
    return path


def run_columns(names, folder):
    """Runs scenarios of params/joint/column on even voxels, one on each processor at a time."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        files = [evenly(name, folder) for name in names]
        return dict(zip(names, pool.map(lambda file: run(file, folder), files)))
