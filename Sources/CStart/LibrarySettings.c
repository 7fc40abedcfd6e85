#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__GLIBC__)

// Shared libraries read their settings from the environment when they are loaded, which is too early for `main` to say
// anything. Functions of `.preinit_array` run before that: this one starts the program again, once, with what is missing.

enum { MOST_SETTINGS = 3 };

/// Variables with their values.
struct settings {
    const char *list[MOST_SETTINGS];
    int count;
};

/// Whether two entries “name=value” are of one variable.
static int are_alike(const char *entry, const char *other) {
    const char *end = strchr(other, '=');
    return end && !strncmp(entry, other, (size_t)(end - other) + 1);
}

/// What stands in the environment for the variable of an entry; NULL for nothing.
static const char *found(char **environment, const char *entry) {
    for (char **place = environment; *place; ++place)
        if (are_alike(*place, entry)) return *place;
    return NULL;
}

static int is_limited(int resource) {
    struct rlimit limit;
    return !getrlimit(resource, &limit) && limit.rlim_cur != RLIM_INFINITY;
}

static struct settings missing(char **environment) {
    struct settings missing = {{NULL}, 0};
    // OpenBLAS is called from several threads and needs none of its own. It makes them when it is loaded, for every
    // processor, and where their memory or they themselves cannot be had it waits without end or ends the process.
    static const char blas[] = "OPENBLAS_NUM_THREADS=1";
    const char *const said = found(environment, blas);
    if (!said || strcmp(said, blas)) missing.list[missing.count++] = blas;
    // How long compute threads spin for each other before they sleep. libgomp's default, about a millisecond, wastes
    // the slices of a processor that another program has taken: beside one busy neighbour on two cores a sweep then
    // takes five to fifty times as long. Sleeping at once costs twice the time on a quiet machine. A short spin costs
    // nothing there and keeps a shared machine usable. Whoever has chosen a policy keeps it.
    static const char spins[] = "GOMP_SPINCOUNT=3000";
    if (!found(environment, spins) && !found(environment, "OMP_WAIT_POLICY="))
        missing.list[missing.count++] = spins;
    // Every thread's own arena reserves 64 MiB of addresses.
    static const char arenas[] = "MALLOC_ARENA_MAX=1";
    if ((is_limited(RLIMIT_AS) || is_limited(RLIMIT_DATA)) && !found(environment, arenas))
        missing.list[missing.count++] = arenas;
    return missing;
}

__attribute__((no_sanitize("address", "undefined"))) static void adopt(
    int argc, char **argv, char **environment
) {
    (void)argc;
    const struct settings settings = missing(environment);
    if (!settings.count) return;
    size_t count = 0;
    while (environment[count]) ++count;
    char *extended[count + MOST_SETTINGS + 1];
    char **next = extended;
    for (int index = 0; index < settings.count; ++index) *next++ = (char *)settings.list[index];
    for (char **place = environment; *place; ++place) {
        int is_replaced = 0;
        for (int index = 0; index < settings.count; ++index)
            is_replaced |= are_alike(*place, settings.list[index]);
        if (!is_replaced) *next++ = *place;
    }
    *next = NULL;
    execve("/proc/self/exe", argv, extended);
    // Where that is impossible the program goes on as it is.
}

__attribute__((section(".preinit_array"), used)) static void (*const start)(int, char **, char **) = adopt;

#endif
