/* Registers: strips of scratch given to values while they live.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_NETWORK_REGISTERS_H
#define LAC_NETWORK_REGISTERS_H

#include "network/program_internal.h"

/* Replaces value numbers (< values) in the register operands of the block list and the outputs by
 * register numbers, reusing a register as soon as its value is dead. */
lac_status lac_registers_assign(lac_program *program, size_t values);

#endif
