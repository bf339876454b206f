#ifndef TALLYHOUSE_CMINIZIP_SHIM_H
#define TALLYHOUSE_CMINIZIP_SHIM_H

#include <minizip/unzip.h>
#include <minizip/zip.h>
#include <minizip/ioapi.h>

#endif
