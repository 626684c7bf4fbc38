"""The tables in the page of the whole knee say what the files and runs of today say.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.environ["LACUNA_SOURCE"]
FOLDER = tempfile.mkdtemp(prefix="lacuna-test-")
atexit.register(shutil.rmtree, FOLDER)
os.chdir(FOLDER)
TABLES = os.path.join(SOURCE, "scripts", "knee-tables")
PAGE = os.path.join(SOURCE, "docs", "knee-joint.md")

# A page that says something else is found out: one number of a run, changed by more than 2 %.
with open(PAGE, encoding="utf-8") as file:
    page = file.read()
mark = "| match |"
place = page.index(mark)
start = page.rindex("\n", 0, place)
line = page[start:place]
cells = line.split("|")
assert len(cells) > 5, line
cells[-1] = " 999 "
with open("wrong.md", "w", encoding="utf-8") as file:
    file.write(page[:start] + "|".join(cells) + page[place:])

true = subprocess.run([sys.executable, TABLES, "--check", "--keep", "runs"], check=False)
wrong = subprocess.run([sys.executable, TABLES, "--check", "--reuse", "runs", "--page", "wrong.md"],
                       capture_output=True, text=True, check=False)
if wrong.returncode != 1 or "999" not in wrong.stderr:
    sys.exit(f"a wrong page was not found out: {wrong.returncode}\n{wrong.stderr}")
# The same of the knock-outs: two rows of two sets, and a page with another number.
KNOCKOUTS = [sys.executable, os.path.join(SOURCE, "scripts", "knee-knockouts"), "--check", "--only",
             "as_it_is,PGE2_off"]
knocked = subprocess.run(KNOCKOUTS, check=False)
with open("wrong.md", "w", encoding="utf-8") as file:
    file.write(page.replace("PGE2 of the cells off** | -0.1", "PGE2 of the cells off** | -0.6"))
wrong = subprocess.run(KNOCKOUTS + ["--page", "wrong.md"], capture_output=True, text=True, check=False)
if wrong.returncode != 1 or "PGE2 of the cells off" not in wrong.stderr:
    sys.exit(f"a wrong knock-out was not found out: {wrong.returncode}\n{wrong.stderr}")
sys.exit(true.returncode or knocked.returncode)
