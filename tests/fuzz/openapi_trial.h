/*
 * The trial document, for targets that need an operation to send something to.
 */
#ifndef MACT_TESTS_FUZZ_OPENAPI_TRIAL_H
#define MACT_TESTS_FUZZ_OPENAPI_TRIAL_H

#include "fuzz.h"
#include "openapi/inside.h"

/* LeakSanitizer does not look into memory that APR has mapped, and so takes what only a pool knows for lost. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static inline const mact_oapi_doc_t *trial(void)
{
    static const mact_oapi_doc_t *doc;
    apr_pool_t *pool = fuzz_process_pool();
    const char *error = NULL;

    if (doc) {
        return doc;
    }
    if (__lsan_disable) {
        __lsan_disable();
    }
    if (mact_oapi_load(&doc, &error, "trial", fuzz_path("../unit/documents/trial.yaml", pool), NULL, pool) !=
        APR_SUCCESS) {
        fprintf(stderr, "%s\n", error);
        abort();
    }
    if (__lsan_enable) {
        __lsan_enable();
    }
    return doc;
}

/* What must hold of everything that was read, good or not. */
static inline void must_be_told(const mact_oapi_input_t *input, apr_pool_t *pool)
{
    MUST((input->fault != NULL) ==
         (input->violations != NULL)); /* the trial document has no fault of its own for a body */
    if (!input->violations) {
        return;
    }
    MUST(!strcmp(input->fault, "validation"));
    MUST(input->violations->nelts > 0 && input->violations->nelts <= MACT_VIOLATIONS_MOST);
    for (int i = 0; i < input->violations->nelts; i++) {
        const mact_oapi_violation_t *violation = &APR_ARRAY_IDX(input->violations, i, const mact_oapi_violation_t);

        MUST(violation->kind && violation->in && violation->message && *violation->message);
        MUST(strcmp(violation->message, "is not valid") ||
             !strncmp(violation->kind, "format", 6)); /* the fallback of words that are missing */
        MUST(json_is_array(violation->loc));
        for (int j = 0; j < i; j++) {
            const mact_oapi_violation_t *other = &APR_ARRAY_IDX(input->violations, j, const mact_oapi_violation_t);
            MUST(strcmp(violation->in, other->in) || !mact_oapi_equal(violation->loc, other->loc));
        }
    }
    json_t *told = mact_oapi_violations(input->op->doc, input->violations, pool);
    MUST(json_is_string(told) && json_string_length(told) > 0);
    json_decref(told);
}

static inline void must_be_text(const char *text)
{
    MUST(!text || mact_oapi_utf8(text, strlen(text)));
}

#endif
