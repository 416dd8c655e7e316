/*
 * multipart/multipart.h: a body of multipart/form-data (RFC 7578, framed by RFC 2046 section 5.1), taken apart where it lies in memory.
 *
 * This room knows APR and nobody else: no document, no request, no JSON. It holds nothing: every call works on its arguments alone, so that
 * any thread may call it, with a pool of its own.
 *
 * What is read is what clients send: browsers (their FormData and forms), curl, the usual libraries. What is not framed exactly is refused,
 * never guessed at: where a lenient reader here and a strict one in front of the server saw different parts, one of them would
 * let through what it was to stop. So lines end in CRLF, the last delimiter is there, no line of the data begins like a delimiter
 * (RFC 2046: it would be one, whatever follows), headers are not folded and not repeated.
 */
#ifndef MACT_MULTIPART_H
#define MACT_MULTIPART_H

#include <apr_pools.h>
#include <apr_tables.h>

#define MACT_MULTIPART_BOUNDARY_MOST 70 /* characters (RFC 2046) */
#define MACT_MULTIPART_HEAD_MOST 4096   /* bytes of a part's headers, with the lines' ends */

/* A part. Its texts are copies in the pool, ended by NUL, and hold none; their bytes are the client's, not looked at for UTF-8. */
typedef struct {
    const char *name;         /* of the field, without quotes and escapes; may be empty */
    const char *filename;     /* as the client says, not to be trusted (`filename*`, where alone, as spelled); NULL: a field, no file */
    const char *content_type; /* the same; NULL where nothing is said */
    const char *charset;      /* of content_type; NULL where nothing is said, or nothing that can be read */
    const char *data;         /* in the body, not copied: not ended by NUL */
    apr_size_t length;
} mact_multipart_part_t;

/*
 * Takes the body apart: *parts is of mact_multipart_part_t, in their order, fields and files alike, at most `most`. `content_type` is the
 * request's header (NULL: none), `body` may be NULL where `length` is 0.
 *
 * NULL when good. Else a sentence that says what is wrong, a constant without a byte of the client's, fit for a log; *parts are then
 * those that came before.
 *
 * The body has to outlive the parts. Of `pool` it takes a few hundred bytes and, for each part, at most three times its headers.
 *
 * - The boundary is 1 to 70 visible ASCII characters, quoted or not; blanks may stand between, not at the end.
 * - What precedes the first delimiter and what follows the last one is skipped. No part at all is good.
 * - Each part has one `Content-Disposition: form-data` with one `name`. In a quoted value \" and \\ are a quotation mark and a backslash
 *   (RFC 2045, curl --form-escape); a backslash before anything else, or at the very end of the header's last value, is itself, as browsers
 *   mean it; %22, %0D and %0A are what browsers write for a quotation mark and a line's end.
 * - A part with `filename` or `filename*` is a file.
 * - Content-Transfer-Encoding: 7bit, 8bit and binary change nothing; any other is refused.
 * - Parts in a part (multipart/mixed in place of several files) are refused.
 */
const char *mact_multipart_read(apr_array_header_t **parts, const char *content_type, const char *body, apr_size_t length, int most,
                                apr_pool_t *pool);

#endif
