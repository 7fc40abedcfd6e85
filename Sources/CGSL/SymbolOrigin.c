#define _GNU_SOURCE
#include "SymbolOrigin.h"

#include <dlfcn.h>
#include <stddef.h>

const char *cgsl_path_of_cblas_dgemm(void) {
    // Looked up as libgsl's own calls are: in load order over the whole process.
    void *address = dlsym(RTLD_DEFAULT, "cblas_dgemm");
    Dl_info info;
    if (address == NULL || dladdr(address, &info) == 0) return NULL;
    return info.dli_fname;
}
