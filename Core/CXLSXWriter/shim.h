#ifndef TALLYHOUSE_CXLSXWRITER_SHIM_H
#define TALLYHOUSE_CXLSXWRITER_SHIM_H

#include <xlsxwriter.h>

#endif
