/*
 * A JSON text: what is counted before it is parsed is what the parser then makes of it. The first byte is how many levels and values it may
 * have.
 */
#include "fuzz.h"
#include "json/json.h"

#include <jansson.h>

/* Levels of what was parsed; its values and names of members are added to *values. */
static int measure(json_t *json, apr_size_t *values)
{
    const char *name;
    json_t *value;
    size_t i;
    int below = 0, deepest = 0;

    *values += 1;
    json_object_foreach(json, name, value) {
        *values += 1;
        below = measure(value, values);
        deepest = below > deepest ? below : deepest;
    }
    json_array_foreach(json, i, value) {
        below = measure(value, values);
        deepest = below > deepest ? below : deepest;
    }
    return json_is_object(json) || json_is_array(json) ? deepest + 1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data + 1;
    int most = size ? data[0] % 64 : 0, within, levels;
    apr_size_t values = 0;
    json_t *json;

    if (!size) {
        return 0;
    }
    within = mact_json_within(text, size - 1, most, (apr_size_t)most * 4);
    MUST(!within || mact_json_within(text, size - 1, most + 1, (apr_size_t)most * 4 + 1));
    MUST(mact_json_within(text, size - 1, (int)size, size));
    /* Of names that come twice only the last is kept, and could not be counted. */
    json = json_loadb(text, size - 1, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
    if (json) {
        levels = measure(json, &values);
        MUST(within == (levels <= most && values <= (apr_size_t)most * 4));
        MUST(mact_json_within(text, size - 1, levels, values));
        MUST(!mact_json_within(text, size - 1, levels, values - 1));
        MUST(!levels || !mact_json_within(text, size - 1, levels - 1, values));
        json_decref(json);
    }
    return 0;
}
