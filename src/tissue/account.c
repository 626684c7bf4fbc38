/* The account of a stochastic method: its rows and their sums.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tissue/account.h"

#include "base/memory.h"

/* Is the region a part of the tissue in which the variable is? */
static bool is_part_of(const lac_model *model, size_t region, size_t variable)
{
    return !model->region[region].whole &&
           model->region[region].tissue == lac_model_tissue_of(model, variable);
}

static void list_rows(const lac_model *model, const unsigned char *discrete, lac_account *account)
{
    for (size_t variable = 0; variable < model->variables; variable++) {
        const size_t regions = variable < model->fields ? model->regions : 0;
        for (size_t r = 0; discrete[variable] && r <= regions; r++) {
            if (r > 0 && !is_part_of(model, r - 1, variable))
                continue;
            account->variable[account->rows] = variable;
            account->region[account->rows++] = r == 0 ? LAC_NONE : r - 1;
        }
    }
}

lac_status lac_account_create(const lac_model *model, const unsigned char *discrete,
                              char *const *bound, size_t bounds, lac_account **account)
{
    lac_status status = LAC_OK;
    const size_t most = model->variables * (model->regions + 1);
    lac_account *made = NULL;
    LAC_NEW(made, 1);
    LAC_NEW(made->variable, most);
    LAC_NEW(made->region, most);
    LAC_NEW(made->bias, most);
    LAC_NEW(made->least, most);
    LAC_NEW(made->bound, bounds);
    LAC_NEW(made->ruled, bounds);
    list_rows(model, discrete, made);
    for (; made->bounds < bounds; made->bounds++)
        LAC_OWN(made->bound[made->bounds], lac_copy_text(bound[made->bounds]));
    *account = made;
    made = NULL;
out:
    lac_account_free(made);
    return status;
}

void lac_account_free(lac_account *account)
{
    if (!account)
        return;
    for (size_t k = 0; k < account->bounds; k++)
        lac_free(account->bound[k]);
    lac_free(account->bound);
    lac_free(account->variable);
    lac_free(account->region);
    lac_free(account->bias);
    lac_free(account->least);
    lac_free(account->ruled);
    lac_free(account->changes);
    lac_free(account->is_discrete);
    lac_free(account->time_discrete);
    lac_free(account->to_discrete);
    lac_free(account->to_continuous);
    lac_free(account);
}

lac_status lac_account_follow(lac_account *account, const size_t *variable, size_t count)
{
    lac_status status = LAC_OK;
    LAC_NEW(account->changes, count);
    LAC_NEW(account->is_discrete, count);
    LAC_NEW(account->time_discrete, count);
    LAC_NEW(account->to_discrete, count);
    LAC_NEW(account->to_continuous, count);
    account->changing = count;
    for (size_t k = 0; k < count; k++)
        account->changes[k] = variable[k];
out:
    return status;
}

/* By volume, over a region [of the mean voxel]. */
static double sum_in(const lac_grid *grid, const double *region, const double *value)
{
    double sum = 0;
    if (!grid->share)
        return lac_dot(value, region, grid->voxels);
    for (size_t voxel = 0; voxel < grid->voxels; voxel++)
        sum += grid->share[voxel] * region[voxel] * value[voxel];
    return sum;
}

double lac_account_content(const lac_account *account, const lac_account_source *of, size_t row)
{
    const size_t variable = account->variable[row], fields = of->model->fields;
    const double *value = of->value + lac_layout_at(of->layout, variable);
    if (variable >= fields)
        return *value * lac_model_pool_volume(of->model, variable);
    const lac_grid *grid = lac_grid_of_field(of->grid, of->model, variable);
    if (account->region[row] == LAC_NONE)
        return grid->weight * lac_grid_sum(grid, value);
    return grid->weight * sum_in(grid, grid->region[account->region[row]], value);
}

void lac_account_set(lac_account *account, const lac_account_source *error)
{
    for (size_t row = 0; row < account->rows; row++)
        account->bias[row] = -lac_account_content(account, error, row);
}
