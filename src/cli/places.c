/* Places: the scenarios and plans here, and those that are installed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/places.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *lac_places_data(void)
{
    const char *moved = getenv("LACUNA_DATADIR");
    return moved && *moved ? moved : PKGDATADIR;
}

bool lac_places_has(const char *said, lac_text *path)
{
    lac_text_add(path, "%s/%s", lac_places_data(), said);
    return !path->failed && said[0] != '/' && access(lac_text_of(path), F_OK) == 0;
}

/* Says that there is no such file, and what may have been meant. */
static lac_status fail_to_find(lac_catalogue_kind kind, const char *said)
{
    enum { OFFERED = 3 };
    lac_status status = LAC_OK;
    const char *nearest[OFFERED];
    lac_catalogue catalogue = {0};
    lac_text offer = {0};
    LAC_TRY(lac_catalogue_read(kind, lac_places_data(), &catalogue));
    size_t count = lac_catalogue_nearest(&catalogue, said, nearest, OFFERED);
    for (size_t k = 0; k < count; k++)
        lac_text_add(&offer, "%s%s", k == 0 ? "" : k + 1 < count ? ", " : " or ", nearest[k]);
    LAC_TRY(offer.failed);
    status = count > 0 ? lac_fail(LAC_NO_INPUT, "there is no file %s; did you mean %s?", said,
                                  lac_text_of(&offer))
                       : lac_fail(LAC_NO_INPUT,
                                  "there is no file %s, here or in %s; see 'lacuna list %s'", said,
                                  lac_places_data(), kind == LAC_PLANS ? "plans" : "scenarios");
out:
    lac_text_free(&offer);
    lac_catalogue_free(&catalogue);
    return status;
}

lac_status lac_places_find(lac_catalogue_kind kind, const char *said, lac_text *path)
{
    lac_text installed = {0};
    bool here = access(said, F_OK) == 0 || errno != ENOENT;
    bool there = !here && lac_places_has(said, &installed);
    lac_text_add(path, "%s", there ? lac_text_of(&installed) : said);
    lac_status status = installed.failed ? installed.failed : path->failed;
    lac_text_free(&installed);
    return status == LAC_OK && !here && !there ? fail_to_find(kind, said) : status;
}
