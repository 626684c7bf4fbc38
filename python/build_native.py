"""Builds lacuna._native: liblacuna for Python, from the installed lacuna.h.

The declarations are those of the header itself, so that the module and the library cannot differ. A
few functions of C stand beside them: what is done for every row of a function, and the watch that asks
Python only every so often whether to go on.
SPDX-License-Identifier: GPL-3.0-or-later
"""
import os
import pathlib
import re
import shlex
import subprocess

import cffi


def ask_pkg_config(*words: str) -> str:
    """What pkg-config says of liblacuna."""
    command = [os.environ.get("PKG_CONFIG", "pkg-config"), *words, "lacuna"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(
            "lacuna: pkg-config does not find liblacuna: install it first (make install), and set "
            f"PKG_CONFIG_PATH=PREFIX/lib/pkgconfig where PREFIX is not /usr or /usr/local ({error})"
        ) from None


def declarations(header: str) -> str:
    """The header without comments, preprocessor lines, and what only C++ and linkers want."""
    text = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text, flags=re.DOTALL)
    text = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*\{\s*\n?\s*sizeof\(lacuna_options\).*$", "", text, flags=re.MULTILINE)
    return text.replace("LACUNA_API ", "")


OWN_DECLARATIONS = """
typedef struct lac_py_watch { double every, last; int cancel; ...; } lac_py_watch;
void lac_py_watch_begin(lac_py_watch *watch);
int lac_py_create(const lacuna_model *model, double seed, double replicate, int threads,
                  double until, const char *result, int overwrite, lac_py_watch *watch,
                  lacuna_simulation **simulation);
typedef struct lac_py_rows { size_t varied; const size_t *parameter; size_t ends; double seed; ...; }
    lac_py_rows;
size_t lac_py_run_rows(lacuna_simulation *simulation, const lac_py_rows *what, lac_py_watch *watch,
                       size_t count, const double *theta, const double *replicate, double *ends,
                       int *code);
extern "Python" int lac_py_ask(void *watch, double time);
"""

OWN_SOURCE = r"""
#include <lacuna.h>
#include <string.h>
#include <time.h>

#if LACUNA_VERSION < 100
#error "this module wants liblacuna 0.1.0 or later"
#endif

/* Asks Python, at most every `every` seconds, whether to go on. */
typedef struct lac_py_watch { double every, last; volatile int cancel; } lac_py_watch;

static int lac_py_ask(void *watch, double time);

static double lac_py_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void lac_py_watch_begin(lac_py_watch *watch)
{
    watch->last = lac_py_now();
    watch->cancel = 0;
}

static int lac_py_look(void *context, double time)
{
    lac_py_watch *watch = context;
    if (watch->cancel)
        return 1;
    double now = lac_py_now();
    if (now - watch->last < watch->every)
        return 0;
    watch->last = now;
    return lac_py_ask(watch, time);
}

static int lac_py_create(const lacuna_model *model, double seed, double replicate, int threads,
                         double until, const char *result, int overwrite, lac_py_watch *watch,
                         lacuna_simulation **simulation)
{
    lacuna_options options = LACUNA_OPTIONS_INIT;
    options.seed = seed;
    options.replicate = replicate;
    options.threads = threads;
    options.until = until;
    options.result = result;
    options.overwrite = overwrite;
    options.progress = watch ? lac_py_look : NULL;
    options.context = watch;
    return lacuna_simulation_create(model, &options, simulation);
}

/* Rows of a function: parameters in, endpoints out. */
typedef struct lac_py_rows { size_t varied; const size_t *parameter; size_t ends; double seed; } lac_py_rows;

/* Runs rows until one fails, whose code is *code, or all are done; how many were done. */
static size_t lac_py_run_rows(lacuna_simulation *simulation, const lac_py_rows *what,
                              lac_py_watch *watch, size_t count, const double *theta,
                              const double *replicate, double *ends, int *code)
{
    *code = LACUNA_OK;
    for (size_t row = 0; row < count; row++) {
        const double *end;
        *code = lacuna_simulation_vary(simulation, what->varied, what->parameter,
                                       theta + row * what->varied);
        if (*code == LACUNA_OK)
            *code = lacuna_simulation_reset(simulation, what->seed, replicate[row]);
        if (*code == LACUNA_OK)
            *code = lacuna_simulation_finish(simulation);
        if (*code == LACUNA_OK)
            *code = lacuna_simulation_endpoints(simulation, &end, NULL);
        if (*code != LACUNA_OK)
            return row;
        memcpy(ends + row * what->ends, end, what->ends * sizeof *end);
        /* Between rows too, since short ones never come to a look. */
        if (row + 1 < count && lac_py_look(watch, lacuna_simulation_time(simulation))) {
            *code = LACUNA_CANCELLED;
            return row + 1;
        }
    }
    return count;
}
"""


def include_directories() -> list:
    words = shlex.split(ask_pkg_config("--cflags-only-I"))
    return [word[2:] for word in words] + ["/usr/include", "/usr/local/include"]


def find_header() -> str:
    for directory in include_directories():
        path = pathlib.Path(directory, "lacuna.h")
        if path.is_file():
            return path.read_text()
    raise SystemExit("lacuna: lacuna.h is not where pkg-config says")


def make_builder() -> cffi.FFI:
    libraries = shlex.split(ask_pkg_config("--libs"))
    directories = [word[2:] for word in libraries if word.startswith("-L")]
    search = os.environ.get("LACUNA_RPATH")
    builder = cffi.FFI()
    builder.cdef(declarations(find_header()))
    builder.cdef(OWN_DECLARATIONS)
    builder.set_source(
        "lacuna._native",
        OWN_SOURCE,
        include_dirs=[word for word in include_directories() if not word.startswith("/usr/")],
        libraries=[word[2:] for word in libraries if word.startswith("-l")],
        library_dirs=directories,
        extra_compile_args=["-std=gnu11"],
        extra_link_args=[f"-Wl,-rpath,{search}"] if search
        else [f"-Wl,-rpath,{each}" for each in directories],
    )
    return builder


ffibuilder = make_builder()
