#ifndef TALLYHOUSE_CCRYPTO_SHIM_H
#define TALLYHOUSE_CCRYPTO_SHIM_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#endif
