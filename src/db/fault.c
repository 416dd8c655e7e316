/*
 * db/fault.c: what a SQLSTATE means for the call, and what of an error may go to the log.
 *
 * PostgreSQL's messages are made for the person who typed the query; ours are read by an admin, about a
 * stranger's request.  Detail, hint and context may repeat values, so they are left out but for the place in
 * PL/pgSQL; the primary message repeats them only in class 22, where it quotes them.
 */
#include <apr_strings.h>

#include "db/inside.h"

/* One row a SQLSTATE; a pattern of two characters is a class.  The first that fits counts. */
static const struct {
    const char *sqlstate;
    mact_db_fault_e fault;
} fault_table[] = {
    {"40001", MACT_DB_FAULT_CONFLICT},   /* serialization_failure */
    {"40P01", MACT_DB_FAULT_CONFLICT},   /* deadlock_detected */
    {"08", MACT_DB_FAULT_AWAY},          /* connection exception, PgBouncer's own errors among them */
    {"57P01", MACT_DB_FAULT_AWAY},       /* admin_shutdown */
    {"57P02", MACT_DB_FAULT_AWAY},       /* crash_shutdown */
    {"57P03", MACT_DB_FAULT_AWAY},       /* cannot_connect_now */
    {"57P04", MACT_DB_FAULT_AWAY},       /* database_dropped */
    {"57P05", MACT_DB_FAULT_AWAY},       /* idle_session_timeout */
    {"53300", MACT_DB_FAULT_AWAY},       /* too_many_connections */
    {"57014", MACT_DB_FAULT_TIME},       /* query_canceled */
    {"25P04", MACT_DB_FAULT_TIME},       /* transaction_timeout */
    {"26000", MACT_DB_FAULT_UNPREPARED}, /* invalid_sql_statement_name */
    {"42P05", MACT_DB_FAULT_PREPARED},   /* duplicate_prepared_statement */
    {"42883", MACT_DB_FAULT_DISAGREES},  /* undefined_function */
    {"42501", MACT_DB_FAULT_DISAGREES},  /* insufficient_privilege */
    {"3F000", MACT_DB_FAULT_DISAGREES},  /* invalid_schema_name */
};

mact_db_fault_e mact_db_fault(const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *function;
    size_t i;

    if (!sqlstate) {
        return MACT_DB_FAULT_OTHER;
    }
    for (i = 0; i < sizeof(fault_table) / sizeof(fault_table[0]); i++) {
        if (strncmp(sqlstate, fault_table[i].sqlstate, strlen(fault_table[i].sqlstate)) == 0) {
            return fault_table[i].fault;
        }
    }
    /*
     * "cached plan must not change result type" has no SQLSTATE of its own; its place in the server tells it
     * from others
     */
    if (strcmp(sqlstate, "0A000") == 0) {
        function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
        if (function && strcmp(function, "RevalidateCachedQuery") == 0) {
            return MACT_DB_FAULT_STALE;
        }
    }
    return MACT_DB_FAULT_OTHER;
}

/*
 * Values are quoted in the messages of class 22, and may hold quotes: from the first to the last is left out.
 */
void mact_db_fault_clean(char *out, size_t size, const char *message, const char *sqlstate)
{
    const char *first = strchr(message, '"');
    const char *last = strrchr(message, '"');

    if (sqlstate && strncmp(sqlstate, "22", 2) == 0 && first && last > first) {
        apr_snprintf(out, size, "%.*s\"...\"%s", (int)(first - message), message, last + 1);
    } else {
        apr_cpystrn(out, message, size);
    }
}

/* The first line of the context that names a place in PL/pgSQL: other lines may hold data. */
static const char *fault_place(const PGresult *result, apr_pool_t *pool)
{
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    const char *line = context;

    while (line && strncmp(line, "PL/pgSQL function ", 18) != 0) {
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return line ? apr_pstrndup(pool, line, strcspn(line, "\n")) : NULL;
}

const char *mact_db_fault_cause(const PGresult *result, apr_pool_t *pool)
{
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *place = fault_place(result, pool);
    char clean[512];

    if (!message) {
        return mact_db_fault_lost(PQresultErrorMessage(result), pool);
    }
    mact_db_fault_clean(clean, sizeof(clean), message, PQresultErrorField(result, PG_DIAG_SQLSTATE));
    return place ? apr_psprintf(pool, "%s (%s)", clean, place) : apr_pstrdup(pool, clean);
}

const char *mact_db_fault_lost(const char *message, apr_pool_t *pool)
{
    if (!message || *message == '\0' || *message == '\n') {
        return "the connection is lost";
    }
    return apr_pstrndup(pool, message, strcspn(message, "\n"));
}
