/*
 * db_call: statements, replies, bounds and faults of src/db/, against a real PostgreSQL: see db_fixture.h.
 */
#include "db_fixture.h"

/* ---- statements and replies ---------------------------------------------------------------------------- */

START_TEST(a_caller_and_its_call_are_one_statement)
{
    const mact_db_statement_t *statement = who(NULL);
    const mact_db_reply_t *reply;

    ck_assert_str_eq(statement->sql, "SELECT c.refusal, r.* FROM \"demo\".\"caller\"($1) c LEFT JOIN LATERAL (SELECT "
                                     "p.* FROM \"demo\".\"who\"(c.\"user_id\", "
                                     "c.\"level\", $2) p WHERE c.refusal IS NULL OFFSET 0) r ON true");
    ck_assert_int_eq(statement->nparams, 2);
    ck_assert_int_eq(statement->params[0]->source, MACT_FROM_TOKEN);
    child_init(2);
    reply = CALL(statement, &usual, GOOD_SUB, "hello");
    done(reply);
    ck_assert_ptr_null(reply->refusal);
    ck_assert_int_eq(reply->status, 200);
    ck_assert_str_eq(reply->body, GOOD_SUB "/gold/hello");
    ck_assert_uint_eq(reply->body_length, strlen(reply->body));
    ck_assert_str_eq(reply->headers, "{\"X-A\":\"b\"}");
}
END_TEST

START_TEST(a_refused_caller_s_procedure_is_not_called)
{
    const mact_db_statement_t *statement = who(NULL);
    const mact_db_reply_t *reply;

    child_init(2);
    reply = CALL(statement, &usual, BANNED_SUB, "hello");
    done(reply);
    ck_assert_str_eq(reply->refusal, "user-banned");
    ck_assert_int_eq(reply->status, 0);
    ck_assert_ptr_null(reply->body);
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "0");
}
END_TEST

START_TEST(an_admitted_refusal_is_none)
{
    apr_array_header_t *admits = apr_array_make(child, 2, sizeof(const char *));
    const mact_db_statement_t *statement;
    const mact_db_reply_t *reply;

    APR_ARRAY_PUSH(admits, const char *) = "user-inactive";
    APR_ARRAY_PUSH(admits, const char *) = "user-banned";
    statement = who(admits);
    child_init(2);
    reply = CALL(statement, &usual, BANNED_SUB, "hello");
    done(reply);
    ck_assert_ptr_null(reply->refusal);
    ck_assert_int_eq(reply->status, 200);
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "1");
}
END_TEST

START_TEST(without_a_caller_its_columns_are_null)
{
    mact_oapi_arg_t args[] = {{.source = MACT_FROM_CALLER, .name = "user_id", .index = -1},
                              {.source = MACT_FROM_CALLER, .name = "level", .index = -1},
                              arg_text};
    const mact_db_statement_t *statement = plain("who", 3, args, 0);
    const mact_db_reply_t *reply;

    ck_assert_str_eq(statement->sql, "SELECT NULL::text AS refusal, p.* FROM \"demo\".\"who\"(NULL, NULL, $1) p");
    child_init(2);
    reply = CALL(statement, &usual, "hello");
    done(reply);
    ck_assert_str_eq(reply->body, "hello");
}
END_TEST

START_TEST(a_source_twice_is_one_parameter)
{
    mact_oapi_arg_t args[] = {arg_text, {.source = MACT_FROM_QUERY, .name = "other", .index = -1}, arg_text};
    const mact_db_statement_t *one = plain("three", 3, args, 0);
    const mact_db_statement_t *two = plain("three", 3, args, 1);
    const mact_db_statement_t *other = plain("other", 3, args, 1);

    ck_assert_str_eq(one->sql, "SELECT NULL::text AS refusal, p.* FROM \"demo\".\"three\"($1, $2, $1) p");
    ck_assert_int_eq(one->nparams, 2);
    ck_assert_int_eq(one->id, two->id);
    ck_assert_str_eq(one->name, two->name);
    ck_assert_int_ne(one->id, other->id);
    ck_assert_str_ne(one->name, other->name);
    ck_assert_int_eq(strncmp(one->name, "act_", 4), 0);
    ck_assert_uint_lt(strlen(one->name), 64);
}
END_TEST

START_TEST(a_statement_is_prepared_once_a_connection)
{
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    const mact_db_statement_t *echo = plain("cast_it", 1, &arg_text, 1);
    char first[64];
    int i;

    child_init(1);
    apr_cpystrn(first, ASK(session)->body, sizeof(first));
    ck_assert_ptr_nonnull(strstr(first, "/1"));
    for (i = 0; i < 5; i++) {
        ck_assert_str_eq(ASK(session)->body, first);
    }
    done(CALL(echo, &usual, "200"));
    ck_assert_ptr_nonnull(strstr(ASK(session)->body, "/2"));
}
END_TEST

START_TEST(further_columns_and_bytes)
{
    const mact_db_statement_t *picture = plain("picture", 0, NULL, 1);
    const mact_db_reply_t *reply;
    const unsigned char *bytes;
    apr_size_t length;

    child_init(1);
    reply = ASK(picture);
    done(reply);
    ck_assert_str_eq(mact_db_column(reply, "kind"), "png");
    ck_assert_ptr_null(mact_db_column(reply, "body"));
    ck_assert_ptr_null(mact_db_column(reply, "no such"));
    bytes = mact_db_bytes(reply, "image", &length, child);
    ck_assert_uint_eq(length, 4);
    ck_assert_int_eq(memcmp(bytes, "\x00\xff\x0a\x41", 4), 0);
    ck_assert_ptr_null(mact_db_bytes(reply, "kind", &length, child));
    ck_assert_uint_eq(length, 0);
    reply = ASK(plain("nothing", 0, NULL, 1));
    done(reply);
    ck_assert_int_eq(reply->status, 0);
}
END_TEST

START_TEST(a_failure_tells_its_place_and_no_value)
{
    const mact_db_statement_t *cast = plain("cast_it", 1, &arg_text, 1);
    const mact_db_statement_t *noisy = plain("noisy", 0, NULL, 1);
    const mact_db_reply_t *reply;

    child_init(1);
    reply = CALL(cast, &usual, "a \"secret\" word");
    ck_assert_int_eq(reply->outcome, MACT_DB_FAILED);
    ck_assert_str_eq(reply->sqlstate, "22P02");
    ck_assert_ptr_null(strstr(reply->cause, "secret"));
    ck_assert_ptr_nonnull(strstr(reply->cause, "PL/pgSQL function demo.cast_it(text) line 1"));
    done(ASK(noisy));
    ck_assert_int_eq(logged("ACT0210"), 1);
    ck_assert_int_eq(logged("loud"), 1);
    ck_assert_int_eq(logged("a person"), 0);
}
END_TEST

/* ---- connections that die ------------------------------------------------------------------------------ */

START_TEST(a_connection_killed_while_idle_costs_nothing)
{
    const mact_db_statement_t *statement = who(NULL);
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    char before[64];

    child_init(1);
    done(CALL(statement, &usual, GOOD_SUB, "x"));
    apr_cpystrn(before, ASK(session)->body, sizeof(before));
    admin_sql("SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = 'web'");
    done(CALL(statement, &usual, GOOD_SUB, "x"));
    ck_assert_str_ne(ASK(session)->body, before);
    ck_assert_ptr_nonnull(strstr(ASK(session)->body, "/2"));
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "2");
}
END_TEST

/* Somebody else resets it, as mod_dbd's check does: the session is new to us too. */
START_TEST(a_reset_connection_prepares_anew)
{
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    ap_dbd_t *dbd;

    child_init(1);
    done(ASK(session));
    dbd = ap_dbd_open(child, server);
    PQreset(apr_dbd_native_handle(dbd->driver, dbd->handle));
    ap_dbd_close(server, dbd);
    done(ASK(session));
    done(ASK(session));
}
END_TEST

/* PgBouncer hands the next session to us: what was prepared is not there. */
START_TEST(a_session_that_forgot_prepares_again)
{
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    ap_dbd_t *dbd;

    child_init(1);
    done(ASK(session));
    dbd = ap_dbd_open(child, server);
    PQclear(PQexec(apr_dbd_native_handle(dbd->driver, dbd->handle), "DEALLOCATE ALL"));
    ap_dbd_close(server, dbd);
    done(ASK(session));
}
END_TEST

/* ... or one that has prepared it already, for another of its clients. */
START_TEST(a_session_that_knows_it_already_is_good)
{
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    ap_dbd_t *dbd;

    child_init(1);
    dbd = ap_dbd_open(child, server);
    PQclear(PQprepare(apr_dbd_native_handle(dbd->driver, dbd->handle), session->name, session->sql, 0, NULL));
    ap_dbd_close(server, dbd);
    done(ASK(session));
}
END_TEST

START_TEST(a_changed_result_type_is_prepared_again)
{
    const mact_db_statement_t *statement = plain("upgraded", 0, NULL, 0);

    admin_sql("CREATE FUNCTION demo.upgraded(OUT status int, OUT body text) LANGUAGE sql AS $$SELECT 200, 'old'$$");
    child_init(1);
    ck_assert_str_eq(ASK(statement)->body, "old");
    admin_sql("DROP FUNCTION demo.upgraded();"
              "CREATE FUNCTION demo.upgraded(OUT status int, OUT body text, OUT headers text) LANGUAGE sql AS $$SELECT "
              "200, 'new', '{}'$$");
    ck_assert_str_eq(ASK(statement)->body, "new");
    admin_sql("DROP FUNCTION demo.upgraded()");
}
END_TEST

START_TEST(a_write_killed_on_its_way_is_unavailable_and_not_repeated)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    thread_call_t call;

    child_init(2);
    thread_begin(&call, slow, "1", &usual);
    until_asleep();
    admin_sql("SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = 'web' AND wait_event = "
              "'PgSleep'");
    ck_assert_int_eq(thread_end(&call)->outcome, MACT_DB_UNAVAILABLE);
    ck_assert_str_eq(call.reply->sqlstate, "57P01");
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "0");
    apr_pool_destroy(call.pool);
    done(CALL(slow, &usual, "0"));
}
END_TEST

START_TEST(a_read_killed_on_its_way_is_repeated)
{
    const mact_db_statement_t *nap = plain("nap", 1, &arg_number, 1);
    thread_call_t call;

    child_init(2);
    thread_begin(&call, nap, "0.5", &usual);
    until_asleep();
    admin_sql("SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = 'web' AND wait_event = "
              "'PgSleep'");
    done(thread_end(&call));
    apr_pool_destroy(call.pool);
}
END_TEST

/* ---- bounds -------------------------------------------------------------------------------------------- */

START_TEST(a_statement_out_of_time_is_a_timeout)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    mact_db_bounds_t hasty = usual;
    char before[64];

    hasty.statement_timeout = 200 * MS;
    child_init(1);
    apr_cpystrn(before, ASK(session)->body, 5);
    ck_assert_int_eq(CALL(slow, &hasty, "3")->outcome, MACT_DB_TIMEOUT);
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "0");
    ck_assert_int_eq(strncmp(ASK(session)->body, before, 4), 0); /* the same session goes on */
    done(CALL(slow, &usual, "0.3"));
}
END_TEST

/* The server does not keep to its own timeout (PgBouncer has given the SET to another session). */
START_TEST(a_server_that_forgets_the_time_is_cancelled)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    mact_db_bounds_t hasty = usual;
    const mact_db_reply_t *reply;
    ap_dbd_t *dbd;

    hasty.statement_timeout = 300 * MS;
    child_init(1);
    done(CALL(slow, &hasty, "0"));
    dbd = ap_dbd_open(child, server);
    PQclear(PQexec(apr_dbd_native_handle(dbd->driver, dbd->handle), "SET statement_timeout = 0"));
    ap_dbd_close(server, dbd);
    reply = CALL(slow, &hasty, "5");
    ck_assert_int_eq(reply->outcome, MACT_DB_TIMEOUT);
    ck_assert_msg(reply->took < 1500 * MS, "took %d us", (int)reply->took);
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "1");
    done(CALL(slow, &hasty, "0"));
}
END_TEST

START_TEST(a_full_pool_refuses_in_time_and_sends_nothing)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    mact_db_bounds_t hasty = usual;
    const mact_db_reply_t *reply;
    mact_db_gauges_t gauges;
    thread_call_t call;

    hasty.pool_wait = 200 * MS;
    child_init(1);
    done(CALL(slow, &usual, "0"));
    thread_begin(&call, slow, "1", &usual);
    until_asleep();
    reply = CALL(slow, &hasty, "0");
    ck_assert_int_eq(reply->outcome, MACT_DB_UNAVAILABLE);
    ck_assert_msg(reply->waited >= 190 * MS && reply->waited < 600 * MS, "waited %d us", (int)reply->waited);
    hasty.pool_wait = 0;
    reply = CALL(slow, &hasty, "0");
    ck_assert_int_eq(reply->outcome, MACT_DB_UNAVAILABLE);
    ck_assert(reply->waited < 50 * MS);
    mact_db_gauges(&gauges, server);
    ck_assert_uint_eq(gauges.limit, 1);
    ck_assert_uint_eq(gauges.used, 1);
    ck_assert_uint_eq(gauges.refused, 2);
    reply = CALL(slow, &usual, "0"); /* this one waits long enough */
    done(reply);
    ck_assert(reply->waited > 100 * MS);
    done(thread_end(&call));
    apr_pool_destroy(call.pool);
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "3");
    mact_db_gauges(&gauges, server);
    ck_assert_uint_eq(gauges.used, 0);
    ck_assert_uint_eq(gauges.waiting, 0);
}
END_TEST

START_TEST(conflicts_are_tried_again)
{
    static const struct {
        const char *state, *times;
        int retries;
        mact_db_outcome_e outcome;
    } rows[] = {
        {"40P01", "2", 3, MACT_DB_DONE},        {"40001", "2", 3, MACT_DB_DONE},
        {"40P01", "3", 3, MACT_DB_DONE},        {"40P01", "4", 3, MACT_DB_UNAVAILABLE},
        {"40001", "1", 0, MACT_DB_UNAVAILABLE}, {"P0001", "1", 3, MACT_DB_FAILED},
    };
    mact_oapi_arg_t args[] = {arg_text, {.source = MACT_FROM_QUERY, .name = "times", .index = -1, .type = "integer"}};
    const mact_db_statement_t *conflict = plain("conflict", 2, args, 0);
    mact_db_bounds_t bounds = usual;
    const mact_db_reply_t *reply;

    child_init(1);
    bounds.retries = rows[_i].retries;
    reply = CALL(conflict, &bounds, rows[_i].state, rows[_i].times);
    ck_assert_int_eq(reply->outcome, rows[_i].outcome);
    if (reply->outcome == MACT_DB_DONE) {
        ck_assert_int_eq(atoi(reply->body), atoi(rows[_i].times) + 1);
    } else {
        ck_assert_str_eq(reply->sqlstate, rows[_i].state);
    }
}
END_TEST

/* ---- documents and database ---------------------------------------------------------------------------- */

START_TEST(a_missing_procedure_is_said_once_and_heals)
{
    const mact_db_statement_t *later = plain("later", 1, &arg_text, 0);
    const mact_db_reply_t *reply;
    int opened, i;

    child_init(2);
    reply = CALL(later, &usual, "x");
    ck_assert_int_eq(reply->outcome, MACT_DB_UNAVAILABLE);
    opened = dbd_opened;
    for (i = 0; i < 5; i++) {
        ck_assert_int_eq(CALL(later, &usual, "x")->outcome, MACT_DB_UNAVAILABLE);
    }
    ck_assert_int_eq(dbd_opened, opened);
    ck_assert_int_eq(logged("ACT0220"), 1);
    ck_assert_int_eq(logged("demo.later with 1 argument (string): there is no such function"), 1);
    ck_assert(!mact_db_present(server, later));
    admin_sql("CREATE FUNCTION demo.later(p text) RETURNS demo.reply LANGUAGE sql AS $$SELECT 200, p, NULL$$");
    for (i = 0; i < 50 && reply->outcome != MACT_DB_DONE; i++) {
        usleep(100 * MS);
        reply = CALL(later, &usual, "x");
    }
    done(reply);
    ck_assert_int_eq(logged("ACT0221"), 1);
    ck_assert(mact_db_present(server, later));
    admin_sql("DROP FUNCTION demo.later(text)"); /* and gone again, under a running server */
    ck_assert_int_eq(CALL(later, &usual, "x")->outcome, MACT_DB_UNAVAILABLE);
    ck_assert_int_eq(logged("ACT0230"), 1);
    usleep(1100 * MS);
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_DONE);
    ck_assert_int_eq(logged("ACT0220"), 2);
}
END_TEST

START_TEST(who_doubts_finds_out_without_a_call)
{
    const mact_db_statement_t *brief;

    admin_sql("CREATE OR REPLACE FUNCTION demo.brief(p text) RETURNS demo.reply LANGUAGE sql AS $$SELECT 200, p, NULL$$");
    brief = plain("brief", 1, &arg_text, 0);
    child_init(2);
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_DONE);
    admin_sql("DROP FUNCTION demo.brief(text)");
    usleep(1100 * MS);
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_DONE);
    ck_assert(mact_db_present(server, brief)); /* nothing spoke for it */
    mact_db_doubt(server);
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_DONE);
    ck_assert(!mact_db_present(server, brief));
    ck_assert(mact_db_present(server, NULL));
}
END_TEST

START_TEST(each_kind_of_disagreement_is_named)
{
    static const struct {
        const char *name;
        mact_oapi_arg_t arg;
        int nargs;
        const char *said;
    } rows[] = {
        {"json_it", {.source = MACT_FROM_BODY, .index = -1, .type = "json"}, 1, NULL},
        {"json_it",
         {.source = MACT_FROM_BODY, .index = -1, .type = "uuid"},
         1,
         "it takes other arguments: (p_json jsonb)"},
        {"nap", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "boolean"}, 1, "it takes other arguments"},
        {"nap", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "integer"}, 1, NULL},
        {"nap", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = NULL}, 0, "it takes other arguments"},
        {"caller",
         {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "integer"},
         1,
         "it takes other arguments"},
        {"caller", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "string"}, 1, NULL},
        {"locked",
         {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "string"},
         1,
         "role web has no EXECUTE"},
        {"defaulted", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "string"}, 1, NULL},
        {"nowhere",
         {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "string"},
         1,
         "there is no such function"},
    };

    const mact_db_statement_t *statement;

    admin_sql(
        "CREATE OR REPLACE FUNCTION demo.locked(p text) RETURNS demo.reply LANGUAGE sql AS $$SELECT 200, p, NULL$$;"
        "REVOKE EXECUTE ON FUNCTION demo.locked(text) FROM PUBLIC;"
        "CREATE OR REPLACE FUNCTION demo.defaulted(p text, q int DEFAULT 1) RETURNS demo.reply LANGUAGE sql AS "
        "$$SELECT 200, p, NULL$$");
    statement = plain(rows[_i].name, rows[_i].nargs, &rows[_i].arg, 1);
    child_init(1);
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_DONE);
    ck_assert_int_eq(logged("ACT0220"), rows[_i].said != NULL);
    ck_assert_int_eq(mact_db_present(server, statement), !rows[_i].said);
    ck_assert_msg(!rows[_i].said || logged(rows[_i].said) == 1, "%s", log_text);
}
END_TEST

/* A caller's column that is not there shows only when PostgreSQL reads the statement. */
START_TEST(a_text_that_cannot_be_prepared_is_a_disagreement)
{
    mact_oapi_arg_t args[] = {{.source = MACT_FROM_CALLER, .name = "shoe_size", .index = -1},
                              {.source = MACT_FROM_CALLER, .name = "level", .index = -1},
                              arg_text};
    const mact_db_statement_t *statement =
        mact_db_statement(book, make_call("who", 3, args), make_call("caller", 1, &arg_sub), NULL, 0, child);
    const mact_db_reply_t *reply;

    child_init(1);
    reply = CALL(statement, &usual, GOOD_SUB, "x");
    ck_assert_int_eq(reply->outcome, MACT_DB_UNAVAILABLE);
    ck_assert_str_eq(reply->sqlstate, "42703");
    CALL(statement, &usual, GOOD_SUB, "x");
    ck_assert_int_eq(logged("ACT0230"), 1);
}
END_TEST

/* ---- all of it ----------------------------------------------------------------------------------------- */

static Suite *suite(void)
{
    Suite *s = suite_create("db");
    TCase *t = tcase_create("calls");

    tcase_add_unchecked_fixture(t, fixture_load, NULL);
    tcase_add_checked_fixture(t, child_begin, child_end);
    tcase_add_test(t, a_caller_and_its_call_are_one_statement);
    tcase_add_test(t, a_refused_caller_s_procedure_is_not_called);
    tcase_add_test(t, an_admitted_refusal_is_none);
    tcase_add_test(t, without_a_caller_its_columns_are_null);
    tcase_add_test(t, a_source_twice_is_one_parameter);
    tcase_add_test(t, a_statement_is_prepared_once_a_connection);
    tcase_add_test(t, further_columns_and_bytes);
    tcase_add_test(t, a_failure_tells_its_place_and_no_value);
    tcase_add_test(t, a_connection_killed_while_idle_costs_nothing);
    tcase_add_test(t, a_reset_connection_prepares_anew);
    tcase_add_test(t, a_session_that_forgot_prepares_again);
    tcase_add_test(t, a_session_that_knows_it_already_is_good);
    tcase_add_test(t, a_changed_result_type_is_prepared_again);
    tcase_add_test(t, a_write_killed_on_its_way_is_unavailable_and_not_repeated);
    tcase_add_test(t, a_read_killed_on_its_way_is_repeated);
    tcase_add_test(t, a_statement_out_of_time_is_a_timeout);
    tcase_add_test(t, a_server_that_forgets_the_time_is_cancelled);
    tcase_add_test(t, a_full_pool_refuses_in_time_and_sends_nothing);
    tcase_add_loop_test(t, conflicts_are_tried_again, 0, 6);
    tcase_add_test(t, a_missing_procedure_is_said_once_and_heals);
    tcase_add_test(t, who_doubts_finds_out_without_a_call);
    tcase_add_loop_test(t, each_kind_of_disagreement_is_named, 0, 10);
    tcase_add_test(t, a_text_that_cannot_be_prepared_is_a_disagreement);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run("db_call", suite());
}
