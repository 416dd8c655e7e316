/*
 * multipart/form-data: each rule of the frame, of a part's headers and of Content-Disposition, and what clients really send.
 */
#include "suite.h"

#include "multipart/multipart.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define TYPE "multipart/form-data; boundary=b"
#define MOST 20

#define NO_TYPE "the type is not multipart/form-data"
#define NO_BOUNDARY "the type has no good boundary"
#define NO_DELIMITER "there is no delimiter"
#define LINE "a delimiter's line does not end behind it"
#define MANY "there are too many parts"
#define HEAD "a part's headers do not end, or are too long"
#define HELD "a part's headers hold U+0000 or a delimiter"
#define HEAD_LINE "a part has a header line that is none"
#define HEAD_CRLF "a part's headers have a line that does not end in CRLF"
#define TWICE "a part has a header twice"
#define CUT "the last delimiter is missing"
#define NO_DISPOSITION "a part has no Content-Disposition: form-data"
#define BROKEN "a part has a Content-Disposition that is broken"
#define NO_NAME "a part has no name"
#define ENCODING "a part has a Content-Transfer-Encoding that is not read here"
#define NESTED "a part is made of parts"

static apr_array_header_t *parts;

static const mact_multipart_part_t *part(int i)
{
    ck_assert_int_lt(i, parts->nelts);
    return &APR_ARRAY_IDX(parts, i, const mact_multipart_part_t);
}

/* Of a block of exactly that size, so that a byte too far is seen. */
static const char *read_bytes(const char *type, const char *body, apr_size_t length)
{
    char *exact = memcpy(malloc(length ? length : 1), body, length);
    const char *wrong = mact_multipart_read(&parts, type, exact, length, MOST, suite_pool);

    for (int i = 0; i < parts->nelts; i++) {
        mact_multipart_part_t *one = &APR_ARRAY_IDX(parts, i, mact_multipart_part_t);

        ck_assert(one->data >= exact && one->data + one->length <= exact + length);
        one->data = apr_pstrmemdup(suite_pool, one->data, one->length);
    }
    free(exact);
    return wrong;
}

static const char *read_text(const char *type, const char *body)
{
    return read_bytes(type, body, strlen(body));
}

/* `name=value` of a field, `name@filename=bytes` of a file, joined by `|`; what is wrong if something is. */
static const char *shown(const char *wrong)
{
    const char *text = "";

    for (int i = 0; !wrong && i < parts->nelts; i++) {
        text = apr_pstrcat(suite_pool, text, i ? "|" : "", part(i)->name, part(i)->filename ? "@" : "",
                           part(i)->filename ? part(i)->filename : "", "=", part(i)->data, NULL);
    }
    return wrong ? wrong : text;
}

/* ---- the boundary ------------------------------------------------------------------------------------------ */

#define A(boundary) "--" boundary "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--" boundary "--"
#define SEVENTY "1234567890123456789012345678901234567890123456789012345678901234567890"

static const struct {
    const char *type, *body, *shown;
} types[] = {
    {TYPE, A("b"), "a=1"},
    {"Multipart/Form-Data;BOUNDARY=b", A("b"), "a=1"},
    {" multipart/form-data ; charset=utf-8 ; boundary=b", A("b"), "a=1"},
    {"multipart/form-data; boundary=b;", A("b"), "a=1"},
    {"multipart/form-data;; boundary=b", A("b"), "a=1"},
    {"multipart/form-data; boundary = b", A("b"), "a=1"},
    {"multipart/form-data; boundary=\"b\"", A("b"), "a=1"},
    {"multipart/form-data; boundary=\"b o;=x\"", A("b o;=x"), "a=1"},
    {"multipart/form-data; boundary=\"b\\\"\"", A("b\""), "a=1"},
    {"multipart/form-data; boundary=----=_Part_0_(1)'+,./:?*", A("----=_Part_0_(1)'+,./:?*"), "a=1"},
    {"multipart/form-data; boundary=" SEVENTY, A(SEVENTY), "a=1"},
    {"multipart/form-data; boundary=" SEVENTY "1", A(SEVENTY "1"), NO_BOUNDARY},
    {"multipart/form-data; boundary=B", A("b"), NO_DELIMITER},
    {"multipart/form-data", A("b"), NO_BOUNDARY},
    {"multipart/form-data; boundary", A("b"), NO_BOUNDARY},
    {"multipart/form-data; boundary=", "--\r\n----", NO_BOUNDARY},
    {"multipart/form-data; boundary=\"\"", "--\r\n----", NO_BOUNDARY},
    {"multipart/form-data; boundary=\"b", A("b"), NO_BOUNDARY},
    {"multipart/form-data; boundary=\"b \"", A("b "), NO_BOUNDARY},
    {"multipart/form-data; boundary=\"b\tc\"", A("b\tc"), NO_BOUNDARY},
    {"multipart/form-data; boundary=b\xC3\xA9", A("b\xC3\xA9"), NO_BOUNDARY},
    {"multipart/form-data; boundary=b\"", A("b"), NO_BOUNDARY},
    {"multipart/form-data; boundary=b; boundary=b", A("b"), NO_BOUNDARY},
    {"multipart/form-data; boundary=b, multipart/form-data; boundary=c", A("b"), NO_BOUNDARY},
    {"multipart/form-data; xboundary=b", A("b"), NO_BOUNDARY},
    {"multipart/form-data boundary=b", A("b"), NO_BOUNDARY},
    {"multipart/form-datax; boundary=b", A("b"), NO_TYPE},
    {"multipart/mixed; boundary=b", A("b"), NO_TYPE},
    {"", A("b"), NO_TYPE},
    {NULL, A("b"), NO_TYPE},
};

START_TEST(a_type)
{
    ck_assert_str_eq(shown(read_text(types[_i].type, types[_i].body)), types[_i].shown);
}
END_TEST

/* ---- the frame --------------------------------------------------------------------------------------------- */

#define FIELD(name, value) "--b\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define D "Content-Disposition: form-data; name=a"

static const struct {
    const char *body, *shown;
} frames[] = {
    {FIELD("a", "1") "--b--", "a=1"},
    {FIELD("a", "1") "--b--\r\n", "a=1"},
    {FIELD("a", "1") "--b--\n", "a=1"},
    {FIELD("a", "1") "--b-- \t\r\nepilogue\r\n--b\r\n", "a=1"},
    {FIELD("a", "1") FIELD("b", "2") "--b--", "a=1|b=2"},
    {FIELD("a", "1") FIELD("a", "2") "--b--", "a=1|a=2"},
    {FIELD("a", "") "--b--", "a="},
    {"--b\r\n" D "\r\n\r\n--b--", "a="},
    {"--b\r\n" D "\r\n\r\n" FIELD("b", "2") "--b--", "a=|b=2"},
    {FIELD("a", "\r\n") "--b--", "a=\r\n"},
    {FIELD("a", "--b") "--b--", HEAD}, /* the first line is a delimiter already */
    {FIELD("a", "x--b--") "--b--", "a=x--b--"},
    {FIELD("a", "\r\n-- b\r\n--\r\n-b\n--b--\r--b--\r\n") "--b--", "a=\r\n-- b\r\n--\r\n-b\n--b--\r--b--\r\n"},
    {"--b \t\r\n" D "\r\n\r\n1\r\n--b  \r\n" D "\r\n\r\n2\r\n--b--", "a=1|a=2"},
    {"\r\n" FIELD("a", "1") "--b--", "a=1"},
    {"preamble\r\nof lines --b\r\n" FIELD("a", "1") "--b--", "a=1"},
    {"--b--", ""},
    {"--b--\r\n", ""},
    {"preamble\r\n--b--", ""},
    {"", NO_DELIMITER},
    {"--", NO_DELIMITER},
    {"nothing", NO_DELIMITER},
    {"preamble\n--b--", NO_DELIMITER},
    {"preamble--b--", NO_DELIMITER},
    {"--b", LINE},
    {"--b-", LINE},
    {"--b\r", LINE},
    {"--bc--", LINE},
    {"--b--c", LINE},
    {"--b -- ", LINE},
    {"--b\r\n", HEAD},
    {"--b\r\n" D, HEAD},
    {"--b\r\n" D "\r\n", HEAD},
    {"--b\r\n" D "\r\n\r\n", CUT},
    {FIELD("a", "1"), CUT},
    {FIELD("a", "1") "--b", LINE},
    {FIELD("a", "1") "--b-", LINE},
    {FIELD("a", "1") "--b-\r\n", LINE},
    {FIELD("a", "1") "-- b--", CUT},
    {FIELD("a", "1") FIELD("a", "2"), CUT},
    {"--b\n" D "\n\n1\n--b--\n", LINE},
    {"--b\r\n" D "\n\n1\n--b--\n", HEAD},
    /* a boundary that another one begins with: RFC 2046 takes the line for a delimiter, whatever follows */
    {FIELD("a", "1\r\n--bc\r\n2") "--b--", LINE},
    {FIELD("a", "1\r\n--bc--\r\n2") "--b--", LINE},
    {FIELD("a", "1\r\n--b--c\r\n2") "--b--", LINE},
    /* what stands where the headers are to end must not hide a part */
    {"--b\r\n" D "\r\n" FIELD("b", "2") "--b--", HELD},
    {"--b\r\n--b\r\n" D "\r\n\r\n1\r\n--b--", HELD},
};

START_TEST(a_frame)
{
    ck_assert_str_eq(shown(read_text(TYPE, frames[_i].body)), frames[_i].shown);
}
END_TEST

START_TEST(a_delimiter_may_look_like_a_header)
{
    ck_assert_str_eq(shown(read_text("multipart/form-data; boundary=\"b: c\"",
                                     "--b: c\r\n" D "\r\n--b: c\r\nContent-Disposition: form-data; name=b\r\n\r\n2\r\n--b: c--")),
                     HELD);
}
END_TEST

START_TEST(there_are_so_many_parts_and_no_more)
{
    const char *body = "";

    for (int i = 0; i < MOST; i++) {
        body = apr_pstrcat(suite_pool, body, FIELD("a", "1"), NULL);
    }
    ck_assert_ptr_null(read_text(TYPE, apr_pstrcat(suite_pool, body, "--b--", NULL)));
    ck_assert_int_eq(parts->nelts, MOST);
    ck_assert_pstr_eq(read_text(TYPE, apr_pstrcat(suite_pool, body, FIELD("a", "1"), "--b--", NULL)), MANY);
    ck_assert_int_eq(parts->nelts, MOST);
    ck_assert_pstr_eq(mact_multipart_read(&parts, TYPE, "--b--", 5, 0, suite_pool), NULL);
    ck_assert_pstr_eq(mact_multipart_read(&parts, TYPE, body, strlen(body), 0, suite_pool), MANY);
    ck_assert_pstr_eq(mact_multipart_read(&parts, TYPE, NULL, 0, MOST, suite_pool), NO_DELIMITER);
    ck_assert_int_eq(parts->nelts, 0);
}
END_TEST

/* The bytes between the first CRLF and the empty line, both included, are what is bounded. */
START_TEST(headers_have_a_bound)
{
    const apr_size_t around = strlen("\r\n" D "\r\nX: \r\n\r\n");

    for (int over = 0; over <= 1; over++) {
        char *filler = apr_palloc(suite_pool, MACT_MULTIPART_HEAD_MOST + 1);
        apr_size_t n = MACT_MULTIPART_HEAD_MOST - around + (apr_size_t)over;
        const char *body;

        memset(filler, 'x', n);
        filler[n] = '\0';
        body = apr_pstrcat(suite_pool, "--b\r\n" D "\r\nX: ", filler, "\r\n\r\n1\r\n--b--", NULL);
        ck_assert_str_eq(shown(read_text(TYPE, body)), over ? HEAD : "a=1");
    }
}
END_TEST

START_TEST(data_is_any_bytes)
{
    static const char body[] = "pre\0amble\r\n--b\r\nContent-Disposition: form-data; name=a; filename=f\r\n\r\n"
                               "\0\xFF\r\n--\0b\r\n\r\n--b--\r\n\0";

    ck_assert_ptr_null(read_bytes(TYPE, body, sizeof(body) - 1));
    ck_assert_int_eq(parts->nelts, 1);
    ck_assert_mem_eq(part(0)->data, "\0\xFF\r\n--\0b\r\n", part(0)->length);
    ck_assert_uint_eq(part(0)->length, 10);
}
END_TEST

START_TEST(headers_hold_no_nul)
{
    static const char body[] = "--b\r\nContent-Disposition: form-data; name=a\0b\r\n\r\n1\r\n--b--";

    ck_assert_pstr_eq(read_bytes(TYPE, body, sizeof(body) - 1), HELD);
}
END_TEST

START_TEST(parts_before_a_broken_one_are_there)
{
    ck_assert_pstr_eq(read_text(TYPE, FIELD("a", "1") "--b\r\nX: y\r\n\r\n2\r\n--b--"), NO_DISPOSITION);
    ck_assert_str_eq(shown(NULL), "a=1");
}
END_TEST

/* ---- a part's headers -------------------------------------------------------------------------------------- */

static const struct {
    const char *head, *shown;
} heads[] = {
    {D, "a=1"},
    {"content-disposition:form-data;NAME=a", "a=1"},
    {"X-Other: y\r\n" D "\r\nX-Other: z", "a=1"},
    {D "\r\nX-Empty:", "a=1"},
    {"Content-Disposition:  \tFORM-DATA ; name=a \t", "a=1"},
    {"", NO_DISPOSITION},
    {"X: y", NO_DISPOSITION},
    {"Content-Disposition: attachment; name=a", NO_DISPOSITION},
    {"Content-Disposition: form-datax; name=a", NO_DISPOSITION},
    {"Content-Disposition: form-data, name=a", NO_DISPOSITION},
    {"Content-Disposition:", NO_DISPOSITION},
    {"Content-Disposition; name=a", HEAD_LINE},
    {"Content-Disposition : form-data; name=a", HEAD_LINE},
    {" Content-Disposition: form-data; name=a", HEAD_LINE},
    {": form-data; name=a", HEAD_LINE},
    {"Content-Disposition: form-data;\r\n name=a", HEAD_LINE},
    {D "\r\n\t; filename=f", HEAD_LINE},
    {D "\r\nnothing", HEAD_LINE},
    {"X: y\n" D, HEAD_CRLF},
    {"X: y\r" D, HEAD_CRLF},
    {D "\n; filename=f", HEAD_CRLF},
    {D "\r", HEAD_CRLF},
    {D "\r\n" D, TWICE},
    {D "\r\nContent-Type: text/plain\r\nCONTENT-TYPE: text/plain", TWICE},
    {D "\r\nContent-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: 8bit", TWICE},
    {D "\r\nContent-Transfer-Encoding: 7bit", "a=1"},
    {D "\r\nContent-Transfer-Encoding: 8BIT", "a=1"},
    {D "\r\nContent-Transfer-Encoding: binary", "a=1"},
    {D "\r\nContent-Transfer-Encoding: base64", ENCODING},
    {D "\r\nContent-Transfer-Encoding: quoted-printable", ENCODING},
    {D "\r\nContent-Transfer-Encoding: 8bits", ENCODING},
    {D "\r\nContent-Transfer-Encoding:", ENCODING},
    {D "\r\nContent-Type: multipart/mixed; boundary=c", NESTED},
    {D "\r\nContent-Type: Multipart/Digest", NESTED},
    {D "; filename=f\r\nContent-Type: multipart/related; boundary=c", "a@f=1"},
};

START_TEST(a_head)
{
    const char *body = apr_pstrcat(suite_pool, "--b\r\n", heads[_i].head, *heads[_i].head ? "\r\n" : "", "\r\n1\r\n--b--", NULL);

    ck_assert_str_eq(shown(read_text(TYPE, body)), heads[_i].shown);
}
END_TEST

static const struct {
    const char *header, *type, *charset;
} contents[] = {
    {"X: y", NULL, NULL},
    {"Content-Type:", NULL, NULL},
    {"Content-Type: image/png ", "image/png", NULL},
    {"content-type:text/plain;charset=UTF-8", "text/plain;charset=UTF-8", "UTF-8"},
    {"Content-Type: text/plain; format=flowed; Charset=\"iso-8859-1\"", "text/plain; format=flowed; Charset=\"iso-8859-1\"", "iso-8859-1"},
    {"Content-Type: text/plain; charset", "text/plain; charset", NULL},
    {"Content-Type: text/plain; charset=a; charset=b", "text/plain; charset=a; charset=b", NULL},
    {"Content-Type: what ever", "what ever", NULL},
};

START_TEST(a_content_type)
{
    const char *body = apr_pstrcat(suite_pool, "--b\r\n" D "\r\n", contents[_i].header, "\r\n\r\n1\r\n--b--", NULL);

    ck_assert_str_eq(shown(read_text(TYPE, body)), "a=1");
    ck_assert_pstr_eq(part(0)->content_type, contents[_i].type);
    ck_assert_pstr_eq(part(0)->charset, contents[_i].charset);
}
END_TEST

/* ---- Content-Disposition ----------------------------------------------------------------------------------- */

static const struct {
    const char *parameters, *shown;
} dispositions[] = {
    {"; name=\"a\"", "a=1"},
    {";name=a;", "a=1"},
    {"; name = \"a\" ; ;", "a=1"},
    {"; x=y; name=a; z=\"; name=b\"", "a=1"},
    {"; name=\"\"", "=1"},
    {"; name=", "=1"},
    {"; name=\"a b;c=d\"", "a b;c=d=1"},
    {"; name=\"p\xC3\xA5ske\"", "p\xC3\xA5ske=1"},
    {"; name=\"\xFF\"", "\xFF=1"},
    {"; name=\"a\"; filename=\"f.png\"", "a@f.png=1"},
    {"; filename=\"f.png\"; name=\"a\"", "a@f.png=1"},
    {"; name=avatar; filename=f.png; filename*=utf-8''g.png", "avatar@f.png=1"},
    {"; name=a; filename*=utf-8''p%C3%A5ske.png", "a@utf-8''p%C3%A5ske.png=1"},
    {"; name=a; FILENAME*=\"x\"", "a@x=1"},
    {"; name=\"a\"; filename=\"\"", "a@=1"},
    {"; name=a; filename=", "a@=1"},
    {"; name=\"a\"; filename=\"p\xC3\xA5ske\xE2\x98\x83.png\"", "a@p\xC3\xA5ske\xE2\x98\x83.png=1"},
    /* browsers */
    {"; name=\"a\"; filename=\"q%22uote.png\"", "a@q\"uote.png=1"},
    {"; name=\"odd%22%0D%0aname\"", "odd\"\r\nname=1"},
    {"; name=\"100%\"; filename=\"%2 %41 %C3%A5 %%22\"", "100%@%2 %41 %C3%A5 %\"=1"},
    {"; name=\"a\"; filename=\"C:\\fake\\path.png\"", "a@C:\\fake\\path.png=1"},
    {"; name=\"a\"; filename=\"tail\\\"", "a@tail\\=1"},
    {"; name=\"odd\\\"", "odd\\=1"},
    /* curl --form-escape, and curl as it was before 7.81 */
    {"; name=\"a\"; filename=\"q\\\"uo\\\\te.png\"", "a@q\"uo\\te.png=1"},
    {"; name=\"a\\\";name=b\"; filename=\"f\"", "a\";name=b@f=1"},
    {"; name=\"a\"; filename=\"tail\\\\\"", "a@tail\\=1"},
    {"; name=\"a\"; filename=\"\\\\\\\"\"", "a@\\\"=1"},
    {"", NO_NAME},
    {";", NO_NAME},
    {"; filename=\"f\"", NO_NAME},
    {"; name*=utf-8''a", NO_NAME},
    {"; xname=a; namex=b", NO_NAME},
    {"; name", BROKEN},
    {"; name=\"a", BROKEN},
    {"; name=a\"b\"", BROKEN},
    {"; name=\"a\"b", BROKEN},
    {"; name=a b", BROKEN},
    {"; =a", BROKEN},
    {"; \"name\"=a", BROKEN},
    {"; name=a; name=a", BROKEN},
    {"; name=a; NAME=b", BROKEN},
    {"; name=a; filename=f; filename=f", BROKEN},
    /* a file must not become a field because what tells of it cannot be read */
    {"; name=\"a\" filename=\"f\"", BROKEN},
    {"; name=\"a\"; filename", BROKEN},
    {"; name=\"a\"; filename=\"f", BROKEN},
    {"; name=\"a\"; x y; filename=\"f\"", BROKEN},
    {"; name=\"a\\\"; filename=\"f\"", BROKEN},
};

START_TEST(a_disposition)
{
    const char *body = apr_pstrcat(suite_pool, "--b\r\nContent-Disposition: form-data", dispositions[_i].parameters,
                                   "\r\n\r\n1\r\n--b--", NULL);

    ck_assert_str_eq(shown(read_text(TYPE, body)), dispositions[_i].shown);
}
END_TEST

START_TEST(other_parameters_are_skipped)
{
    const char *body = "--b\r\nContent-Disposition: form-data";

    for (int i = 0; i < 600; i++) {
        body = apr_pstrcat(suite_pool, body, ";x=\"\"", NULL);
    }
    body = apr_pstrcat(suite_pool, body, ";name=a\r\n\r\n1\r\n--b--", NULL);
    ck_assert_str_eq(shown(read_text(TYPE, body)), "a=1");
}
END_TEST

/* ---- what clients send ------------------------------------------------------------------------------------- */

#define PNG "\x89PNG\r\n\x1a\n--\r\n"

static const struct {
    const char *who, *type, *body, *shown;
} clients[] = {
    {"Chromium", "multipart/form-data; boundary=----WebKitFormBoundarymYZTN17TtnyUqHxh",
     "------WebKitFormBoundarymYZTN17TtnyUqHxh\r\nContent-Disposition: form-data; name=\"bio\"\r\n\r\nl1\r\n--x\r\n--\r\n"
     "------WebKitFormBoundarymYZTN17TtnyUqHxh\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a\\\"\r\n"
     "Content-Type: image/png\r\n\r\n" PNG "\r\n------WebKitFormBoundarymYZTN17TtnyUqHxh--\r\n",
     "bio=l1\r\n--x\r\n--|avatar@a\\=" PNG},
    {"Chromium, a form whose file was left alone", "multipart/form-data; boundary=----WebKitFormBoundaryB1f8QPWdRDiHoPMH",
     "------WebKitFormBoundaryB1f8QPWdRDiHoPMH\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"\"\r\n"
     "Content-Type: application/octet-stream\r\n\r\n\r\n------WebKitFormBoundaryB1f8QPWdRDiHoPMH--\r\n",
     "avatar@="},
    {"curl -F", "multipart/form-data; boundary=------------------------ec77a9c7bbf7b1c4",
     "--------------------------ec77a9c7bbf7b1c4\r\nContent-Disposition: form-data; name=\"bio\"\r\n\r\nb\r\n"
     "--------------------------ec77a9c7bbf7b1c4\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"q%22uote.png\"\r\n"
     "Content-Type: image/png\r\n\r\n" PNG "\r\n--------------------------ec77a9c7bbf7b1c4--\r\n",
     "bio=b|avatar@q\"uote.png=" PNG},
    {"curl -F a=@one,two", "multipart/form-data; boundary=------------------------83b98ab731969a6a",
     "--------------------------83b98ab731969a6a\r\nContent-Disposition: form-data; name=\"avatar\"\r\n"
     "Content-Type: multipart/mixed; boundary=------------------------716278417949ffa3\r\n\r\n"
     "--------------------------716278417949ffa3\r\nContent-Disposition: attachment; filename=\"pic.png\"\r\n\r\nx\r\n"
     "--------------------------716278417949ffa3--\r\n\r\n--------------------------83b98ab731969a6a--\r\n",
     NESTED},
    {"python requests", "multipart/form-data; boundary=2095f68d6239b31ca5547f55bd6072c8",
     "--2095f68d6239b31ca5547f55bd6072c8\r\nContent-Disposition: form-data; name=\"bio\"\r\n\r\n\xC3\xA9\r\n"
     "--2095f68d6239b31ca5547f55bd6072c8\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"C:\\fake\\a.png\"\r\n"
     "Content-Type: image/png\r\n\r\n" PNG "\r\n--2095f68d6239b31ca5547f55bd6072c8--\r\n",
     "bio=\xC3\xA9|avatar@C:\\fake\\a.png=" PNG},
    {"axios", "multipart/form-data; boundary=axios-1.21.1-boundary-N5aMsToue8ZS5UylRAnAOfkyZ",
     "--axios-1.21.1-boundary-N5aMsToue8ZS5UylRAnAOfkyZ\r\nContent-Disposition: form-data; name=\"bio\"\r\n\r\nb\r\n"
     "--axios-1.21.1-boundary-N5aMsToue8ZS5UylRAnAOfkyZ\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"blob\"\r\n"
     "Content-Type: application/octet-stream\r\n\r\n\r\n--axios-1.21.1-boundary-N5aMsToue8ZS5UylRAnAOfkyZ--\r\n",
     "bio=b|avatar@blob="},
    {".NET", "multipart/form-data; boundary=\"3f6e2f9c-6d4f-4a09-8f2a-21f1d9f2c7f4\"",
     "--3f6e2f9c-6d4f-4a09-8f2a-21f1d9f2c7f4\r\nContent-Type: text/plain; charset=utf-8\r\n"
     "Content-Disposition: form-data; name=bio\r\n\r\nb\r\n"
     "--3f6e2f9c-6d4f-4a09-8f2a-21f1d9f2c7f4\r\n"
     "Content-Disposition: form-data; name=avatar; filename=a.png; filename*=utf-8''a.png\r\n\r\n" PNG
     "\r\n--3f6e2f9c-6d4f-4a09-8f2a-21f1d9f2c7f4--\r\n",
     "bio=b|avatar@a.png=" PNG},
    {"Apache HttpClient", "multipart/form-data; boundary=vKp2ZtS0Yb1JyLh",
     "--vKp2ZtS0Yb1JyLh\r\nContent-Disposition: form-data; name=\"bio\"\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n"
     "Content-Transfer-Encoding: 8bit\r\n\r\nb\r\n--vKp2ZtS0Yb1JyLh\r\n"
     "Content-Disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n"
     "Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n" PNG "\r\n--vKp2ZtS0Yb1JyLh--\r\n",
     "bio=b|avatar@a.png=" PNG},
};

START_TEST(a_client)
{
    ck_assert_msg(!strcmp(shown(read_text(clients[_i].type, clients[_i].body)), clients[_i].shown), "%s: %s", clients[_i].who,
                  shown(read_text(clients[_i].type, clients[_i].body)));
}
END_TEST

static void add(Suite *suite)
{
    TCase *tests = suite_case(suite, "frame");

    tcase_add_loop_test(tests, a_type, 0, COUNT(types));
    tcase_add_loop_test(tests, a_frame, 0, COUNT(frames));
    tcase_add_test(tests, a_delimiter_may_look_like_a_header);
    tcase_add_test(tests, there_are_so_many_parts_and_no_more);
    tcase_add_test(tests, headers_have_a_bound);
    tcase_add_test(tests, data_is_any_bytes);
    tcase_add_test(tests, headers_hold_no_nul);
    tcase_add_test(tests, parts_before_a_broken_one_are_there);
    tests = suite_case(suite, "headers");
    tcase_add_loop_test(tests, a_head, 0, COUNT(heads));
    tcase_add_loop_test(tests, a_content_type, 0, COUNT(contents));
    tcase_add_loop_test(tests, a_disposition, 0, COUNT(dispositions));
    tcase_add_test(tests, other_parameters_are_skipped);
    tests = suite_case(suite, "clients");
    tcase_add_loop_test(tests, a_client, 0, COUNT(clients));
}

int main(void)
{
    return suite_run("multipart", add);
}
