#define _GNU_SOURCE
#include "CLimits.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>

int64_t cl_limit(cl_resource resource) {
    static const int names[] = {
        [cl_address_space] = RLIMIT_AS, [cl_data] = RLIMIT_DATA,       [cl_processes] = RLIMIT_NPROC,
        [cl_open_files] = RLIMIT_NOFILE, [cl_file_size] = RLIMIT_FSIZE, [cl_stack] = RLIMIT_STACK};
    struct rlimit limit;
    if (getrlimit(names[resource], &limit) || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > INT64_MAX)
        return -1;
    return (int64_t)limit.rlim_cur;
}

int64_t cl_processors(void) {
    int64_t count = 0;
#ifdef __linux__
    // The mask must be as long as the kernel's, which may have room for more processors than `cpu_set_t` has.
    for (int room = CPU_SETSIZE; !count && room <= 1 << 22; room *= 2) {
        cpu_set_t *const mask = CPU_ALLOC(room);
        if (!mask) break;
        if (!sched_getaffinity(0, CPU_ALLOC_SIZE(room), mask)) count = CPU_COUNT_S(CPU_ALLOC_SIZE(room), mask);
        CPU_FREE(mask);
    }
#endif
    return count;
}
