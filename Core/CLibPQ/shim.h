#ifndef TALLYHOUSE_CLIBPQ_SHIM_H
#define TALLYHOUSE_CLIBPQ_SHIM_H

#include <libpq-fe.h>

#endif
