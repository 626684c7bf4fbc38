/* Registers: linear scan over the block list. Instruction i reads at time 2 i and a streamed output
 * is read after its last instruction i, at 2 i + 1, so that nothing overwrites it before.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "network/registers.h"

#include "base/memory.h"

typedef struct allocator {
    size_t *last;   /* owned [values]: time of the last reading; 0 = never */
    size_t *number; /* owned [values] */
    size_t *idle;   /* owned [values]: a stack of registers that are free */
    size_t idles;
    size_t registers; /* in use so far */
} allocator;

static void note_reading(allocator *a, lac_operand operand, size_t time)
{
    if (operand.where == LAC_IN_REGISTER && a->last[operand.index] < time)
        a->last[operand.index] = time;
}

static void find_last_readings(allocator *a, const lac_program *program)
{
    for (size_t i = 0; i < program->instructions; i++) {
        const lac_instruction *at = &program->instruction[i];
        note_reading(a, at->a, 2 * i);
        note_reading(a, at->b, 2 * i);
        note_reading(a, at->c, 2 * i);
    }
    for (size_t k = 0; k < program->outputs; k++)
        if (program->ready[k] > 0)
            note_reading(a, program->output[k], 2 * (program->ready[k] - 1) + 1);
}

static void rename_source(allocator *a, lac_operand *operand)
{
    if (operand->where == LAC_IN_REGISTER)
        operand->index = (uint32_t)a->number[operand->index];
}

/* Frees the register of a value that was read for the last time at `time`; once only. */
static void release(allocator *a, size_t value, size_t time)
{
    if (a->last[value] != time)
        return;
    a->last[value] = (size_t)-1;
    a->idle[a->idles++] = a->number[value];
}

static void rename_instruction(allocator *a, lac_instruction *at, size_t i)
{
    lac_operand *sources[3] = {&at->a, &at->b, &at->c};
    size_t value[3] = {0, 0, 0};
    for (size_t k = 0; k < 3; k++) {
        value[k] = sources[k]->index;
        rename_source(a, sources[k]);
    }
    for (size_t k = 0; k < 3; k++)
        if (sources[k]->where == LAC_IN_REGISTER)
            release(a, value[k], 2 * i);
    if (at->to.where == LAC_IN_REGISTER) {
        size_t made = at->to.index;
        a->number[made] = a->idles ? a->idle[--a->idles] : a->registers++;
        rename_source(a, &at->to);
    }
}

lac_status lac_registers_assign(lac_program *program, size_t values)
{
    lac_status status = LAC_OK;
    allocator a = {0};
    size_t output = 0;
    LAC_NEW(a.last, values);
    LAC_NEW(a.number, values);
    LAC_NEW(a.idle, values);
    find_last_readings(&a, program);
    for (size_t i = 0; i < program->instructions; i++) {
        rename_instruction(&a, &program->instruction[i], i);
        for (; output < program->outputs && program->ready[output] <= i + 1; output++) {
            lac_operand *at = &program->output[output];
            size_t value = at->index;
            rename_source(&a, at);
            if (at->where == LAC_IN_REGISTER)
                release(&a, value, 2 * i + 1);
        }
    }
    program->registers = a.registers;
out:
    lac_free(a.last);
    lac_free(a.number);
    lac_free(a.idle);
    return status;
}
