#ifndef TALLYHOUSE_CJEMALLOC_SHIM_H
#define TALLYHOUSE_CJEMALLOC_SHIM_H

#include <jemalloc/jemalloc.h>

#endif
