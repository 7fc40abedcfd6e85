#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "Compatibility.h"

// libgomp's, declared here so that no compiler flag is needed.
extern void omp_set_num_threads(int);

static dnnl_engine_t engine;
static char version[64];

static void start(void) {
    const dnnl_version_t *found = dnnl_version();
    snprintf(version, sizeof version, "%d.%d.%d", found->major, found->minor, found->patch);
    if (dnnl_engine_create(&engine, dnnl_cpu, 0)) engine = NULL;
}

static void start_once(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start);
}

dnnl_engine_t od_engine(void) {
    start_once();
    return engine;
}

const char *od_version(void) {
    start_once();
    return version;
}

const char *od_status_text(od_status status) { return dnnl_status2str((dnnl_status_t)status); }

void od_set_threads(int threads) { omp_set_num_threads(threads); }

/// A convolution as residual networks use it everywhere.
static const od_geometry typical = {
    .batch = 16, .groups = 1, .input_channels = 64, .output_channels = 64, .axes = 2,
    .space = {
        {.input = 32, .output = 32, .kernel = 3, .stride = 1, .dilation = 1, .before = 1, .after = 1},
        {.input = 32, .output = 32, .kernel = 3, .stride = 1, .dilation = 1, .before = 1, .after = 1}},
    .block = 1};

/// The block that the library picks when the choice of layouts is left to it.
static int64_t chosen_block(void) {
    struct od_layouts layouts;
    dnnl_primitive_desc_t descriptor = NULL;
    int64_t block = 1;
    if (!od_layouts_create(&typical, dnnl_format_tag_any, &layouts)
        && !od_describe_forward(&layouts, &typical, NULL, &descriptor))
        block = od_layout_block(dnnl_primitive_desc_query_md(descriptor, dnnl_query_src_md, 0));
    if (descriptor) dnnl_primitive_desc_destroy(descriptor);
    od_layouts_destroy(&layouts);
    return block;
}

/// Whether compiled code exists for a blocking: version 3 prefers channels-last on some machines, where this
/// package stays with blocks.
static int is_compiled(int64_t block) {
    od_geometry geometry = typical;
    geometry.block = block;
    od_convolution *convolution = NULL;
    if (od_convolution_create(&geometry, od_forward, 1, &convolution)) return 0;
    const int compiled = strncmp(od_convolution_implementation(convolution), "jit", 3) == 0;
    od_convolution_destroy(convolution);
    return compiled;
}

int64_t od_preferred_block(void) {
    const int64_t chosen = chosen_block();
    if (chosen == 16 || chosen == 8 || chosen == 4) return chosen;
    if (is_compiled(16)) return 16;
    return is_compiled(8) ? 8 : 1;
}
