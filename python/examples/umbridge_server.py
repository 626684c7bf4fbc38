"""A UM-Bridge server: the model for any program of uncertainty quantification, in any language.

Usage: umbridge_server.py [PORT]; without a port it asks itself, draws, and ends.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import socket
import subprocess
import sys
import time

import numpy as np
import umbridge

import lacuna
from models import DRUG, figure, save


class Drug(umbridge.Model):
    """Two parameters in, two endpoints out; `config` may hold the end of the run."""

    def __init__(self):
        super().__init__("drug")
        self.model = lacuna.load(DRUG)
        self.functions = {}

    def function(self, config):
        until = config.get("until", "1 d")
        if until not in self.functions:
            self.functions[until] = self.model.function(
                ["half_life", "k_uptake"], ["max(drug_middle)", "auc(drug_middle)"], until=until)
        return self.functions[until]

    def get_input_sizes(self, config):
        return [2]

    def get_output_sizes(self, config):
        return [2]

    def supports_evaluate(self):
        return True

    def __call__(self, parameters, config):
        f = self.function(config)
        found = f(parameters[0])
        if f.errors:
            raise ValueError(f.errors[0])
        return [found.tolist()]


def free_port():
    with socket.socket() as each:
        each.bind(("127.0.0.1", 0))
        return each.getsockname()[1]


def connect(port):
    """A client, as soon as the server is there."""
    for _ in range(300):
        try:
            return umbridge.HTTPModel(f"http://127.0.0.1:{port}", "drug")
        except Exception:  # it is not there yet
            time.sleep(0.1)
    raise TimeoutError("the server does not answer")


def ask(port):
    """What a client sees: half-lives in, peaks out."""
    client = connect(port)
    half_lives = np.linspace(1, 12, 8)
    ends = np.array([client([[half_life, 0.2]])[0] for half_life in half_lives])
    picture, axes = figure(1, 1)
    axes[0].plot(half_lives, ends[:, 0], "o-", color="#2b5c8a")
    axes[0].set(xlabel="half-life [h]", ylabel="peak, 0.3 mm deep [ng/mL]", title="asked over HTTP")
    save(picture, "python-umbridge.png")
    assert (np.diff(ends[:, 0]) > 0).all()
    print("peaks:", np.round(ends[:, 0], 1).tolist())


if len(sys.argv) > 1:
    umbridge.serve_models([Drug()], int(sys.argv[1]))
else:
    where = free_port()
    with subprocess.Popen([sys.executable, __file__, str(where)]) as server:
        try:
            ask(where)
        finally:
            server.terminate()
