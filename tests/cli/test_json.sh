#!/bin/sh
# --json: one valid document on the standard output, nothing else there, with the keys that
# docs/output-format.md lists.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v python3 >/dev/null; then
    echo "skipped: no python3" >&2
    exit 77
fi
write_slab
write_decay

# holds EXPRESSION: true of the document d in out.
holds() {
    python3 - "$1" <<'PYTHON' || fail "$said: not so: $1"
import json, sys
sys.tracebacklimit = 0
def refuse(word):
    raise ValueError(word + " is no JSON")
with open("out", encoding="utf-8") as file:
    d = json.load(file, parse_constant=refuse)
sys.exit(0 if eval(sys.argv[1]) else 1)
PYTHON
}

# list: every topic alone and all together have the same rows as the tables for people.
try 0 list --json
says_nothing err
cp out all
LACUNA_DATADIR=$LACUNA_SOURCE
export LACUNA_DATADIR
"$LACUNA" list topics >names
while read -r topic; do
    try 0 list "$topic" --json
    holds "list(d) == ['$topic'] and len(d['$topic']) > 1"
    case $topic in
    scenarios | plans) ;;
    *) holds "json.load(open('all'))['$topic'] == d['$topic']" ;;
    esac
done <names
try 0 list settings --json
holds "{s['name'] for s in d['settings']} >= {'until', 'method', 'save.fields'}"
holds "[s['choices'] for s in d['settings'] if s['name'] == 'method'] == [['mean-field', 'exact', 'hybrid']]"
holds "[(s['low'], s['default']) for s in d['settings'] if s['name'] == 'rtol'] == [(1e-13, '1e-3')]"
try 0 list statuses --json
holds "{s['code']: s['meaning'] for s in d['statuses']}[0] == 'success'"
try 0 list options --json
holds "{'command': 'run', 'name': 'quiet'}.items() <= [o for o in d['options'] if o['letter'] == 'q'][0].items()"
try 0 list boundaries --json
holds "[b['name'] for b in d['boundaries']] == ['none', 'value', 'flux', 'exchange']"
try 2 list unit --json
says_nothing out

# check: values in the units beside them; what does not apply is null.
try 0 check slab.yaml --json
says_nothing err
holds "d['file'] == 'slab.yaml' and d['title'] == 'a slab that drinks from a pool'"
holds "d['settings']['until'] == 172800 and d['settings']['save.fields'] == 'all'"
holds "d['tissue'] == {'voxels': [5, 1, 30], 'voxel_um': [20, 20, 20], 'represents_um2': 1e4}"
holds "[v['name'] for v in d['variables']] == ['slab_A', 'pool_A']"
holds "d['variables'][1]['mean'] == 10 and d['variables'][1]['unit'] == 'nM'"
holds "d['variables'][1]['per_voxel'] is None and d['variables'][0]['field'] is True"
holds "[p['value'] for p in d['parameters'] if p['name'] == 'k'] == [0.3]"
holds "[(e['name'], e['every_s'], e['timed']) for e in d['events']][0] == ('dose', 43200, True)"
holds "d['events'][1]['at_s'] is None"
holds "d['unknowns'] == 151 and d['memory_bytes'] > 0"
try 0 check decay.yaml --json --quiet --set k='0.2 1/h'
holds "d['tissue'] is None and len(d['conserved']) == 1"
holds "set(d['conserved'][0]['weights']) == {'pool_A', 'pool_B'}"
holds "[p['value'] for p in d['parameters']] == [0.2]"
# Words of a model come through, whatever is in them.
{
    printf 'title: "a \\"quoted\\" \\\\ \\t tab, \303\265"\n'
    sed '/^title:/d' decay.yaml
} >words.yaml
try 0 check words.yaml --json
holds 'd["title"] == "a \"quoted\" \\ \t tab, \u00f5"'
# show: what the tables say, and the bands.
cat >>slab.yaml <<'YAML'
bands:
  low: {observable: A_mean, at: 1 d, high: 1e-6 nM, kind: calibrated, source: made up}
  late: {observable: A_mean, at: 9 d, low: 0 nM, high: 1 nM, kind: held_out, source: made up}
YAML
try 0 run slab.yaml --out slab.nc --quiet
try 0 show slab.nc --json
says_nothing err
holds "d['file'] == 'slab.nc' and d['notice'] is None and d['voxels'] == [5, 1, 30]"
holds "d['frames'] == {'count': 25, 'first_h': 0, 'last_h': 48}"
holds "d['field_frames']['count'] == 5"
holds "[(v['name'], v['values']) for v in d['variables']] == [('slab_A', 150), ('pool_A', 1), ('A_mean', 1)]"
holds "all(v['least'] <= v['mean'] <= v['greatest'] for v in d['variables'])"
holds "[(b['name'], b['verdict']) for b in d['bands']] == [('low', 'outside'), ('late', 'not reached')]"
holds "d['bands'][0]['low'] is None and d['bands'][1]['high'] == 1000"
holds "d['bands'][1]['least'] is None and d['bands'][0]['note'] is None"
holds "[r['variable'] for r in d['ledger']] == ['slab_A', 'pool_A'] and d['ledger'][1]['added'] > 0"
holds "d['provenance']['setting_method'] == 'mean-field' and 'lacuna' in d['provenance']['command_line']"
try 0 run decay.yaml --out decay.nc --quiet
try 0 show decay.nc --json
holds "d['voxels'] is None and d['field_frames'] is None and d['bands'] == []"
holds "d['bias'] is None"
# By chance: what the steps leave, and what bounded them.
cat >cells.yaml <<'YAML'
lacuna: 1
domains: {gel: {kind: tissue}}
species:
  off: {unit: cell, gel: {initial: 125000 cell/mm^3}}
  on: {unit: cell, gel: {initial: 0 cell/mm^3}}
  A: {gel: {initial: 0 pM, diffusivity: 50 um^2/s}}
reactions:
  up: {in: gel, equation: off -> on, rate: '0.1/d * (1 + 3 * hill(A, 80 nM, 2)) * off'}
  make: {in: gel, equation: -> A, rate: '3 amol/(cell h) * (off + 10 * on)'}
  lose: {in: gel, equation: A ->, rate: 0.005/s * A}
tissue: {size: [100 um, 20 um, 100 um], voxel: 20 um, zones: {upper: 40 %, lower: 60 %}}
run: {until: 10 d, method: hybrid, seed: 3, save: {every: 5 d}}
YAML
try 0 run cells.yaml --out cells.nc --quiet
try 0 show cells.nc --json
holds "[r['name'] for r in d['bias']['rows']] == ['gel_off', 'gel_off in upper', 'gel_off in lower', 'gel_on', 'gel_on in upper', 'gel_on in lower']"
holds "d['bias']['rows'][3]['bias'] < 0 and abs(d['bias']['rows'][0]['bias'] + d['bias']['rows'][3]['bias']) < 1e-9"
holds "all(0 < r['resolution'] < 1 for r in d['bias']['rows'])"
holds "d['bias']['rows'][0]['content'] + d['bias']['rows'][3]['content'] == 25"
holds "sum(d['bias']['steps'].values()) == d['steps']['accepted']"
try 0 show cells.nc
like out '^  gel_on  *-[0-9.e-]* \+- [0-9.e-]* \(of [0-9]*\)$'
like out '^  error test  *[0-9]*$'
try 0 run cells.yaml --out exact.nc --quiet --set run.method=exact --set run.until='1 min' --set run.save.every='1 min'
try 0 show exact.nc --json
holds "d['bias']['rows'][0]['bias'] == 0 and d['bias']['steps'] == {}"
try 66 show slab.yaml --json
says_nothing out
# Errors stay on the standard error, with their places.
sed 's/k \* A/kk * A/' decay.yaml >wrong.yaml
try 65 check wrong.yaml --json
says_nothing out
says err 'wrong.yaml:11'
finish
