"""Units of results for the scripts that draw and compare them: factors between units, and the prefix
that fits a range. Knows the products of powers that lacuna writes ("ng mL-1", "pM", "1/h").

SPDX-License-Identifier: GPL-3.0-or-later
"""
import math
import re

PREFIX = {"f": -15, "p": -12, "n": -9, "u": -6, "µ": -6, "m": -3, "c": -2, "d": -1, "": 0, "k": 3,
          "M": 6, "G": 9}
# Name: (size in base units, powers of base units). Cells and molecules stay names of their own.
BASE = {
    "m": (1, {"m": 1}), "g": (1, {"g": 1}), "mol": (1, {"mol": 1}), "s": (1, {"s": 1}),
    "L": (1e-3, {"m": 3}), "l": (1e-3, {"m": 3}), "M": (1e3, {"mol": 1, "m": -3}),
    "min": (60, {"s": 1}), "h": (3600, {"s": 1}), "d": (86400, {"s": 1}),
    "Pa": (1, {"Pa": 1}), "Da": (1, {"Da": 1}), "K": (1, {"K": 1}), "%": (0.01, {}), "1": (1, {}),
}
# Which prefixes a reader expects of a unit that is shown with another prefix.
SHOWN = ("f", "p", "n", "u", "m", "")


def named(name):
    """(size, powers) of one unit name with its prefix; a name that is not known is its own base."""
    if name in BASE:
        return BASE[name]
    for prefix, power in PREFIX.items():
        rest = name[len(prefix):]
        if prefix and name.startswith(prefix) and rest in BASE and rest not in ("1", "%", "min", "h", "d"):
            size, powers = BASE[rest]
            return 10.0**power * size, powers
    return 1.0, {name: 1}


def parsed(unit):
    """(size in base units, powers of base units) of a unit."""
    size, powers, sign = 1.0, {}, 1
    for part in re.findall(r"/|[^\s*/·]+", unit.strip()):
        if part == "/":
            sign = -1
            continue
        match = re.fullmatch(r"([A-Za-zµ%]+|1)(?:\^|\*\*)?([+-]?\d+)?", part)
        name, power = (match[1], int(match[2] or 1)) if match else (part, 1)
        each, own = named(name)
        power *= sign
        sign = 1
        size *= each**power
        for base, exponent in own.items():
            powers[base] = powers.get(base, 0) + exponent * power
    return size, {base: power for base, power in powers.items() if power}


def factor(one, other):
    """What a number in unit `one` is multiplied with to be one in `other`; ValueError when the two
    measure different things."""
    if one == other:
        return 1.0
    (size, powers), (size_of_other, powers_of_other) = parsed(one), parsed(other)
    if powers != powers_of_other:
        raise ValueError(f"'{one}' cannot be converted to '{other}'")
    return size / size_of_other


def fitting(unit, largest):
    """(factor, unit) with the prefix for which the largest number is between 1 and 1000, where the
    unit begins with moles, molar or grams; else (1, unit)."""
    match = re.match(r"([fpnuµm]?)(mol|M|g)\b", unit)
    if not match or not largest > 0 or not math.isfinite(largest) or 0.1 <= largest < 1000:
        return 1.0, unit
    now = PREFIX[match[1]]
    exponent = math.log10(largest) + now
    best = max((p for p in SHOWN if PREFIX[p] <= exponent), key=PREFIX.get, default="f")
    return 10.0 ** (now - PREFIX[best]), best + unit[len(match[1]):]
