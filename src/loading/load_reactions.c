/* Reactions: equations with rate laws, in one domain or several.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "loading/process.h"

#include <stdio.h>
#include <string.h>

enum { ID_BYTES = 256 };

/* Each species of the equation is in the tissue exactly when the reaction is. */
static bool check_sides(lac_loader *loader, const lac_equation *equation, size_t domain,
                        lac_place place)
{
    const lac_model *model = loader->model;
    bool in_tissue = model->domain[domain].kind == LAC_TISSUE;
    for (size_t side = 0; side < 2; side++) {
        const lac_term *terms = side ? equation->right : equation->left;
        size_t count = side ? equation->rights : equation->lefts;
        for (size_t term = 0; term < count; term++) {
            size_t variable = terms[term].variable;
            if (in_tissue ? model->variable[variable].domain == domain : variable >= model->fields)
                continue;
            lac_report(loader->list, LAC_ERROR, place,
                       "a reaction in '%s' cannot hold '%s': between a tissue and other domains "
                       "there are interfaces",
                       model->domain[domain].id, model->variable[terms[term].variable].path);
            return false;
        }
    }
    return true;
}

static const lac_term *term_of(const lac_equation *equation, size_t each)
{
    return each < equation->lefts ? &equation->left[each]
                                  : &equation->right[each - equation->lefts];
}

/* The variables that change (or, when nothing does, all that take part). */
static size_t changed_variables(const lac_equation *equation, size_t *variable)
{
    size_t count = 0, all = equation->lefts + equation->rights;
    for (int any = 0; any < 2 && count == 0; any++) {
        for (size_t each = 0; each < all; each++) {
            const lac_term *term = term_of(equation, each);
            if (any || lac_equation_net(equation, term->variable) != 0)
                variable[count++] = term->variable;
        }
    }
    return count;
}

/* The dimensions that a law may have: those of what changes; among pools also per time for the
 * whole joint. */
static size_t law_dimensions(const lac_model *model, const lac_equation *equation, bool in_tissue,
                             lac_dimension *expected)
{
    size_t variable[2 * LAC_MOST_TERMS];
    size_t changed = changed_variables(equation, variable), count = 0;
    for (size_t each = 0; each < changed; each++) {
        bool state = model->species[model->variable[variable[each]].species].kind == LAC_STATE;
        for (int extensive = 0; extensive <= (in_tissue || state ? 0 : 1); extensive++) {
            lac_dimension dimension = lac_process_dimension(model, variable[each], extensive);
            bool known = false;
            for (size_t other = 0; other < count; other++)
                known = known || lac_dimension_same(expected[other], dimension);
            if (!known)
                expected[count++] = dimension;
        }
    }
    return count;
}

static bool mixes_states(const lac_model *model, const lac_equation *equation)
{
    size_t variable[2 * LAC_MOST_TERMS], states = 0;
    size_t changed = changed_variables(equation, variable);
    for (size_t each = 0; each < changed; each++)
        states += model->species[model->variable[variable[each]].species].kind == LAC_STATE;
    return states > 0 && states < changed;
}

/* The species whose molar mass turns a law in mass into one in amount: the only one that changes,
 * and by one at a time. LAC_NONE without one. */
static size_t weighed_species(const lac_model *model, const lac_equation *equation)
{
    size_t variable[2 * LAC_MOST_TERMS], found = LAC_NONE;
    size_t changed = changed_variables(equation, variable);
    for (size_t each = 0; each < changed; each++) {
        size_t species = model->variable[variable[each]].species;
        double net = lac_equation_net(equation, variable[each]);
        if ((found != LAC_NONE && found != species) || (net != 1 && net != -1))
            return LAC_NONE;
        found = species;
    }
    return found;
}

/* One direction. */
static lac_status define_direction(lac_loader *loader, const lac_process_text *text,
                                   const lac_equation *equation, const lac_yaml *law)
{
    char what[ID_BYTES + 32];
    lac_dimension expected[4 * LAC_MOST_TERMS];
    lac_expression *rate = NULL;
    const lac_model *model = loader->model;
    bool in_tissue = model->domain[text->domain].kind == LAC_TISSUE;
    lac_process_text whole = *text;
    snprintf(what, sizeof what, "the rate of '%s'", text->id);
    size_t count = law_dimensions(model, equation, in_tissue, expected);
    lac_reading reading = {.loader = loader,
                           .sees = in_tissue ? LAC_SEES_LAW : LAC_SEES_TIME | LAC_SEES_POOLS,
                           .domain = text->domain,
                           .species = weighed_species(model, equation),
                           .what = what};
    lac_status status = lac_load_expression(&reading, law, expected, count, NULL, &rate);
    if (status != LAC_OK || !rate)
        return status;
    whole.law = law->kind == LAC_YAML_SCALAR ? law->scalar : "by region";
    return lac_add_process(loader, &whole, equation, rate);
}

static lac_equation reversed(const lac_equation *equation)
{
    lac_equation other = {.lefts = equation->rights, .rights = equation->lefts};
    memcpy(other.left, equation->right, sizeof other.left);
    memcpy(other.right, equation->left, sizeof other.right);
    return other;
}

static lac_status define_in(lac_loader *loader, const lac_entry *entry, size_t domain,
                            const char *id)
{
    lac_status status = LAC_OK;
    const lac_yaml *node = entry->value;
    const lac_yaml *rate = lac_yaml_get(node, "rate");
    const lac_yaml *reverse = lac_yaml_get(node, "reverse");
    const lac_yaml *written = lac_yaml_get(node, "equation");
    lac_equation equation;
    char reverse_id[ID_BYTES + 16];
    lac_process_text text = {.id = id, .domain = domain, .region = LAC_NONE, .place = entry->place};
    if (!lac_equation_read(loader, written, domain, &equation) ||
        !check_sides(loader, &equation, domain, written->place))
        return LAC_OK;
    if (mixes_states(loader->model, &equation)) {
        lac_report(loader->list, LAC_ERROR, written->place,
                   "a reaction changes states, or molecules and cells, not both");
        return LAC_OK;
    }
    if (lac_yaml_get(node, "region"))
        text.region = lac_load_region(loader, lac_yaml_get(node, "region"), domain);
    LAC_TRY(define_direction(loader, &text, &equation, rate));
    if (equation.reversible != (reverse != NULL)) {
        lac_report(loader->list, LAC_ERROR, reverse ? reverse->place : written->place,
                   reverse ? "a reverse rate needs <=> in the equation"
                           : "a reaction with <=> needs a reverse rate");
    } else if (reverse) {
        lac_equation back = reversed(&equation);
        snprintf(reverse_id, sizeof reverse_id, "%s.reverse", id);
        text.id = reverse_id;
        LAC_TRY(define_direction(loader, &text, &back, reverse));
    }
out:
    return status;
}

static lac_status define_reaction(lac_loader *loader, const lac_entry *entry)
{
    static const char *const keys[] = {"in",     "equation", "rate",  "reverse",
                                       "region", "label",    "source"};
    lac_status status = LAC_OK;
    lac_homes homes;
    if (!lac_is_mapping(loader, entry->value, entry->place, "a reaction"))
        return LAC_OK;
    lac_yaml_only(entry->value, keys, 7, "a reaction", loader->list);
    const lac_yaml *in = lac_yaml_get(entry->value, "in");
    if (!in || !lac_yaml_get(entry->value, "equation") || !lac_yaml_get(entry->value, "rate")) {
        lac_report(loader->list, LAC_ERROR, entry->place,
                   "a reaction needs in: DOMAIN, equation and rate");
        return LAC_OK;
    }
    lac_load_homes(loader, in, &homes);
    /* what is limited to a region of a tissue is not in those that are like it */
    size_t count = lac_yaml_get(entry->value, "region") ? homes.named : homes.count;
    for (size_t home = 0; home < count; home++) {
        char id[ID_BYTES];
        size_t domain = homes.domain[home];
        if (lac_items(in) > 1 || home >= homes.named)
            snprintf(id, sizeof id, "%.120s.%.120s", entry->key, loader->model->domain[domain].id);
        else
            snprintf(id, sizeof id, "%.240s", entry->key);
        LAC_TRY(define_in(loader, entry, domain, id));
    }
out:
    return status;
}

lac_status lac_define_reactions(lac_loader *loader)
{
    lac_status status = LAC_OK;
    const lac_section *section = &loader->section[LAC_SECTION_REACTIONS];
    for (size_t each = 0; each < section->count; each++)
        LAC_TRY(define_reaction(loader, &section->entry[each]));
out:
    return status;
}
