#ifndef CLIMITS_H
#define CLIMITS_H

#include <stdint.h>

// Calls of the system that Swift does not see: names of Linux alone, and those with types of their own.

typedef enum {
    cl_address_space,
    cl_data,
    cl_processes,
    cl_open_files,
    cl_file_size,
    cl_stack
} cl_resource;

/// The soft limit of a resource; -1 where it is unlimited.
int64_t cl_limit(cl_resource resource);

/// Processors that this process may run on, however many the system has; 0 where it does not tell.
int64_t cl_processors(void);

#endif
