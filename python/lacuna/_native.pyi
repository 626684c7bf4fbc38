# What cffi makes: names of lacuna.h, and small helpers of build_native.py. Its types are those of C.
# SPDX-License-Identifier: GPL-3.0-or-later
from typing import Any

ffi: Any
lib: Any
