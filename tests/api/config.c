/*
 * Every directive in its good forms, which start, and in its bad ones, which do not, with what the administrator is told; and what only the
 * whole configuration shows. Then which of several contexts counts.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define KEY "0123456789abcdef0123456789abcdef"
#define MOUNT(more) "<Location \"/hello\">\nActivitiesAPI hello\n" more "</Location>\n"

static const char *const GOOD[] = {
    MOUNT(""),
    "<IfModule dbd_module>\n<Location \"/hello/\">\n<IfModule dbd_module>\nActivitiesAPI hello\n</IfModule>\n</Location>\n</IfModule>",
    "<VirtualHost *:1>\n<Location />\nActivitiesAPI hello\n</Location>\n</VirtualHost>",
    MOUNT("") "<Location \"/hello/inner\">\nActivitiesAPI hello\n</Location>",
    "ActivitiesAPIDirectory default\nActivitiesAPIDirectory ${ACTIVITIES_DOCUMENTS}",
    MOUNT("ActivitiesAuth none\nActivitiesAuth OPTIONAL\nActivitiesAuth required\nActivitiesAuth default\n"),
    "ActivitiesBodyLimit 0\nActivitiesBodyLimit 2147483647\nActivitiesBodyLimit default",
    "ActivitiesCORSOrigins *\nActivitiesCORSOrigins none\nActivitiesCORSOrigins default\n"
    "ActivitiesCORSOrigins https://a.example http://localhost:3000 null",
    "ActivitiesDiscordBotKey key\nActivitiesDiscordBotKey default",
    "ActivitiesDiscordPublicKey " KEY "ABCDEF0123456789abcdef0123456789\nActivitiesDiscordPublicKey default",
    "ActivitiesDocs On\nActivitiesDocs off\nActivitiesDocs default",
    "ActivitiesDocsDirectory /tmp\nActivitiesDocsDirectory default",
    "ActivitiesJWTAlgorithms HS256\nActivitiesJWTAlgorithms default",
    "ActivitiesJWTAudience us\nActivitiesJWTAudience default\nActivitiesJWTIssuer them\nActivitiesJWTIssuer default",
    "ActivitiesJWTAccessLifetime 1\nActivitiesJWTAccessLifetime 30min\nActivitiesJWTAccessLifetime default\n"
    "ActivitiesJWTRefreshLifetime 12h\nActivitiesJWTRefreshLifetime 30d\nActivitiesJWTRefreshLifetime default",
    "ActivitiesPasswordCost 4\nActivitiesPasswordCost default",
    "ActivitiesJWTLeeway 30\nActivitiesJWTLeeway 500ms\nActivitiesJWTLeeway 1min\nActivitiesJWTLeeway default",
    "ActivitiesJWTSecret " KEY "\nActivitiesJWTSecret " KEY "x\nActivitiesJWTSecretFile ${ACTIVITIES_SECRET}",
    "ActivitiesPoolSize 1\nActivitiesPoolSize default",
    "ActivitiesPoolWait 0\nActivitiesPoolWait 250ms\nActivitiesPoolWait default\nActivitiesStatementTimeout 0\n"
    "ActivitiesStatementTimeout 1h\nActivitiesStatementTimeout default",
    "ActivitiesProvisionUsers On\nActivitiesProvisionUsers Off\nActivitiesProvisionUsers default",
    "ActivitiesRateLimit * off\nActivitiesRateLimit joinActivity 250000/day\nActivitiesRateLimit read 1/second\nActivitiesRateLimit write default",
    "ActivitiesRateLimitDryRun On\nActivitiesRateLimitDryRun default\nActivitiesRateLimitKey user\nActivitiesRateLimitKey address\n"
    "ActivitiesRateLimitKey default",
    "ActivitiesRateLimitStore shm\nActivitiesRateLimitStore shm:64K\nActivitiesRateLimitStore SHM:2m\nActivitiesRateLimitStore default",
    "<LocationMatch ^/x>\nActivitiesRateLimit read off\nActivitiesDocs Off\n</LocationMatch>",
    "<If \"true\">\nActivitiesDocs Off\n</If>",
};

/* What must not start, and words of what is said of it. */
static const struct {
    const char *conf, *said;
} BAD[] = {
    /* where a directive may stand */
    {"ActivitiesAPI hello", "ActivitiesAPI not allowed here"},
    {"<LocationMatch /hello>\nActivitiesAPI hello\n</LocationMatch>", "may stand in a <Location> only"},
    {"<Location ~ /hello>\nActivitiesAPI hello\n</Location>", "may stand in a <Location> only"},
    {"<Location /hello*>\nActivitiesAPI hello\n</Location>", "may stand in a <Location> only"},
    {"<Directory />\nActivitiesAPI hello\n</Directory>", "may stand in a <Location> only"},
    {"<Location /hello>\n<If true>\nActivitiesAPI hello\n</If>\n</Location>", "may stand in a <Location> only"},
    {"<Directory />\nActivitiesDocs Off\n</Directory>", "ActivitiesDocs has no effect in <Directory>"},
    {"<Files x>\nActivitiesAuth none\n</Files>", "ActivitiesAuth has no effect in <Files>"},
    {"<Location /x>\nActivitiesPoolSize 3\n</Location>", "ActivitiesPoolSize not allowed"},
    /* mounts and documents */
    {MOUNT("") MOUNT(""), "an API is mounted at /hello already, in line"},
    {"<Location /hello/inner>\nActivitiesAPI hello\n</Location>\n" MOUNT(""), "put the container of the shorter path first"},
    {"<Location /x>\nActivitiesAPI ../hello\n</Location>", "is no name of an API"},
    {"<Location /x>\nActivitiesAPI nothing\n</Location>", "the document of API `nothing' is not good"},
    {"<Location /x>\nActivitiesAPI misnamed\n</Location>", "x-native hash-password: it calls no procedure `refuse'; those that it calls: claim, release"},
    {"ActivitiesAPIDirectory /is/not/there", "/is/not/there is no directory"},
    {"<Location /x>\nActivitiesAPI participation\nActivitiesAuth none\n</Location>", "its document allows required in x-auth.allow"},
    /* keys */
    {"ActivitiesJWTSecret default\n", "but there is no key to verify them with: give `ActivitiesJWTSecretFile FILE'"},
    {"ActivitiesJWTSecret tooshort", "the secret has 8 bytes; HS256 needs 32 or more: make one with `openssl rand -hex 32'"},
    {"ActivitiesJWTSecretFile /is/not/there", "see that it is there and readable for the user that starts httpd"},
    {"ActivitiesJWTPublicKeyFile ${ACTIVITIES_SECRET}", "ActivitiesJWTPublicKeyFile: "},
    {"ActivitiesJWTPrivateKeyFile ${ACTIVITIES_SECRET}", "this is no PEM private key without a passphrase"},
    {"ActivitiesJWTPrivateKeyFile /is/not/there", "ActivitiesJWTPrivateKeyFile: /is/not/there cannot be opened"},
    {"ActivitiesJWTAlgorithms none", "`none' is none of HS256"},
    {"ActivitiesJWTAlgorithms", "takes one algorithm or more"},
    {"ActivitiesJWTAlgorithms HS256 RS256", "RS256 is allowed by ActivitiesJWTAlgorithms, but no key given here can serve it"},
    {MOUNT("ActivitiesJWTSecret " KEY "\nActivitiesJWTAlgorithms HS512\n"), "no key given here can serve it (its secret has 64 bytes or more)"},
    {"ActivitiesJWTIssuer", "takes one argument"},
    /* values */
    {"ActivitiesAuth maybe", "`maybe' is none of none, optional, required and default"},
    {"ActivitiesBodyLimit 1M", "`1M' is no number of bytes"},
    {"ActivitiesBodyLimit -1", "`-1' is no number of bytes"},
    {"ActivitiesCORSOrigins https://a.example/", "not even a slash"},
    {"ActivitiesCORSOrigins https://A.example", "in lower case"},
    {"ActivitiesCORSOrigins a.example", "write it as a browser sends it"},
    {"ActivitiesCORSOrigins * https://a.example", "`*' is no origin"},
    {"ActivitiesDiscordPublicKey abc", "64 hexadecimal digits"},
    {"ActivitiesDocs maybe", "`maybe' is none of On, Off and default"},
    {"ActivitiesDocsDirectory /is/not/there", "/is/not/there is no directory"},
    {"ActivitiesJWTAccessLifetime 0", "`0' is no lifetime"},
    {"ActivitiesJWTRefreshLifetime 5weeks", "`5weeks' is no lifetime"},
    {"ActivitiesPasswordCost 40", "`40' is no number from"},
    {"ActivitiesJWTLeeway soon", "`soon' is no duration"},
    {"ActivitiesPoolSize 0", "`0' is no number from 1 to"},
    {"ActivitiesPoolSize 9999", "is more than DBDMax"},
    {"ActivitiesPoolWait -1", "`-1' is no duration"},
    {"ActivitiesStatementTimeout 2days", "is no duration"},
    {"ActivitiesRateLimit read", "takes two arguments"},
    {"ActivitiesRateLimit read 0/minute", "ActivitiesRateLimit read: "},
    {"ActivitiesRateLimit read 5/fortnight", "ActivitiesRateLimit read: "},
    {"ActivitiesRateLimit raed 5/minute", "`raed' is neither an operationId nor a rate class of any API document mounted here"},
    {"<Location /nowhere>\nActivitiesRateLimit read 5/minute\n</Location>", "no API is mounted here"},
    {"ActivitiesRateLimitKey moon", "`moon' is none of address, user and default"},
    {"ActivitiesRateLimitStore shm:1K", "is not from 64K to 4G"},
    {"ActivitiesRateLimitStore redis://:hunter2@localhost", "use shm or shm:SIZE"},
    /* the database */
    {"DBDMax 2", "is more than DBDMax 2: raise DBDMax, or lower ActivitiesPoolSize"},
};

START_TEST(a_good_form_is_accepted)
{
    char *said;

    ck_assert_msg(live_configtest(GOOD[_i], &said), "%s\nwas refused: %s", GOOD[_i], said);
}
END_TEST

START_TEST(a_bad_form_is_refused_and_says_why)
{
    char *said;

    ck_assert_msg(!live_configtest(BAD[_i].conf, &said), "%s\nwas accepted", BAD[_i].conf);
    ck_assert_msg(strstr(said, BAD[_i].said), "%s\nwas refused, but not with `%s': %s", BAD[_i].conf, BAD[_i].said, said);
    ck_assert_msg(strstr(said, "extra.conf") || strstr(said, "activities.conf"), "no file is named: %s", said);
    ck_assert_msg(!strstr(said, "hunter2"), "a secret is repeated: %s", said);
}
END_TEST

START_TEST(all_mistakes_are_said_at_once)
{
    char *said;

    ck_assert(!live_configtest("ActivitiesRateLimit one 1/minute\nActivitiesRateLimit two 1/minute\nActivitiesPoolSize 9999", &said));
    ck_assert_msg(strstr(said, "`one'") && strstr(said, "`two'") && strstr(said, "9999"), "%s", said);
}
END_TEST

/* ---- which context counts ------------------------------------------------------------------------------------ */

static const char CONTEXTS[] =
    "ActivitiesRateLimit * 11/minute\n"
    "ActivitiesRateLimit read 12/minute\n"
    "<Location /plain>\nActivitiesAPI hello\n</Location>\n"
    "<Location /star>\nActivitiesAPI hello\nActivitiesRateLimit * 20/minute\n</Location>\n"
    "<Location /all>\nActivitiesAPI hello\nActivitiesRateLimit listGreetings 21/minute\nActivitiesRateLimit read 22/minute\n"
    "ActivitiesRateLimit * 23/minute\n</Location>\n"
    "<Location /default>\nActivitiesAPI hello\nActivitiesRateLimit read default\nActivitiesCORSOrigins https://a.example\n"
    "<If \"%{HTTP:X-Internal} == '1'\">\nActivitiesRateLimit * off\n</If>\n</Location>\n"
    "<LocationMatch ^/default/greetings/1$>\nActivitiesRateLimit getGreeting 99/minute\nActivitiesCORSOrigins default\n</LocationMatch>\n";

/* The limit that the reply tells, 0 for none. */
static int limit_of(const char *base, const char *path, const char *header)
{
    const char *headers[] = {header, NULL};
    live_request_t request = {.base = base, .path = path, .headers = header ? headers : NULL};
    const char *limit = live_header(live_send(&request), "X-RateLimit-Limit");

    return limit ? atoi(limit) : 0;
}

START_TEST(the_innermost_context_counts)
{
    char *base = live_server(CONTEXTS);
    const char *origin[] = {"Origin: https://a.example", NULL};
    live_request_t listed = {.base = base, .path = "/default/greetings", .headers = origin};
    live_request_t reset = {.base = base, .path = "/default/greetings/1", .headers = origin};

    ck_assert_int_eq(limit_of(base, "/plain/greetings", NULL), 12);         /* a class beats * */
    ck_assert_int_eq(limit_of(base, "/star/greetings", NULL), 20);          /* an inner * beats an outer class */
    ck_assert_int_eq(limit_of(base, "/all/greetings", NULL), 21);           /* an operationId beats its class, whatever the order */
    ck_assert_int_eq(limit_of(base, "/all/greetings/1", NULL), 22);
    ck_assert_int_eq(limit_of(base, "/default/greetings", NULL), 60);       /* the document's own */
    ck_assert_int_eq(limit_of(base, "/default/greetings/1", NULL), 99);
    ck_assert_int_eq(limit_of(base, "/default/greetings", "X-Internal: 1"), 0);
    ck_assert_int_eq(limit_of(base, "/plain/health", NULL), 11);            /* * is every operation, those without a class too */
    ck_assert_str_eq(live_header(live_send(&listed), "Access-Control-Allow-Origin"), "https://a.example");
    ck_assert_ptr_null(live_header(live_send(&reset), "Access-Control-Allow-Origin"));
    live_stop(base);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("config");
    TCase *tc = tcase_create("directives");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_good_form_is_accepted, 0, (int)(sizeof GOOD / sizeof *GOOD));
    tcase_add_loop_test(tc, a_bad_form_is_refused_and_says_why, 0, (int)(sizeof BAD / sizeof *BAD));
    tcase_add_test(tc, all_mistakes_are_said_at_once);
    tcase_add_test(tc, the_innermost_context_counts);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
