#ifndef TALLYHOUSE_CICONV_SHIM_H
#define TALLYHOUSE_CICONV_SHIM_H

#include <iconv.h>

#endif
