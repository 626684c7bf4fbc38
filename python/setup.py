# The part of the installation that is compiled: lacuna._native, by cffi.
# SPDX-License-Identifier: GPL-3.0-or-later
from setuptools import setup

setup(
    cffi_modules=["build_native.py:ffibuilder"],
    options={"bdist_wheel": {"py_limited_api": "cp39"}},
)
