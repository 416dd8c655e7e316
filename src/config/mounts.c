/*
 * Mounts: a container that says `ActivitiesAPI NAME` gets its document, read once for all containers that name it, the statements of the
 * document's operations, and the text of /openapi.json.
 */
#include <apr_hash.h>
#include <apr_siphash.h>
#include <apr_strings.h>

#include "config/inside.h"

static apr_size_t without_slash(const char *path)
{
    apr_size_t n = strlen(path);

    while (n && path[n - 1] == '/') {
        n--;
    }
    return n;
}

const char *mact_config_mount_path(const char *path, apr_pool_t *pool)
{
    return apr_pstrmemdup(pool, path, without_slash(path));
}

int mact_config_path_below(const char *path, const char *container)
{
    apr_size_t n = without_slash(container);

    return !strncmp(path, container, n) && (path[n] == '/' || path[n] == '\0');
}

/* The document of that name, from `documents` (by file) or read now. */
static const mact_oapi_doc_t *document(const char **error, const char *directory, const char *name, apr_hash_t *documents,
                                       const mact_config_natives_t *natives, apr_pool_t *pconf, apr_pool_t *ptemp)
{
    const char *root = ap_server_root_relative(ptemp, directory);
    const char *file = apr_pstrcat(pconf, root ? root : directory, "/", name, ".yaml", NULL);
    const mact_oapi_doc_t *doc = apr_hash_get(documents, file, APR_HASH_KEY_STRING);
    if (doc) {
        return doc;
    }
    if (mact_oapi_load(&doc, error, name, file, natives->known, pconf) != APR_SUCCESS) {
        *error = apr_psprintf(ptemp, "the document of API `%s' is not good: %s", name, *error);
        return NULL;
    }
    apr_hash_set(documents, file, APR_HASH_KEY_STRING, doc);
    return doc;
}

/* `mount.X` sources must name a setting; the document's reader cannot know which there are. */
static const char *check_settings(const mact_oapi_doc_t *doc, const mact_oapi_call_t *call, const char *where, apr_pool_t *ptemp)
{
    for (int i = 0; call && i < call->args->nelts; i++) {
        const mact_oapi_arg_t *arg = &APR_ARRAY_IDX(call->args, i, mact_oapi_arg_t);

        if (arg->source == MACT_FROM_MOUNT && !mact_config_known_setting(arg->name)) {
            return apr_psprintf(ptemp, "%s: %s: there is no setting `mount.%s'; there are mount.bot_key, mount.discord_key, "
                                "mount.provision and mount.refresh_lifetime", doc->file, where, arg->name);
        }
    }
    return NULL;
}

static const char *check_operation(const mact_oapi_op_t *op, const mact_config_natives_t *natives, apr_pool_t *ptemp)
{
    const char *error = check_settings(op->doc, op->call, op->id, ptemp);

    for (int i = 0; !error && op->procedures && i < op->procedures->nelts; i++) {
        error = check_settings(op->doc, APR_ARRAY_IDX(op->procedures, i, mact_oapi_named_call_t).call, op->id, ptemp);
    }
    if (!error && op->secret && !mact_config_known_secret(op->secret->setting)) {
        error = apr_psprintf(ptemp, "%s: %s: x-secret: there is no setting `%s'; there is discord_bot_key", op->doc->file, op->id,
                             op->secret->setting);
    }
    if (!error && op->native) {
        error = natives->flaw(op, ptemp);
        error = error ? apr_psprintf(ptemp, "%s: %s: x-native %s: %s", op->doc->file, op->id, op->native, error) : NULL;
    }
    return error;
}

/* What the document's reader cannot judge. */
static const char *check_document(const mact_oapi_doc_t *doc, const mact_config_natives_t *natives, apr_pool_t *ptemp)
{
    const char *error = check_settings(doc, doc->caller, "x-caller", ptemp);

    for (int i = 0; !error && i < doc->operations->nelts; i++) {
        error = check_operation(APR_ARRAY_IDX(doc->operations, i, const mact_oapi_op_t *), natives, ptemp);
    }
    return error;
}

/* The document as its clients see it at this mount. */
static void publish(mact_mount_t *mount, apr_pool_t *pconf)
{
    static const unsigned char key[APR_SIPHASH_KSIZE] = "openapi.json";
    const mact_oapi_doc_t *doc = mount->doc;
    json_t *published = json_copy((json_t *)doc->published);
    json_t *servers = json_pack("[{s:s}]", "url", *mount->path ? ap_os_escape_path(pconf, mount->path, 1) : "/");
    char *text;

    json_object_set_new(published, "servers", servers);
    text = json_dumps(published, JSON_COMPACT);
    json_decref(published);
    mount->published = apr_pstrdup(pconf, text ? text : "{}");
    free(text);
    mount->published_length = strlen(mount->published);
    mount->published_etag = apr_psprintf(pconf, "\"%016" APR_UINT64_T_HEX_FMT "\"",
                                         apr_siphash24(mount->published, mount->published_length, key));
}

static const mact_db_statement_t **named_statements(const mact_oapi_op_t *op, const mact_oapi_call_t *caller, mact_db_book_t *book,
                                                    apr_pool_t *pconf)
{
    const mact_db_statement_t **statements;
    int n = op->procedures ? op->procedures->nelts : 0;

    if (!n) {
        return NULL;
    }
    statements = apr_pcalloc(pconf, 2 * n * sizeof *statements);
    for (int i = 0; i < n; i++) {
        const mact_oapi_call_t *call = APR_ARRAY_IDX(op->procedures, i, mact_oapi_named_call_t).call;

        statements[2 * i] = mact_db_statement(book, call, NULL, NULL, op->read_only, pconf);
        statements[2 * i + 1] = caller ? mact_db_statement(book, call, caller, op->admits, op->read_only, pconf)
                                       : statements[2 * i];
    }
    return statements;
}

/* Statements of a document are the same at each of its mounts: the book gives the same text once. */
static void make_statements(mact_mount_t *mount, mact_db_book_t *book, apr_pool_t *pconf)
{
    const mact_oapi_doc_t *doc = mount->doc;
    int n = doc->operations->nelts;

    mount->without_caller = apr_pcalloc(pconf, n * sizeof *mount->without_caller);
    mount->with_caller = apr_pcalloc(pconf, n * sizeof *mount->with_caller);
    mount->named = apr_pcalloc(pconf, n * sizeof *mount->named);
    for (int i = 0; i < n; i++) {
        const mact_oapi_op_t *op = APR_ARRAY_IDX(doc->operations, i, const mact_oapi_op_t *);

        if (op->call) {
            mount->without_caller[i] = mact_db_statement(book, op->call, NULL, NULL, op->read_only, pconf);
            mount->with_caller[i] = doc->caller
                ? mact_db_statement(book, op->call, doc->caller, op->admits, op->read_only, pconf)
                : mount->without_caller[i];
        }
        mount->named[i] = named_statements(op, doc->caller, book, pconf);
    }
}

mact_mount_t *mact_config_mount_make(const char **error, server_rec *server, const config_section_t *section, const char *directory,
                                     mact_db_book_t *book, apr_hash_t *documents, const mact_config_natives_t *natives,
                                     apr_pool_t *pconf, apr_pool_t *ptemp)
{
    mact_mount_t *mount;
    const mact_oapi_doc_t *doc = document(error, directory, section->conf->api, documents, natives, pconf, ptemp);

    if (!doc) {
        return NULL;
    }
    *error = check_document(doc, natives, ptemp);
    if (*error) {
        return NULL;
    }
    mount = apr_pcalloc(pconf, sizeof *mount);
    mount->doc = doc;
    mount->path = mact_config_mount_path(section->path, pconf);
    mount->identity = server->is_virtual
        ? apr_psprintf(pconf, "%s %s:%u", mount->path, server->server_hostname ? server->server_hostname : "", server->port)
        : mount->path;
    make_statements(mount, book, pconf);
    publish(mount, pconf);
    return mount;
}
