# shellcheck shell=sh
# A Slurm of one machine for a test: cluster_start in an empty directory, cluster_stop in a trap.
# Daemons, keys, sockets, ports, state and logs are its own, so it disturbs no other Slurm; it needs
# root, but neither systemd nor control groups.
# SPDX-License-Identifier: GPL-3.0-or-later

# A port of this machine that nobody listens to, from $1 on.
free_port() {
    port=$1
    while grep -qi "^ *[0-9]*: [0-9A-F]*:$(printf '%04X' "$port") [0-9A-F:]* 0A " \
        /proc/net/tcp /proc/net/tcp6 2>/dev/null; do
        port=$((port + 1))
    done
    echo "$port"
}

# Two partitions of the same node: jobs of `high` push those of `low` back into the queue.
cluster_configure() {
    host=$(uname -n)
    host=${host%%.*}
    control_port=$(free_port $((20000 + $$ % 20000)))
    memory=$(($(sed -n "s/^MemTotal: *\([0-9]*\).*/\1/p" /proc/meminfo) / 1024))
    node_port=$(free_port $((control_port + 1)))
    mkdir -p "$cluster/state" "$cluster/spool"
    # SLURM_CONF is for the commands of Slurm as well as for the daemons.
    SLURM_CONF=$cluster/slurm.conf
    export SLURM_CONF
    cat >"$SLURM_CONF" <<CONF
ClusterName=lacuna
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$control_port
SlurmdPort=$node_port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$cluster/munge.socket
CredType=cred/munge
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd.pid
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/filetxt
JobCompLoc=$cluster/jobs.txt
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SchedulerParameters=bf_interval=1
ReturnToService=2
KillWait=20
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(getconf _NPROCESSORS_ONLN) RealMemory=$memory State=UNKNOWN
PartitionName=low Nodes=$host Default=YES MaxTime=1000 State=UP PriorityTier=1 PreemptMode=REQUEUE GraceTime=0
PartitionName=high Nodes=$host MaxTime=1000 State=UP PriorityTier=10 PreemptMode=OFF
CONF
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
    patience=$(($1 * 5))
    shift
    while ! "$@"; do
        patience=$((patience - 1))
        [ "$patience" -gt 0 ] || return 1
        sleep 0.2
    done
}

node_is_idle() {
    [ "$(sinfo -h -p low -o %T 2>/dev/null)" = idle ]
}

# cluster_start DIRECTORY: sets `cluster`; DIRECTORY must not be writable by others.
cluster_start() {
    cluster=$1
    # What a Slurm in which the test itself may run has said is not for this one.
    for name in $(env | sed -n 's/^\(S\(LURM\|BATCH\|QUEUE\|INFO\)_[A-Z_]*\)=.*/\1/p'); do
        unset "$name"
    done
    mkdir -p "$cluster"
    chmod 755 "$cluster"
    cluster_configure
    dd if=/dev/urandom of="$cluster/munge.key" bs=128 count=1 2>/dev/null
    chmod 600 "$cluster/munge.key"
    munged --force --socket="$cluster/munge.socket" --key-file="$cluster/munge.key" \
        --pid-file="$cluster/munge.pid" --log-file="$cluster/munge.log" \
        --seed-file="$cluster/munge.seed" || return 1
    slurmctld -c && slurmd && wait_for 20 node_is_idle
}

cluster_logs() {
    tail -n 15 "$cluster"/*.log
}

# Ends the daemons by the process numbers that they wrote, jobs first.
cluster_stop() {
    [ -n "${cluster:-}" ] || return 0
    scancel --quiet --user=root 2>/dev/null || true
    for daemon in slurmd slurmctld munge; do
        if [ -s "$cluster/$daemon.pid" ]; then
            number=$(cat "$cluster/$daemon.pid")
            kill "$number" 2>/dev/null || continue
            wait_for 5 ended "$number" || kill -9 "$number" 2>/dev/null || true
        fi
    done
}

ended() {
    ! kill -0 "$1" 2>/dev/null
}
