/* The index from inside: what its files share while it is built.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAC_INDEX_INDEX_INTERNAL_H
#define LAC_INDEX_INDEX_INTERNAL_H

#include "analysis/statistics.h"
#include "index/index.h"
#include "store/store.h"

/* --- columns: numbers and words of every member, written at the end --- */

typedef enum lac_index_column {
    LAC_COLUMN_STATUS,
    LAC_COLUMN_FRAMES,
    LAC_COLUMN_WALL,
    LAC_COLUMN_CPU,
    LAC_COLUMN_MEMORY,
    LAC_COLUMN_ATTEMPTS,
    LAC_COLUMN_BYTES,
    LAC_COLUMNS
} lac_index_column;

typedef enum lac_index_word {
    LAC_WORD_SENTENCE, /* what is wrong with the member; "" when nothing is */
    LAC_WORD_FILE,     /* its result, as said from the directory of the index */
    LAC_WORD_HOST,
    LAC_WORD_ENDED,
    LAC_WORD_CREATED,
    LAC_WORDS
} lac_index_word;

typedef struct lac_index_words {
    lac_text bytes; /* terminated texts, one after the other */
    size_t *at;     /* owned [members] where each begins */
} lac_index_words;

/* --- curves ----------------------------------------------------------- */

/* Times that members share: those of the longest. */
typedef struct lac_index_axis {
    const char *path; /* "/time" */
    double *time;     /* owned [h] */
    size_t frames;
    size_t member;          /* whose times they are */
    lac_store_series *made; /* borrowed; NULL = not in the file yet */
} lac_index_axis;

enum { LAC_INDEX_HELD = 64 };
/* Attribute of a series: its place among the observables and pools of a record. */
#define LAC_INDEX_PLACE "place"
enum { LAC_INDEX_KINDS = 5 }; /* mean, sd, sd_chance, sd_parameters, count */

/* A series of the members; those that only an endpoint needs are not kept. */
typedef struct lac_index_curve {
    char *said;                 /* owned: as the plan says it */
    char *path, *words;         /* owned: "/A_mean" in a member's file; long name */
    const lac_display *display; /* borrowed from the plan's model */
    bool kept;
    lac_store_series *table;                       /* borrowed: the rows of members */
    lac_store_series *statistics[LAC_INDEX_KINDS]; /* borrowed */
    lac_running *running;                          /* owned: of the arm at hand */
    double *rows;                                  /* owned [LAC_INDEX_HELD][held_frames] */
    size_t held, held_first, held_frames;          /* members that are not in the table yet */
} lac_index_curve;

/* --- what every member must have in common with the plan -------------- */

typedef struct lac_index_reference {
    char *model;                       /* owned: the resolved model of the plan, cut into lines */
    char print[LAC_FINGERPRINT_BYTES]; /* of the model that members share */
    const char **line;                 /* owned: value of each parameter, in `model` */
    double *factor_scale; /* owned: of the sample table = internal value * scale; NaN = a setting */
    size_t *factor_of;    /* owned: factor of each parameter, or LAC_NONE */
} lac_index_reference;

/* --- a member's file as it was read ----------------------------------- */

typedef struct lac_index_content {
    size_t frames, field_frames;
    double *time, *field_time; /* owned [h] */
    double **curve;            /* owned [curves][frames] */
    double *place[3];          /* owned: z, y, x [um]; of the first member with fields */
    double spacing[3];         /* NaN of layers that differ */
    double *bounds, *volume;   /* owned [2 z], [z]: of such layers [um, um^3]; NULL without */
    size_t length[3];
    bool held; /* all frames of all fields are in the index's scratch: field by field */
    double bytes;
    char *created; /* owned */
} lac_index_content;

typedef struct lac_index_sums lac_index_sums; /* of fields */

struct lac_index {
    const lac_sample_table *samples;    /* borrowed */
    lac_campaign *campaign;             /* borrowed: has the records; NULL = there are none */
    char *directory, *path, *temporary; /* owned */
    lac_store *store;
    size_t next, done;
    bool summarises; /* arms have statistics: not those of one member, which would repeat it */
    lac_index_reference reference;
    double *column[LAC_COLUMNS]; /* owned [members] */
    lac_index_words word[LAC_WORDS];
    double **endpoint;      /* owned [endpoints][members] */
    size_t *endpoint_curve; /* owned [endpoints] */
    lac_index_axis time, field_time;
    size_t curves;
    lac_index_curve *curve; /* owned */
    size_t fields;
    size_t *field;        /* owned: variables of the plan's model */
    bool own_times;       /* of the fields */
    size_t *field_frames; /* owned [members]: frames of fields */
    size_t length[3];     /* z, y, x of fields; 0 = not known yet */
    double *scratch;      /* owned [scratch_values]: a frame of a field, or all of a member's */
    size_t scratch_values;
    size_t sum_bytes;     /* memory for the sums of fields */
    lac_index_sums *sums; /* owned: of the arm at hand; NULL = none yet, or given up */
    bool late;            /* statistics of fields are taken from the files at the end */
};

/* index_metadata.c: attributes, columns that the sample table knows, design, provenance. */
lac_status lac_index_write_metadata(lac_index *index, const lac_index_origin *origin);
void lac_index_endpoint_path(const lac_plan *plan, size_t endpoint, lac_text *path);

/* index_columns.c */
lac_status lac_index_create_columns(lac_index *index);
lac_status lac_index_add_word(lac_index *index, lac_index_word which, const char *text);
const char *lac_index_word_of(const lac_index *index, lac_index_word which, size_t member);
lac_status lac_index_write_columns(lac_index *index);
void lac_index_free_columns(lac_index *index);

/* index_provenance_check.c: was it run with the sample table's values, the plan's model and
 * settings? */
lac_status lac_index_create_reference(lac_index *index);
lac_status lac_index_check_provenance(const lac_index *index, size_t member, lac_store *store);
void lac_index_free_reference(lac_index *index);

/* index_member.c: any failure but LAC_MEMORY is the member's. */
lac_status lac_index_read_member(lac_index *index, size_t member, lac_index_content *content);
void lac_index_free_content(const lac_index *index, lac_index_content *content);
/* "members/000012.nc" */
void lac_index_member_file(size_t number, lac_text *path);
/* The same with the index's directory before it. */
void lac_index_join(const char *directory, const char *file, lac_text *path);

/* index_row.c: the same of a member that was run in memory. */
lac_status lac_index_read_row(lac_index *index, size_t member, lac_index_content *content);

/* index_curves.c */
lac_status lac_index_create_curves(lac_index *index);
lac_status lac_index_take_curves(lac_index *index, size_t member, const lac_index_content *content);
/* What was held back reaches the file. */
lac_status lac_index_put_curves(lac_index *index);
lac_status lac_index_end_arm(lac_index *index, size_t arm);
void lac_index_free_curves(lac_index *index);

/* index_axis.c */
lac_status lac_index_check_axis(const lac_index_axis *axis, const double *time, size_t frames);
lac_status lac_index_extend_axis(lac_index *index, lac_index_axis *axis, size_t member,
                                 const double *time, size_t frames);

/* index_quantiles.c */
lac_status lac_index_write_quantiles(lac_index *index);

/* index_fields.c */
lac_status lac_index_create_fields(lac_index *index);
lac_status lac_index_check_fields(lac_index *index, lac_store *store, lac_index_content *content);
lac_status lac_index_take_fields(lac_index *index, size_t member, const lac_index_content *content);
lac_status lac_index_write_views(lac_index *index);
/* "/cartilage_A" of the index's field-th field. */
void lac_index_field_path(const lac_index *index, size_t field, const char *group, lac_text *path);
const lac_index_axis *lac_index_field_axis(const lac_index *index);

/* index_field_statistics.c */
/* Do the sums of this many frames of fields fit in memory, and go with those before? */
bool lac_index_holds(const lac_index *index, size_t voxels, size_t frames);
lac_status lac_index_sum_fields(lac_index *index, const lac_index_content *content);
lac_status lac_index_end_arm_fields(lac_index *index, size_t arm);
lac_status lac_index_write_late_statistics(lac_index *index);
void lac_index_free_sums(lac_index_sums *sums);

/* index.c: with a directory in place of a campaign. */
lac_status lac_index_begin_in(const char *directory, const lac_sample_table *samples,
                              const lac_index_origin *origin, lac_index **index);

#endif
