/* The loader: what the parts of loading share while YAML becomes a model; private to this room.
 *
 * Loading has two rounds: first everything that has a name is declared, then everything is defined
 * (its expressions parsed), in any order: parameters and quantities are resolved when first named.
 * Functions return a status only for lack of memory; what is wrong with the text is reported and
 * loading goes on, so that one pass finds all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_LOADING_LOADER_H
#define LAC_LOADING_LOADER_H

#include "language/yaml.h"
#include "loading/origin.h"
#include "model/model.h"
#include "model/write.h"

#include <sys/types.h>

/* A file as the system knows it. */
typedef struct lac_file_identity {
    bool known;
    dev_t device;
    ino_t inode;
} lac_file_identity;

/* One file that was read, after all that it includes. */
typedef struct lac_layer {
    const lac_source *source; /* borrowed from the model */
    lac_file_identity file;
    char *directory; /* owned: relative paths start here */
    lac_yaml *root;  /* owned; a mapping */
} lac_layer;

/* Sections whose entries are joined over all layers; the same key twice is an error. */
#define LAC_SECTION_LIST(X)                                                                        \
    X(DOMAINS, "domains")                                                                          \
    X(SPECIES, "species")                                                                          \
    X(PARAMETERS, "parameters")                                                                    \
    X(FUNCTIONS, "functions")                                                                      \
    X(QUANTITIES, "quantities")                                                                    \
    X(INPUTS, "inputs")                                                                            \
    X(RANDOM, "random")                                                                            \
    X(REACTIONS, "reactions")                                                                      \
    X(RATES, "rates")                                                                              \
    X(INTERFACES, "interfaces")                                                                    \
    X(BOUNDARIES, "boundaries")                                                                    \
    X(OBSERVABLES, "observables")                                                                  \
    X(BANDS, "bands")                                                                              \
    X(EVENTS, "events")

typedef enum lac_section_id {
#define LAC_SECTION_ID(id, word) LAC_SECTION_##id,
    LAC_SECTION_LIST(LAC_SECTION_ID)
#undef LAC_SECTION_ID
        LAC_SECTION_DOSES, /* a sequence; entries have the key "dose N" */
    LAC_SECTIONS
} lac_section_id;

typedef struct lac_entry {
    const char *key; /* borrowed from a tree or from loader.dose_name */
    lac_place place; /* of the key */
    const lac_yaml *value;
    const lac_layer *layer;
} lac_entry;

typedef struct lac_section {
    lac_entry *entry; /* owned */
    size_t count, capacity;
    lac_names keys;
} lac_section;

typedef enum lac_word_kind {
    LAC_WORD_TIME,
    LAC_WORD_X,
    LAC_WORD_Y,
    LAC_WORD_DEPTH,
    LAC_WORD_SPECIES,
    LAC_WORD_VARIABLE, /* domain.species */
    LAC_WORD_PARAMETER,
    LAC_WORD_FUNCTION,
    LAC_WORD_QUANTITY,
    LAC_WORD_INPUT,
    LAC_WORD_RANDOM,
    LAC_WORD_REGION,
    LAC_WORD_OBSERVABLE
} lac_word_kind;

/* What a name of the text stands for. */
typedef struct lac_word {
    lac_word_kind kind;
    size_t index;
    lac_place place;
} lac_word;

typedef enum lac_progress_of { LAC_UNSEEN, LAC_BUSY, LAC_DONE, LAC_FAILED } lac_progress_of;

/* What an expression may look at. */
enum {
    LAC_SEES_TIME = 1,     /* t and the inputs */
    LAC_SEES_POSITION = 2, /* x, y, depth, regions */
    LAC_SEES_FIELDS = 4,   /* tissue variables, voxel by voxel */
    LAC_SEES_POOLS = 8,
    LAC_SEES_REDUCTIONS = 16, /* and observables; inside them the tissue is seen */
    LAC_SEES_RANDOM = 32,     /* random fields */
    LAC_SEES_LAW = LAC_SEES_TIME | LAC_SEES_POSITION | LAC_SEES_FIELDS | LAC_SEES_POOLS
};

typedef struct lac_loader lac_loader;

/* From where an expression is read: the context of a lac_scope. */
typedef struct lac_reading {
    lac_loader *loader;
    unsigned sees;
    size_t domain;    /* whose species the bare names mean; LAC_NONE = of the only domain */
    size_t species;   /* its molar mass turns masses into amounts; LAC_NONE */
    const char *what; /* for messages: "the initial value of cartilage.IL1b" */
} lac_reading;

/* A quantity read for one domain (`domain` LAC_NONE: see lac_reading). */
typedef struct lac_quantity {
    lac_progress_of progress;
    size_t domain;
    lac_expression *tree; /* owned */
    unsigned sees;        /* what it looks at */
} lac_quantity;

/* What a reading of the text found about the dimensions of parameters; see blame.c. */
typedef struct lac_learned {
    size_t count;
    bool *fits;            /* owned: some use accepts it */
    size_t *misfits;       /* owned: uses that need another dimension, the same one */
    lac_dimension *needed; /* owned: that one */
    bool any;
} lac_learned;

/* `with: {NAME: expression}` of a tissue: what the name means in it. */
typedef struct lac_replacement {
    size_t domain;
    const char *name; /* borrowed from a tree */
    lac_place place;
    const lac_yaml *node;
    lac_expression *tree; /* owned; NULL before it is read and after a report */
    unsigned sees;        /* what it looks at */
} lac_replacement;

/* The domains that `in:` names, and after them the tissues that are like one of them. */
enum { LAC_HOMES_MOST = 160 };
typedef struct lac_homes {
    size_t domain[LAC_HOMES_MOST];
    size_t count, named;
} lac_homes;

struct lac_loader {
    lac_model *model; /* owned until it is handed over */
    lac_diagnostics *list;
    lac_status fatal; /* LAC_MEMORY met in a lookup, which cannot return it */
    lac_layer *layer; /* owned, later ones win */
    size_t layers, layer_capacity, source_capacity;
    lac_section section[LAC_SECTIONS];
    char **dose_name; /* owned */
    size_t dose_names, dose_name_capacity;

    lac_names words; /* every name that an expression may hold */
    lac_word *word;  /* owned, by index in `words` */
    size_t word_capacity;
    lac_names domain_names, patch_names, process_names;
    size_t *like;                 /* owned [domains]: the tissue that it is like, or LAC_NONE */
    lac_replacement *replacement; /* owned */
    size_t replacements, replacement_capacity;
    bool replaces; /* names mean their replacements */
    size_t copied; /* while its exchange is copied from the tissue that it is like; else LAC_NONE */

    lac_learned learned;
    const lac_learned *before; /* borrowed: of the reading before; NULL = this is the first */
    bool *blamed;              /* owned [parameters]: its dimension was reported */
    lac_progress_of *parameter_progress;  /* owned [parameters] */
    const lac_yaml **parameter_override;  /* owned [parameters]: from `set:` or --set, or NULL */
    bool *parameter_constant;             /* owned [parameters]: evaluated when the model is read */
    lac_place *parameter_changed;         /* owned [parameters]: where an event changes it */
    lac_progress_of *observable_progress; /* owned [observables] */
    lac_expression **random;              /* owned [named random fields]: what their name means */
    size_t randoms, random_capacity;      /* named ones; fields of the model */
    lac_function *function;               /* owned [functions] */
    size_t functions;
    lac_quantity **quantity; /* owned [quantities][domains + 1] */
    size_t quantities;
    size_t parts;       /* of all expressions, with quantities and functions put in */
    lac_yaml *override; /* owned: the scalars of --set */
    size_t overrides;
    const lac_override_place *override_places; /* borrowed; NULL = a text of their own */
    lac_file_finder finder;
    const lac_yaml *held;         /* borrowed: the last `run.held`; NULL = not said */
    const lac_yaml *saved_fields; /* borrowed: the last `save.fields`; NULL = not said */

    size_t region_capacity, patch_capacity, boundary_capacity, process_capacity, event_capacity,
        condition_capacity;
    char why[320]; /* for lac_meaning.why */
};

/* layers.c: reads the file or text of `origin` and all that it includes. */
lac_status lac_layers_read(lac_loader *loader, const lac_scenario_origin *origin);
/* A text that belongs to the model; `bytes` is taken over, also on failure. */
lac_status lac_layers_add_source(lac_loader *loader, const char *path, char *bytes, size_t length,
                                 lac_source **source);
/* The path of a file: from `directory`, or installed; owned by the caller. */
lac_status lac_layers_find_file(const lac_loader *loader, const char *said, const char *directory,
                                char **path);
/* load_csv.c: the knots of an input from the columns of a file. */
lac_status lac_load_csv(lac_loader *loader, const lac_layer *layer, const lac_yaml *entry,
                        lac_input *input);
/* Puts the entries of all layers into sections; checks the keys of every file. */
lac_status lac_layers_gather(lac_loader *loader);
void lac_layers_free(lac_loader *loader);
/* `path` as seen from `directory`; owned by the caller; NULL without memory. */
char *lac_path_join(const char *directory, const char *path);
/* "dir/a.yaml" -> "dir" (or "."), and -> "a"; owned by the caller; NULL without memory. */
char *lac_path_directory(const char *path);
char *lac_path_name(const char *path);

/* blame.c */
lac_status lac_blame_begin(lac_loader *loader);
void lac_learned_free(lac_learned *learned);
/* All parameters of the tree fit; only those within operations that ask for dimensions. */
void lac_blame_accept(lac_loader *loader, const lac_expression *tree);
void lac_blame_accept_parts(lac_loader *loader, const lac_expression *tree);
/* One of the trees should have had another dimension: true when a parameter is to blame, which is
 * reported where its value is. */
bool lac_blame(lac_loader *loader, const lac_clash *clash, size_t count);

/* load_random.c: random fields with a name, and {random: ...} in place of a value. */
lac_status lac_declare_random(lac_loader *loader);
lac_status lac_define_random(lac_loader *loader);
lac_status lac_load_random(const lac_reading *reading, const lac_yaml *node,
                           const lac_dimension *expected, lac_expression **tree);
void lac_random_free(lac_loader *loader);

/* words.c: names. */
lac_status lac_declare(lac_loader *loader, const char *name, lac_word_kind kind, size_t index,
                       lac_place place);
lac_status lac_declare_builtins(lac_loader *loader);
/* Reports that `name` is no `wanted` ("species"): what it is instead, or the nearest name of one
 * of the kinds (1 << LAC_WORD_...). */
void lac_report_stranger(lac_loader *loader, lac_place place, const char *name, unsigned kinds,
                         const char *wanted);
/* scope.c: what they mean where they stand. */
lac_meaning lac_reading_lookup(const lac_scope *scope, const char *name);
bool lac_reading_blame(const lac_scope *scope, const lac_clash *clash, size_t count);
const char *lac_reading_nearest(const lac_scope *scope, const char *name);

/* values.c: typed values of nodes. Each reports what is wrong and gives false or NULL then. */
bool lac_is_mapping(lac_loader *loader, const lac_yaml *node, lac_place place, const char *what);
bool lac_is_scalar(lac_loader *loader, const lac_yaml *node, lac_place place, const char *what);
const char *lac_load_word(lac_loader *loader, const lac_yaml *mapping, const char *key);
lac_status lac_load_copy(lac_loader *loader, const lac_yaml *mapping, const char *key, char **copy);
bool lac_load_flag(lac_loader *loader, const lac_yaml *mapping, const char *key, bool fallback);
/* The index of the word that `node` holds among `count` words; LAC_NONE after a report. */
size_t lac_load_choice(lac_loader *loader, const lac_yaml *node, const char *const *words,
                       size_t count, const char *what);
size_t lac_load_name(lac_loader *loader, const lac_yaml *node, const lac_names *names,
                     const char *what);
/* The items of a sequence, or a single scalar as a sequence of one. */
size_t lac_items(const lac_yaml *node);
const lac_yaml *lac_item(const lac_yaml *node, size_t index);

/* Any expression; a mapping from region to expression where position is seen. */
lac_status lac_load_tree(const lac_reading *reading, const lac_yaml *node, lac_expression **tree);
/* One of `count` dimensions; masses become amounts by the molar mass of reading->species. `which`
 * (may be NULL) says which dimension it was. */
lac_status lac_load_expression(const lac_reading *reading, const lac_yaml *node,
                               const lac_dimension *expected, size_t count, size_t *which,
                               lac_expression **tree);
/* load_profile.c: [[depth, value], ...] -> straight between the knots, constant beyond them. NULL
 * after a report. */
lac_status lac_load_profile(const lac_reading *reading, const lac_yaml *node,
                            lac_dimension dimension, lac_expression **tree);
/* A number known when loading; NaN after a report. */
lac_status lac_load_constant(const lac_reading *reading, const lac_yaml *node,
                             lac_dimension expected, double *value);
/* Turns mass^n into amount^n by the molar mass of `species`, if that gives `expected` (NULL = do
 * it anyway). */
lac_status lac_mass_to_amount(const lac_model *model, size_t species, const lac_dimension *expected,
                              lac_expression **tree);
/* The parameters of a tree that was evaluated cannot change in a run. */
void lac_mark_constant(lac_loader *loader, const lac_expression *tree);
/* The dimension after masses became amounts; false when there is nothing to convert. */
bool lac_amount_dimension(lac_dimension found, lac_dimension *amount);
/* A unit that the user names for output; masses go through the molar mass of `species`. */
lac_status lac_load_display(lac_loader *loader, const lac_yaml *node, lac_dimension dimension,
                            size_t species, lac_display *display);

/* expression_make.c: nodes made by hand. Arguments are taken over, also on failure. */
lac_status lac_tree_make(lac_op op, lac_dimension dimension, lac_expression *const arg[3],
                         lac_expression **tree);
lac_status lac_tree_scale(lac_expression **tree, lac_op op, double number, lac_dimension unit);
lac_status lac_tree_symbol(lac_symbol symbol, lac_dimension dimension, lac_place place,
                           lac_expression **tree);
bool lac_tree_has_symbol(const lac_expression *tree);

/* load_species.c: a species that one file begins goes on in another, with further keys. */
lac_status lac_continue_species(lac_loader *loader, const lac_entry *first, const lac_entry *entry);

/* load_*.c: declaring and defining, one thing a file. */
lac_status lac_declare_domains(lac_loader *loader);
lac_status lac_define_domains(lac_loader *loader);
/* load_like.c: tissues that are like another. */
lac_status lac_declare_likenesses(lac_loader *loader);
lac_status lac_define_likenesses(lac_loader *loader);
lac_status lac_define_replacements(lac_loader *loader);
/* What the name means in the domain instead; NULL = what it means elsewhere. */
const lac_replacement *lac_replacement_of(const lac_loader *loader, size_t domain,
                                          const char *name);
/* What a species has in a domain, or in the tissue that it is like; NULL = nothing. `place` (of
 * the key) may be NULL. */
const lac_yaml *lac_species_in(const lac_loader *loader, size_t species, size_t domain,
                               lac_place *place);
bool lac_has_from_likeness(const lac_loader *loader, size_t species, size_t domain);
/* Names that are no domains are reported. */
void lac_load_homes(lac_loader *loader, const lac_yaml *in, lac_homes *homes);
lac_status lac_declare_species(lac_loader *loader);
lac_status lac_define_species(lac_loader *loader);
lac_status lac_define_variables(lac_loader *loader);
lac_status lac_declare_parameters(lac_loader *loader);
lac_status lac_define_parameters(lac_loader *loader);
lac_status lac_define_parameter(lac_loader *loader, size_t parameter);
lac_status lac_declare_functions(lac_loader *loader);
lac_status lac_declare_quantities(lac_loader *loader);
lac_status lac_define_quantities(lac_loader *loader);
/* The quantity as read in `domain`; NULL after a report or without memory (loader->fatal). */
const lac_quantity *lac_define_quantity(lac_loader *loader, size_t quantity, size_t domain);
lac_status lac_declare_inputs(lac_loader *loader);
lac_status lac_define_inputs(lac_loader *loader);
lac_status lac_declare_regions(lac_loader *loader);
lac_status lac_check_gradings(lac_loader *loader);
lac_status lac_define_tissue(lac_loader *loader);
lac_status lac_define_regions(lac_loader *loader);
lac_status lac_define_patches(lac_loader *loader);
/* The region that a node names, in a domain that must be the tissue; LAC_NONE after a report. */
size_t lac_load_region(lac_loader *loader, const lac_yaml *node, size_t domain);
/* x, y and depth of a mapping, each [from, to]; all of the axis where one is left out. */
lac_status lac_load_extent(const lac_reading *reading, const lac_yaml *node, double low[3],
                           double high[3]);
/* "domain.face" or "domain.patch" -> index of the patch (made when it is a whole face). */
lac_status lac_load_patch(lac_loader *loader, const lac_yaml *node, size_t *patch);

/* The tissue of TISSUE.FACE, whatever the face; LAC_NONE where no tissue stands before the dot. */
size_t lac_tissue_of_face(const lac_model *model, const char *face);
lac_status lac_define_interfaces(lac_loader *loader);
lac_status lac_define_boundaries(lac_loader *loader);
lac_status lac_define_reactions(lac_loader *loader);
lac_status lac_define_rates(lac_loader *loader);
lac_status lac_declare_observables(lac_loader *loader);
lac_status lac_define_observables(lac_loader *loader);
lac_status lac_define_observable(lac_loader *loader, size_t observable);
lac_status lac_define_bands(lac_loader *loader);
lac_status lac_define_events(lac_loader *loader);
lac_status lac_define_infusions(lac_loader *loader);
lac_status lac_define_settings(lac_loader *loader, const lac_override *overrides, size_t count);
lac_status lac_apply_overrides(lac_loader *loader, const lac_override *overrides, size_t count);
lac_status lac_define_conditions(lac_loader *loader);
/* `save.fields` has names that the model knows: they are put in the model's order. */
lac_status lac_define_saved_fields(lac_loader *loader);
/* load_signs.c: what is negative whatever happens is reported. */
lac_status lac_define_signs(lac_loader *loader);
/* Reports `what`, where the value is written: of the parameter that is negative, else at `place`.
 */
void lac_report_negative(lac_loader *loader, const lac_expression *tree, lac_place place,
                         const char *what);
/* load_points.c: at() must look into the tissue. */
lac_status lac_define_points(lac_loader *loader);
/* `run.held` has species that can be held. */
lac_status lac_check_held(lac_loader *loader);
/* What variables and observables are called in the result; reports those that meet. */
lac_status lac_define_stored_names(lac_loader *loader);
lac_status lac_define_representation(lac_loader *loader);

/* What a tissue has under a key of `tissue:` (or under that of its domain there), and in which
 * layer; the last layer counts. NULL without. */
const lac_yaml *lac_tissue_find(const lac_loader *loader, size_t tissue, const char *key,
                                const lac_layer **layer);

/* load_grading.c: `voxel: [x, y, {...}]`; bounds of layers, their number and mean. */
lac_status lac_load_grading(lac_loader *loader, const lac_yaml *node, double depth,
                            lac_tissue_text *tissue);

/* load_several.c: in a model of several tissues a reduction is of one, and says which. */
lac_status lac_define_reductions(lac_loader *loader);

/* The tissue domain of a model that has one; LAC_NONE without and with several. */
size_t lac_tissue_domain(const lac_model *model);
/* amount, cells or nothing; per volume for densities. */
lac_dimension lac_count_dimension(lac_species_kind kind);
lac_dimension lac_per(lac_dimension dimension, int length, int time);

#endif
