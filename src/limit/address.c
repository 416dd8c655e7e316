/*
 * limit/address.c: whose address is it?
 *
 * Of IPv6 a subscriber is given a network, the smallest of them 2^64 addresses: a limit by the whole address would limit nobody, and
 * fill the table.  An IPv4 address that stands in an IPv6 one, as translators write it, is an address.
 */
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include <apr_strings.h>

#include "limit/limit.h"

#define NETWORK 8                    /* bytes */

/* ::ffff:0:0/96 (RFC 4291, 2.5.5.2) and 64:ff9b::/96 (RFC 6052, 2.1) */
static int holds_ipv4(const unsigned char *address)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const unsigned char translated[12] = {0, 0x64, 0xff, 0x9b};

    return !memcmp(address, mapped, sizeof mapped) || !memcmp(address, translated, sizeof translated);
}

const char *mact_limit_address(const char *ip, apr_pool_t *pool)
{
    unsigned char address[16];
    char text[INET6_ADDRSTRLEN];

    if (inet_pton(AF_INET6, ip, address) != 1) {
        return ip;
    }
    if (holds_ipv4(address)) {
        return inet_ntop(AF_INET, address + 12, text, sizeof text) ? apr_pstrdup(pool, text) : ip;
    }
    memset(address + NETWORK, 0, sizeof address - NETWORK);
    return inet_ntop(AF_INET6, address, text, sizeof text) ? apr_pstrcat(pool, text, "/64", NULL) : ip;
}
