#ifndef TALLYHOUSE_CCRYPTO_SHIM_H
#define TALLYHOUSE_CCRYPTO_SHIM_H

#include <openssl/evp.h>
#include <openssl/x509.h>

/* The name as RFC 2253 text, most specific part first, characters beyond ASCII as UTF-8. Its flags
   are macros that Swift doesn't import. */
static inline int tallyhouse_print_name(BIO *out, const X509_NAME *name) {
    return X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
}

static inline void tallyhouse_free(void *memory) { OPENSSL_free(memory); }

#endif
