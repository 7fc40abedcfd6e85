// Stands between the program and the system (LD_PRELOAD), and disturbs the n-th call of a kind.
//
//   FAULT=write:3:ENOSPC   the third write fails for want of space
//   FAULT=write:3:short    it takes half of the bytes
//   FAULT=rename:1:kill    the process is killed in place of the first rename
//   FAULT_COUNTS=FILE      how many calls of each kind there were, written when the process ends
//
// Kinds: write, sync, rename, open (for writing), mkdir, read, alloc (of 64 KiB and more). Reads are counted of
// files in the working folder. Writes to standard error are left alone, so that what the program says of a fault can be
// read.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { WRITE, SYNC, RENAME, OPEN, MKDIR, READ, ALLOC, KINDS };
static const char *const names[KINDS] = {"write", "sync", "rename", "open", "mkdir", "read", "alloc"};
static const size_t large = 1 << 16;

static atomic_long counts[KINDS];
static int planned_kind = -1;
static long planned_call;
/// An error's number; 0 for half of the bytes, -1 for the end of the process.
static int planned_fault;

static int fault_named(const char *name) {
    static const struct { const char *name; int number; } faults[] = {
        {"short", 0}, {"kill", -1}, {"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EINTR", EINTR}, {"EACCES", EACCES},
        {"EMFILE", EMFILE}, {"ENOMEM", ENOMEM}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; ++i)
        if (strcmp(faults[i].name, name) == 0) return faults[i].number;
    abort();
}

__attribute__((constructor)) static void read_plan(void) {
    const char *plan = getenv("FAULT");
    char kind[16], fault[16];
    // What the loader and other constructors did is the same in every run, and nobody's fault.
    for (int i = 0; i < KINDS; ++i) atomic_store(&counts[i], 0);
    if (!plan || sscanf(plan, "%15[^:]:%ld:%15s", kind, &planned_call, fault) != 3) return;
    planned_fault = fault_named(fault);
    for (int i = 0; i < KINDS; ++i)
        if (strcmp(names[i], kind) == 0) planned_kind = i;
}

__attribute__((destructor)) static void write_counts(void) {
    const char *path = getenv("FAULT_COUNTS");
    if (!path) return;
    const long file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    for (int i = 0; i < KINDS; ++i) {
        char line[64];
        const int length = snprintf(line, sizeof line, "%s %ld\n", names[i], atomic_load(&counts[i]));
        syscall(SYS_write, file, line, (size_t)length);
    }
    syscall(SYS_close, file);
}

/// Counts a call. Returns whether it is to fail, with errno set, or to take only half of the bytes.
enum course { GO_ON, FAIL, HALVE };
static enum course course_of(enum kind kind) {
    const long call = atomic_fetch_add(&counts[kind], 1) + 1;
    if ((int)kind != planned_kind || call != planned_call) return GO_ON;
    if (planned_fault < 0) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    if (planned_fault == 0) return HALVE;
    errno = planned_fault;
    return FAIL;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static size_t part(enum course course, size_t count) {
    return course == HALVE && count > 1 ? count / 2 : count;
}

ssize_t write(int file, const void *bytes, size_t count) {
    const enum course course = file == STDERR_FILENO ? GO_ON : course_of(WRITE);
    return course == FAIL ? -1 : NEXT(write)(file, bytes, part(course, count));
}

#define PWRITE(name, offset_type)                                                           \
    ssize_t name(int file, const void *bytes, size_t count, offset_type offset) {           \
        const enum course course = course_of(WRITE);                                        \
        return course == FAIL ? -1 : NEXT(name)(file, bytes, part(course, count), offset);  \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

/// Files of the folder that the program is run in: what the system tells of itself is nobody's result.
static int is_ours(int file) {
    char link[64], path[4096], folder[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0 || !getcwd(folder, sizeof folder)) return 0;
    path[length] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

ssize_t read(int file, void *bytes, size_t count) {
    const enum course course = is_ours(file) ? course_of(READ) : GO_ON;
    return course == FAIL ? -1 : NEXT(read)(file, bytes, part(course, count));
}

#define PREAD(name, offset_type)                                                            \
    ssize_t name(int file, void *bytes, size_t count, offset_type offset) {                 \
        const enum course course = is_ours(file) ? course_of(READ) : GO_ON;                                         \
        return course == FAIL ? -1 : NEXT(name)(file, bytes, part(course, count), offset);  \
    }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

int fsync(int file) { return course_of(SYNC) == FAIL ? -1 : NEXT(fsync)(file); }
int fdatasync(int file) { return course_of(SYNC) == FAIL ? -1 : NEXT(fdatasync)(file); }

int rename(const char *from, const char *to) {
    return course_of(RENAME) == FAIL ? -1 : NEXT(rename)(from, to);
}

int mkdir(const char *path, mode_t mode) {
    return course_of(MKDIR) == FAIL ? -1 : NEXT(mkdir)(path, mode);
}

static int writes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT; }

#define OPEN_PATH(name)                                                                     \
    int name(const char *path, int flags, ...) {                                            \
        va_list rest;                                                                       \
        va_start(rest, flags);                                                              \
        const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;       \
        va_end(rest);                                                                       \
        if (writes(flags) && course_of(OPEN) == FAIL) return -1;                            \
        return NEXT(name)(path, flags, mode);                                               \
    }
OPEN_PATH(open)
OPEN_PATH(open64)

#define OPEN_AT(name)                                                                       \
    int name(int folder, const char *path, int flags, ...) {                                \
        va_list rest;                                                                       \
        va_start(rest, flags);                                                              \
        const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;       \
        va_end(rest);                                                                       \
        if (writes(flags) && course_of(OPEN) == FAIL) return -1;                            \
        return NEXT(name)(folder, path, flags, mode);                                       \
    }
OPEN_AT(openat)
OPEN_AT(openat64)

// glibc's own names, since dlsym allocates.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static int refuses(size_t size) { return size >= large && course_of(ALLOC) == FAIL; }

void *malloc(size_t size) { return refuses(size) ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return refuses(count * size) ? NULL : __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { return refuses(size) ? NULL : __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) {
    return refuses(size) ? NULL : __libc_memalign(alignment, size);
}
int posix_memalign(void **place, size_t alignment, size_t size) {
    if (refuses(size)) return ENOMEM;
    *place = __libc_memalign(alignment, size);
    return *place ? 0 : ENOMEM;
}
void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    if (flags & MAP_ANONYMOUS && refuses(length)) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}
