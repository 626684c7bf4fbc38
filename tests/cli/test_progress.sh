#!/bin/sh
# A bar on a terminal, plain lines elsewhere, nothing when quiet; the report of SIGUSR1.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay
write_slab

try 0 run decay.yaml --force
says_nothing err
try 0 run decay.yaml --force --progress bar
says err '100.0 %'
try 0 run decay.yaml --force --progress none
says_nothing err

if command -v script >/dev/null; then
    on_terminal() {
        said="on a terminal, $*"
        env "$@" script -qec "'$LACUNA' run decay.yaml --force" /dev/null >out 2>&1 </dev/null
    }
    on_terminal TERM=xterm
    says out '100.0 %'
    on_terminal TERM=dumb
    grep -q '100.0 %' out && fail 'a bar on a dumb terminal'
    on_terminal TERM=xterm NO_COLOR=1
    grep -q '100.0 %' out && fail 'a bar in spite of NO_COLOR'
fi

# SIGUSR1 prints the state and the run goes on to its end.
sed -i 's/every: 2 h, fields_every: 12 h/every: 1 min/' slab.yaml
"$LACUNA" run slab.yaml --out slab.nc --quiet >out 2>err &
pid=$!
tries=0
while [ ! -s slab.nc ] && [ $tries -lt 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -USR1 $pid
wait $pid
code=$?
said='a run that gets SIGUSR1'
[ $code -eq 0 ] || fail "$said: exit code $code"
says err 'closure'
finish
