"""Python modules that a script needs: found, or run again with the system's Python, which may have them
where the first one of the path (a pyenv, a conda) has not; else a sentence that says what to install.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import importlib.util
import os
import sys

SYSTEM = "/usr/bin/python3"


def need(*modules, code=1):
    """To be called before the modules are imported; `code` is that of leaving without them."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if not missing:
        return
    script = os.path.abspath(sys.argv[0])
    if os.access(SYSTEM, os.X_OK) and os.path.realpath(sys.executable) != os.path.realpath(SYSTEM):
        os.execv(SYSTEM, [SYSTEM, script, *sys.argv[1:]])
    print(f"{os.path.basename(script)}: {missing[0]} is missing in {sys.executable}; on Debian: "
          f"apt-get install {' '.join('python3-' + name for name in missing)}", file=sys.stderr)
    sys.exit(code)
