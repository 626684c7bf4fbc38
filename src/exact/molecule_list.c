/* Molecule lists: filled and checked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact/molecule_list.h"

#include <string.h>

size_t lac_molecule_list_capacity(double molecules)
{
    return molecules <= 134217728 ? 2 * (size_t)molecules + 4096 : 0;
}

size_t lac_molecule_list_words(size_t capacity, size_t voxels)
{
    return capacity > 0 ? capacity + (voxels + 1) / 2 : 0;
}

void lac_molecule_list_place_in(lac_molecule_list *list, uint32_t *words)
{
    list->member = words;
    list->excess = (uint16_t *)(void *)(words + list->capacity);
}

bool lac_molecule_list_fill(lac_molecule_list *list, size_t voxels, const double *count)
{
    *list->length = LAC_MOLECULE_LIST_UNUSED;
    if (list->capacity == 0)
        return false;
    *list->length = 0;
    memset(list->excess, 0, voxels * sizeof *list->excess);
    for (size_t voxel = 0; voxel < voxels; voxel++)
        if (!lac_molecule_list_add(list, voxel, count[voxel])) {
            *list->length = LAC_MOLECULE_LIST_UNUSED;
            return false;
        }
    return true;
}

bool lac_molecule_list_verify(const lac_molecule_list *list, size_t voxels, const double *count,
                              uint32_t *scratch)
{
    memset(scratch, 0, voxels * sizeof *scratch);
    for (uint64_t place = 0; place < *list->length; place++)
        scratch[list->member[place]]++;
    for (size_t voxel = 0; voxel < voxels; voxel++)
        if (scratch[voxel] != count[voxel] + list->excess[voxel])
            return false;
    return true;
}
