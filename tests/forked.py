"""Scripts run as their users run them, but in forks of a process that has imported what they need: the imports
of a script that draws take longer than what it does.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import importlib
import os
import runpy
import subprocess
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True


def imported(*modules):
    """Imports modules before the first fork; what is not there, a script tells itself."""
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError:
            pass


def status_of(error):
    """The exit code of SystemExit, whose words go to stderr as without it."""
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    print(error.code, file=sys.stderr)
    return 1


def be(script, arguments):
    """The script in this process; its exit code."""
    sys.argv = [script, *arguments]
    sys.path[0] = os.path.dirname(script)
    try:
        runpy.run_path(script, run_name="__main__")
        return 0
    except SystemExit as error:
        return status_of(error)
    except BaseException:
        traceback.print_exc()
        return 1


def run(script, *arguments):
    """As subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True)."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                code = be(os.path.abspath(script), [str(each) for each in arguments])
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess([script, *arguments], code, out.read(), err.read())
