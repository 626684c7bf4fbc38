/* How much memory the control groups of Linux leave to this process, such as those
 * in which schedulers and containers put it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_RUN_CGROUP_MEMORY_H
#define LAC_RUN_CGROUP_MEMORY_H

#include <stddef.h>

/* The smallest limit of the groups that `membership` ("/proc/self/cgroup") names and of those that
 * hold them, as files under `mount` ("/sys/fs/cgroup") tell it, of both versions [bytes]. SIZE_MAX
 * when there is no limit, or nothing of the kind. */
size_t lac_cgroup_memory(const char *membership, const char *mount);

#endif
