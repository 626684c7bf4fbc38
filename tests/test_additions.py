"""The table "What a change costs" of ARCHITECTURE.md is true: a toy operation, boundary, method and
observer are added to a copy of the sources in as many places as it says, and work.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import concurrent.futures
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["LACUNA_SOURCE"])
BUILD = pathlib.Path(os.environ["LACUNA"]).parent
TOYS = SOURCE / "tests" / "additions"

OPERATION = r"""    X(Y, CALL1, TWICE, "twice", "(x)", "two times x", PRIMARY, SAME, \
      2 * a, lac_span_of(2 * a.low, 2 * a.high), lac_graph_number(g, 2), LOOP, 2 * A) \
"""
BOUNDARY = """const lac_boundary_type toy_outflux = {
    .word = "outflux",
    .summary = "out of the tissue, per area and time",
    .told = "flux out of the tissue ",
    .law = "flux at a boundary",
    .per_length = -1,
    .per_time = 1,
    .reference = out_of_voxel,
};

"""
OUT_OF_VOXEL = """static double out_of_voxel(double flux, double h)
{
    return -flux / h;
}

"""

# What is added, by the first cell of its row in the table: new files, and (file, what the text stands
# before, text).
ADDITIONS = {
    "a function of one number": ([], [
        ("src/language/operations.h", "    X(Y, CALL1, EXP,", OPERATION)]),
    "a kind of boundary": ([], [
        ("src/model/boundary.c", "const lac_boundary_type *const lac_boundary_list", OUT_OF_VOXEL + BOUNDARY),
        ("src/model/boundary.c", "    NULL,", "    &toy_outflux,\n")]),
    "a method": ([("src/mean_field/euler.c", "euler.c")], [
        ("src/mean_field/room.mk", "  src/mean_field/system.h", "  src/mean_field/euler.c \\\n"),
        ("src/model/settings.c", "mean-field|exact|hybrid", "toy-euler|"),
        ("src/methods/methods.c", "    X(lac_exact_method)", "    X(lac_toy_euler) \\\n")]),
    "an observer": ([("src/observe/largest.c", "largest.c")], [
        ("src/observe/room.mk", "  src/observe/series.c", "  src/observe/largest.c \\\n"),
        ("src/observe/observers.h", "    X(clock)", "    X(toy_largest) \\\n")]),
}


def add(copy, files, lines):
    for path, toy in files:
        shutil.copy(TOYS / toy, copy / path)
    for path, before, text in lines:
        told = (copy / path).read_text(encoding="utf-8")
        if told.count(before) != 1:
            sys.exit(f"{path}: '{before}' stands there {told.count(before)} times, not once")
        (copy / path).write_text(told.replace(before, text + before), encoding="utf-8")


def places(copy):
    """How many places of the copy differ from the sources: new files, and runs of lines in old ones."""
    count = 0
    for file in copy.rglob("src/**/*"):
        old = SOURCE / file.relative_to(copy)
        if not file.is_file():
            continue
        if not old.exists():
            count += 1
            continue
        lines = [path.read_text(encoding="utf-8").split("\n") for path in (old, file)]
        codes = difflib.SequenceMatcher(None, *lines, autojunk=False).get_opcodes() \
            if lines[0] != lines[1] else []
        count += sum(code[0] != "equal" for code in codes)
    return count


def stated():
    """{first cell: number of places} of the table."""
    page = (SOURCE / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = page[page.index("## What a change costs"):]
    return {name: int(number) for name, number in re.findall(r"^\| ([^|]+) \| (\d+) \|", table, re.M)}


def sources(copy):
    """The sources of the rooms that a program over the library needs, as the build knows them."""
    rooms = (copy / "src" / "library" / "room.mk").read_text(encoding="utf-8")
    names = set(re.findall(r"\$\(lib(\w+)_a_OBJECTS\)", rooms))
    found = []
    for fragment in sorted(copy.glob("src/*/room.mk")):
        for library, told in re.findall(r"^lib(\w+?)_a_SOURCES \+?= ((?:.*\\\n)*.*)",
                                        fragment.read_text(encoding="utf-8"), re.M):
            if library in names or library == "lacuna":
                found += re.findall(r"\S+\.c\b", told)
    return found


def flags():
    """What the build gives to the compiler, without optimisation."""
    told = (BUILD / "Makefile").read_text(encoding="utf-8")
    value = {name: re.search(rf"^{name} = (.*)$", told, re.M)[1] for name in (
        "CC", "GSL_CFLAGS", "FFTW_CFLAGS", "YAML_CFLAGS", "HDF5_CFLAGS", "OPENMP_CFLAGS",
        "HDF5_LIBS", "YAML_LIBS", "FFTW_LIBS", "GSL_LIBS")}
    words = {name: each.split() for name, each in value.items()}
    compile_with = words["CC"] + ["-std=c11", "-O0", "-w", "-pipe", "-DHAVE_CONFIG_H", "-D_GNU_SOURCE",
                                  '-DPKGDATADIR="/nowhere"', "-Isrc", f"-I{BUILD}"]
    for name in words:
        compile_with += words[name] if name.endswith("_CFLAGS") else []
    libraries = [word for name in words if name.endswith("_LIBS") for word in words[name]]
    return compile_with, libraries


def build(copy):
    compile_with, libraries = flags()
    files = sources(copy) + [str(TOYS / "toys.c")]
    objects = [str(copy / f"{number}.o") for number in range(len(files))]

    def compile_one(file, made):
        return subprocess.run(compile_with + ["-c", file, "-o", made], cwd=copy, capture_output=True,
                              text=True, check=False)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, done in zip(files, pool.map(compile_one, files, objects)):
            if done.returncode:
                sys.exit(f"{file} does not compile:\n{done.stderr}")
    program = str(copy / "toys")
    subprocess.run(compile_with + objects + ["-o", program] + libraries + ["-lm", "-lpthread"], check=True)
    return program


def main():
    if not (BUILD / "Makefile").exists():
        print("skipped: the program does not lie in a directory that was configured", file=sys.stderr)
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="lacuna-test-") as folder:
        copy = pathlib.Path(folder)
        shutil.copytree(SOURCE / "src", copy / "src")
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)
        before, wrong, table = 0, 0, stated()
        for what, (files, lines) in ADDITIONS.items():
            add(copy, files, lines)
            now = places(copy)
            print(f"{what}: {now - before} places, {table.get(what)} in the table")
            wrong += now - before != table.get(what)
            before = now
        if wrong:
            sys.exit("ARCHITECTURE.md states other numbers of places")
        subprocess.run([sys.executable, SOURCE / "scripts" / "layers", copy], check=True)
        sys.exit(subprocess.run([build(copy)], cwd=copy, check=False).returncode)


if __name__ == "__main__":
    main()
