/*
 * Collaboration: getMetrics. Everything that was answered is counted, over all children and over restarts, in a text that Prometheus reads.
 */
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness_collaboration.h"

static const char *const FAMILIES[][2] = {
    {"activities_http_requests_total", "counter"},
    {"activities_http_request_duration_seconds", "histogram"},
    {"activities_rate_limited_total", "counter"},
    {"activities_database_up", "gauge"},
};

static char *metrics(void)
{
    live_reply_t *reply = col("GET", NULL, NULL, "/metrics");

    live_expect(reply, 200);
    ck_assert_str_eq(live_header(reply, "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    return reply->body;
}

/* The value of that series, -1 if there is none. */
static double value_of(const char *text, const char *series)
{
    const char *line = live_text("\n%s ", series), *at = strstr(text, line);

    return at ? atof(at + strlen(line)) : -1;
}

static int is_line(const char *line)
{
    static const char form[] =
        "^[a-z_]+(\\{[a-z]+=\"([^\"\\\\]|\\\\.)*\"(,[a-z]+=\"([^\"\\\\]|\\\\.)*\")*\\})? [0-9]+(\\.[0-9]+)?$";
    regex_t regex;
    int good;

    ck_assert_int_eq(regcomp(&regex, form, REG_EXTENDED | REG_NOSUB), 0);
    good = !regexec(&regex, line, 0, NULL, 0);
    regfree(&regex);
    return good;
}

/* The family that a sample belongs to, as far as what has been declared last shows. */
static int belongs(const char *line, const char *family, int histogram)
{
    size_t n = strlen(family);

    if (strncmp(line, family, n)) {
        return 0;
    }
    line += n;
    return histogram ? !strncmp(line, "_bucket{", 8) || !strncmp(line, "_sum{", 5) || !strncmp(line, "_count{", 7) : *line == '{' || *line == ' ';
}

START_TEST(the_format)
{
    char *text, *line, *save = NULL, *seen;
    int family = -1;

    col("GET", NULL, NULL, "/health");
    text = metrics();
    ck_assert_int_eq(text[strlen(text) - 1], '\n');
    seen = live_text("\n%s", text);
    for (line = strtok_r(strdup(text), "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        if (!strncmp(line, "# HELP ", 7)) {
            family++;
            ck_assert_int_lt(family, 4);
            ck_assert(!strncmp(line + 7, live_text("%s ", FAMILIES[family][0]), strlen(FAMILIES[family][0]) + 1));
        }
        else if (line[0] == '#') {
            ck_assert_str_eq(line, live_text("# TYPE %s %s", FAMILIES[family][0], FAMILIES[family][1]));
        }
        else {
            char *series = strndup(line, (size_t)(strrchr(line, ' ') - line) + 1), *twice = live_text("\n%s", series);

            ck_assert_msg(is_line(line), "no sample: %s", line);
            ck_assert_msg(belongs(line, FAMILIES[family][0], family == 1), "outside its family: %s", line);
            ck_assert_msg(!strstr(strstr(seen, twice) + 1, twice), "twice: %s", series);
        }
    }
    ck_assert_int_eq(family, 3);
}
END_TEST

START_TEST(everything_is_counted)
{
    static const char COUNT[] = "activities_http_requests_total{api=\"collaboration\",operation=\"getHealth\",status=\"200\"}";
    static const char TIME[] = "activities_http_request_duration_seconds_count{api=\"collaboration\",operation=\"getHealth\"}";
    static const char INF[] = "activities_http_request_duration_seconds_bucket{api=\"collaboration\",operation=\"getHealth\",le=\"+Inf\"}";
    double before, refused;
    live_request_t requests[200];
    char *text;

    col("GET", NULL, NULL, "/health");
    usleep(500000);
    text = metrics();
    before = value_of(text, COUNT);
    refused = value_of(text, "activities_http_requests_total{api=\"collaboration\",operation=\"listEvents\",status=\"401\"}");
    for (int i = 0; i < 200; i++) {
        requests[i] = col_request("GET", NULL, NULL, i % 2 ? "/health" : "/api/v1/events");
    }
    live_together(200, requests);
    usleep(500000);
    text = metrics();
    ck_assert_double_eq(value_of(text, COUNT), before + 100);
    ck_assert_double_eq(value_of(text, TIME), value_of(text, INF));
    ck_assert_double_ge(value_of(text, TIME), before + 100);
    ck_assert_double_eq(value_of(text, "activities_http_requests_total{api=\"collaboration\",operation=\"listEvents\",status=\"401\"}"),
                        (refused < 0 ? 0 : refused) + 100);
    ck_assert_double_eq(value_of(text, "activities_database_up"), 1);
}
END_TEST

START_TEST(limits_are_counted)
{
    static const char SERIES[] = "activities_rate_limited_total{api=\"collaboration\",operation=\"getRoot\"}";
    double before = value_of(metrics(), SERIES);
    int limited = 0;

    for (int i = 0; i < 8; i++) {
        live_reply_t *reply = live_send(&(live_request_t){.path = COL "/", .from = "127.0.7.7"});

        limited += reply->status == 429;
    }
    ck_assert_int_ge(limited, 4);
    usleep(500000);
    ck_assert_double_eq(value_of(metrics(), SERIES), before + limited);
}
END_TEST

START_TEST(other_apis_are_counted_and_nobody_is_named)
{
    keeper_t mira = keeper("mira");
    long long event = occasion(&mira, "Counted");
    char *text;

    live_expect(live_ask("GET", "/registration/health", NULL, NULL), 200);
    live_expect(col("GET", mira.token, NULL, "/api/v1/events/%lld", event), 200);
    live_expect(col("GET", NULL, NULL, "/no/such/path"), 404);
    usleep(500000);
    text = metrics();
    ck_assert_ptr_nonnull(strstr(text, "api=\"registration\""));
    ck_assert_double_ge(value_of(text, "activities_http_requests_total{api=\"collaboration\",operation=\"getEvent\",status=\"200\"}"), 1);
    ck_assert_ptr_null(strstr(text, mira.name));
    ck_assert_ptr_null(strstr(text, mira.uuid));
    ck_assert_ptr_null(strstr(text, "such/path"));
    ck_assert_ptr_null(strstr(text, "127.0.0.1"));
}
END_TEST

START_TEST(a_graceful_restart_takes_nothing_back)
{
    static const char COUNT[] = "activities_http_requests_total{api=\"collaboration\",operation=\"getHealth\",status=\"200\"}";
    double before, last;

    for (int i = 0; i < 20; i++) {
        live_expect(col("GET", NULL, NULL, "/health"), 200);
    }
    usleep(500000);
    last = before = value_of(metrics(), COUNT);
    for (int round = 0; round < 2; round++) {
        live_graceful();
        for (int i = 0; i < 10; i++) {
            double now = value_of(metrics(), COUNT);

            ck_assert_msg(now >= last, "%g after %g", now, last);
            last = now;
            live_expect(col("GET", NULL, NULL, "/health"), 200);
        }
    }
    usleep(500000);
    ck_assert_double_ge(value_of(metrics(), COUNT), before + 20);
}
END_TEST

START_TEST(it_can_be_switched_off)
{
    expect_detail(live_ask("GET", "/silent/metrics", NULL, NULL), 404, "Not Found");
    live_expect(live_ask("GET", "/silent/health", NULL, NULL), 200);
}
END_TEST

START_TEST(the_status_page_has_a_section)
{
    live_reply_t *page, *automatic;

    live_expect(col("GET", NULL, NULL, "/health"), 200);
    page = live_ask("GET", "/server-status", NULL, NULL);
    automatic = live_ask("GET", "/server-status?auto", NULL, NULL);
    live_expect(page, 200);
    ck_assert_ptr_nonnull(strstr(page->body, "<td>collaboration</td>"));
    live_expect(automatic, 200);
    ck_assert_ptr_nonnull(strstr(automatic->body, "\nActivities-collaboration-Requests: "));
    ck_assert_ptr_nonnull(strstr(automatic->body, "\nActivities-PoolLimit: "));
}
END_TEST

START_TEST(it_needs_no_database)
{
    char *text;

    live_expect_log("ACT02");
    live_expect_log("ACT03");
    live_expect_log("ACT05");
    live_expect_log("dbd");
    live_expect_log("DBD");
    live_database_stop();
    text = metrics();
    ck_assert_double_eq(value_of(text, "activities_database_up"), 0);
    ck_assert_double_ge(value_of(text, "activities_http_requests_total{api=\"collaboration\",operation=\"getHealth\",status=\"200\"}"), 1);
    live_database_start();
    ck_assert_double_eq(value_of(metrics(), "activities_database_up"), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("collaboration_metrics");
    TCase *tcase = tcase_create("metrics");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_format);
    tcase_add_test(tcase, everything_is_counted);
    tcase_add_test(tcase, limits_are_counted);
    tcase_add_test(tcase, other_apis_are_counted_and_nobody_is_named);
    tcase_add_test(tcase, a_graceful_restart_takes_nothing_back);
    tcase_add_test(tcase, it_can_be_switched_off);
    tcase_add_test(tcase, the_status_page_has_a_section);
    tcase_add_test(tcase, it_needs_no_database);
    suite_add_tcase(suite, tcase);
    return live_run(suite);
}
