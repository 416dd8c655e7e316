/*
 * A module for measuring only: answers /bench with a constant of the size of a usual reply. What a request costs httpd itself, with a
 * handler that does nothing, is the yardstick for ours.
 */
#include <string.h>

#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>

static const char REPLY[] =
    "{\"activity_id\": \"7d0c0000-0000-4000-8000-000000000000\", \"number\": 41, \"slug\": null, \"organizer_user_id\": "
    "\"90be0000-0000-4000-8000-000000000000\", \"organizer_username\": \"mira\", \"title\": \"Night ride\", \"description\": null, "
    "\"activity_type\": \"standard\", \"privacy\": \"public\", \"status\": \"published\", \"scheduled_at\": \"2031-05-04T18:00:00Z\", "
    "\"duration_minutes\": 120, \"joinable_at_free\": null, \"max_participants\": 12, \"waitlist_enabled\": true, "
    "\"organizer_participates\": true, \"current_participants_count\": 1, \"waitlist_count\": 0, \"location_name\": null, "
    "\"city\": \"Gent\", \"language\": \"en\", \"tags\": [\"bike\"], \"created_at\": \"2031-01-01T18:00:00Z\", "
    "\"updated_at\": \"2031-01-01T18:00:00Z\", \"completed_at\": null, \"cancelled_at\": null}";

static int bench_handler(request_rec *r)
{
    if (!r->handler || strcmp(r->handler, "bench")) {
        return DECLINED;
    }
    ap_set_content_type(r, "application/json");
    ap_set_content_length(r, sizeof REPLY - 1);
    ap_rwrite(REPLY, sizeof REPLY - 1, r);
    return OK;
}

static void bench_hooks(apr_pool_t *pool)
{
    ap_hook_handler(bench_handler, NULL, NULL, APR_HOOK_MIDDLE);
}

module AP_MODULE_DECLARE_DATA bench_module = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, bench_hooks, 0};
