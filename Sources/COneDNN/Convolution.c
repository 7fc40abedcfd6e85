#include <stdlib.h>
#include <string.h>

#include "Compatibility.h"

struct od_convolution {
    od_direction direction;
    struct od_layouts layouts;
    od_layout plain_filter;
    dnnl_primitive_desc_t descriptor;
    dnnl_primitive_t primitive;
    /// NULL where the primitive takes plain filters.
    dnnl_primitive_t reorder;
    od_layout_ref filter, scratch;
    int64_t filter_bytes, scratch_bytes;
    const char *implementation;
};

enum { ALIGNMENT = 64 };

static int64_t aligned(size_t bytes) { return (int64_t)(bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

/// Of maps over one, two or three axes of space.
static dnnl_format_tag_t tag_of_maps(int64_t axes, int64_t block) {
    static const dnnl_format_tag_t plain[3] = {dnnl_ncw, dnnl_nchw, dnnl_ncdhw};
    static const dnnl_format_tag_t by4[3] = {dnnl_nCw4c, dnnl_nChw4c, dnnl_nCdhw4c};
    static const dnnl_format_tag_t by8[3] = {dnnl_nCw8c, dnnl_nChw8c, dnnl_nCdhw8c};
    static const dnnl_format_tag_t by16[3] = {dnnl_nCw16c, dnnl_nChw16c, dnnl_nCdhw16c};
    switch (block) {
        case 16: return by16[axes - 1];
        case 8: return by8[axes - 1];
        case 4: return by4[axes - 1];
        case 1: return plain[axes - 1];
        default: return dnnl_format_tag_undef;
    }
}

static dnnl_format_tag_t tag_of_filter(const od_geometry *geometry) {
    static const dnnl_format_tag_t whole[3] = {dnnl_oiw, dnnl_oihw, dnnl_oidhw};
    static const dnnl_format_tag_t grouped[3] = {dnnl_goiw, dnnl_goihw, dnnl_goidhw};
    return (geometry->groups > 1 ? grouped : whole)[geometry->axes - 1];
}

/// The caller brings the scratch memory, so that several threads may run one primitive.
static dnnl_status_t describe(od_convolution *convolution, const od_geometry *geometry) {
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t forward = NULL;
    dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
    if (!status) status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    if (!status) status = od_describe_forward(&convolution->layouts, geometry, attributes, &forward);
    if (status || convolution->direction == od_forward) {
        convolution->descriptor = forward;
    } else {
        status = (convolution->direction == od_backward_data ? od_describe_backward_data
                                                             : od_describe_backward_weights)(
            &convolution->layouts, geometry, attributes, forward, &convolution->descriptor);
        dnnl_primitive_desc_destroy(forward);
    }
    if (attributes) dnnl_primitive_attr_destroy(attributes);
    return status;
}

static dnnl_status_t create_reorder(od_convolution *convolution, const od_geometry *geometry) {
    dnnl_dims_t dims;
    const int axes = od_filter_dims(geometry, dims);
    dnnl_status_t status = od_layout_create(&convolution->plain_filter, axes, dims, tag_of_filter(geometry));
    const od_layout_ref plain = OD_REF(convolution->plain_filter);
    if (status || dnnl_memory_desc_equal(plain, convolution->filter)) return status;
    const int to_plain = convolution->direction == od_backward_weights;
    const od_layout_ref from = to_plain ? convolution->filter : plain;
    const od_layout_ref to = to_plain ? plain : convolution->filter;
    dnnl_primitive_desc_t descriptor = NULL;
    status = dnnl_reorder_primitive_desc_create(&descriptor, from, od_engine(), to, od_engine(), NULL);
    if (!status) status = dnnl_primitive_create(&convolution->reorder, descriptor);
    if (descriptor) dnnl_primitive_desc_destroy(descriptor);
    return status;
}

static dnnl_status_t compile(od_convolution *convolution, const od_geometry *geometry) {
    dnnl_status_t status =
        od_layouts_create(
        geometry, tag_of_maps(geometry->axes, geometry->block), &convolution->layouts);
    if (!status) status = describe(convolution, geometry);
    if (!status) status = dnnl_primitive_create(&convolution->primitive, convolution->descriptor);
    if (status) return status;
    const_dnnl_primitive_desc_t descriptor = convolution->descriptor;
    const dnnl_query_t filter =
        convolution->direction == od_backward_weights ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
    convolution->filter = dnnl_primitive_desc_query_md(descriptor, filter, 0);
    convolution->scratch = dnnl_primitive_desc_query_md(descriptor, dnnl_query_scratchpad_md, 0);
    status = create_reorder(convolution, geometry);
    if (!status)
        status = dnnl_primitive_desc_query(
            descriptor, dnnl_query_impl_info_str, 0, &convolution->implementation);
    if (convolution->reorder)
        convolution->filter_bytes = aligned(dnnl_memory_desc_get_size(convolution->filter));
    if (convolution->scratch)
        convolution->scratch_bytes = aligned(dnnl_memory_desc_get_size(convolution->scratch));
    return status;
}

od_status od_convolution_create(
    const od_geometry *geometry, od_direction direction, int threads, od_convolution **result
) {
    *result = NULL;
    if (!od_engine()) return dnnl_runtime_error;
    if (geometry->axes < 1 || geometry->axes > 3) return dnnl_unimplemented;
    od_convolution *convolution = calloc(1, sizeof *convolution);
    if (!convolution) return dnnl_out_of_memory;
    convolution->direction = direction;
    od_set_threads(threads);
    const dnnl_status_t status = compile(convolution, geometry);
    if (status) {
        od_convolution_destroy(convolution);
        return status;
    }
    *result = convolution;
    return dnnl_success;
}

void od_convolution_destroy(od_convolution *convolution) {
    if (!convolution) return;
    if (convolution->primitive) dnnl_primitive_destroy(convolution->primitive);
    if (convolution->reorder) dnnl_primitive_destroy(convolution->reorder);
    if (convolution->descriptor) dnnl_primitive_desc_destroy(convolution->descriptor);
    od_layout_destroy(&convolution->plain_filter);
    od_layouts_destroy(&convolution->layouts);
    free(convolution);
}

const char *od_convolution_implementation(const od_convolution *convolution) {
    return convolution->implementation;
}

int64_t od_convolution_workspace_bytes(const od_convolution *convolution) {
    return convolution->filter_bytes + convolution->scratch_bytes;
}

/// The arguments of one execution; at most five.
struct arguments {
    int count;
    dnnl_exec_arg_t list[5];
};

static dnnl_status_t add(struct arguments *arguments, int name, od_layout_ref layout, const void *memory) {
    dnnl_exec_arg_t *argument = &arguments->list[arguments->count];
    argument->arg = name;
    const dnnl_status_t status =
        dnnl_memory_create(&argument->memory, layout, od_engine(), (void *)(uintptr_t)memory);
    if (!status) arguments->count += 1;
    return status;
}

static dnnl_status_t execute(dnnl_primitive_t primitive, const struct arguments *arguments) {
    dnnl_stream_t stream;
    dnnl_status_t status = dnnl_stream_create(&stream, od_engine(), dnnl_stream_default_flags);
    if (status) return status;
    status = dnnl_primitive_execute(primitive, stream, arguments->count, arguments->list);
    if (!status) status = dnnl_stream_wait(stream);
    dnnl_stream_destroy(stream);
    return status;
}

static void release(struct arguments *arguments) {
    for (int index = 0; index < arguments->count; ++index)
        dnnl_memory_destroy(arguments->list[index].memory);
}

/// Between the plain filter and the primitive's own, in the direction that it needs.
static dnnl_status_t reorder_filter(const od_convolution *convolution, const void *plain, const void *own) {
    const int to_plain = convolution->direction == od_backward_weights;
    struct arguments arguments = {0};
    dnnl_status_t status = add(
        &arguments, to_plain ? DNNL_ARG_TO : DNNL_ARG_FROM, OD_REF(convolution->plain_filter), plain);
    if (!status) status = add(&arguments, to_plain ? DNNL_ARG_FROM : DNNL_ARG_TO, convolution->filter, own);
    if (!status) status = execute(convolution->reorder, &arguments);
    release(&arguments);
    return status;
}

od_status od_convolution_run(
    const od_convolution *convolution, const float *source, const float *filter, float *destination,
    void *workspace, int threads
) {
    const int is_forward = convolution->direction == od_forward;
    const float *input_side = is_forward ? source : destination;
    const float *output_side = is_forward ? destination : source;
    struct arguments arguments = {0};
    dnnl_status_t status = dnnl_success;
    od_set_threads(threads);
    if (convolution->reorder) {
        status = reorder_filter(convolution, filter, workspace);
        filter = workspace;
    }
    if (!status)
        status = add(
            &arguments, is_forward ? DNNL_ARG_SRC : DNNL_ARG_DIFF_SRC, OD_REF(convolution->layouts.source),
            input_side);
    if (!status)
        status = add(
            &arguments, is_forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST,
            OD_REF(convolution->layouts.destination), output_side);
    if (!status) status = add(&arguments, DNNL_ARG_WEIGHTS, convolution->filter, filter);
    if (!status && convolution->scratch_bytes)
        status = add(
            &arguments, DNNL_ARG_SCRATCHPAD, convolution->scratch,
            (char *)workspace + convolution->filter_bytes);
    if (!status) status = execute(convolution->primitive, &arguments);
    release(&arguments);
    return status;
}

od_status od_convolution_run_filter_gradient(
    const od_convolution *convolution, const float *x, const float *cotangent, float *filter,
    void *workspace, int threads
) {
    const struct od_layouts *layouts = &convolution->layouts;
    void *own = convolution->reorder ? workspace : (void *)filter;
    struct arguments arguments = {0};
    od_set_threads(threads);
    dnnl_status_t status = add(&arguments, DNNL_ARG_SRC, OD_REF(layouts->source), x);
    if (!status) status = add(&arguments, DNNL_ARG_DIFF_DST, OD_REF(layouts->destination), cotangent);
    if (!status) status = add(&arguments, DNNL_ARG_DIFF_WEIGHTS, convolution->filter, own);
    if (!status && convolution->scratch_bytes)
        status = add(
            &arguments, DNNL_ARG_SCRATCHPAD, convolution->scratch,
            (char *)workspace + convolution->filter_bytes);
    if (!status) status = execute(convolution->primitive, &arguments);
    release(&arguments);
    if (!status && convolution->reorder) status = reorder_filter(convolution, filter, own);
    return status;
}

struct od_run {
    dnnl_primitive_t primitive;
    dnnl_stream_t stream;
    /// Input, output, filter and, if there is any, scratch.
    struct arguments arguments;
};

od_status od_run_create(const od_convolution *convolution, od_run **result) {
    *result = NULL;
    od_run *run = calloc(1, sizeof *run);
    if (!run) return dnnl_out_of_memory;
    run->primitive = convolution->primitive;
    const od_direction direction = convolution->direction;
    const int input = direction == od_backward_data ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC;
    const int output = direction == od_forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST;
    const int filter = direction == od_backward_weights ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS;
    dnnl_status_t status = dnnl_stream_create(&run->stream, od_engine(), dnnl_stream_default_flags);
    if (!status) status = add(&run->arguments, input, OD_REF(convolution->layouts.source), NULL);
    if (!status) status = add(&run->arguments, output, OD_REF(convolution->layouts.destination), NULL);
    if (!status) status = add(&run->arguments, filter, convolution->filter, NULL);
    if (!status && convolution->scratch_bytes)
        status = add(&run->arguments, DNNL_ARG_SCRATCHPAD, convolution->scratch, NULL);
    if (status) {
        od_run_destroy(run);
        return status;
    }
    *result = run;
    return dnnl_success;
}

void od_run_destroy(od_run *run) {
    if (!run) return;
    release(&run->arguments);
    if (run->stream) dnnl_stream_destroy(run->stream);
    free(run);
}

int64_t od_convolution_filter_bytes(const od_convolution *convolution) {
    return aligned(dnnl_memory_desc_get_size(convolution->filter));
}

int64_t od_convolution_scratch_bytes(const od_convolution *convolution) { return convolution->scratch_bytes; }

od_status od_convolution_reorder_filter(
    const od_convolution *convolution, const float *plain, const float *own, int threads
) {
    od_set_threads(threads);
    if (convolution->reorder) return reorder_filter(convolution, plain, own);
    const size_t bytes = dnnl_memory_desc_get_size(convolution->filter);
    if (convolution->direction == od_backward_weights) memcpy((void *)(uintptr_t)plain, own, bytes);
    else memcpy((void *)(uintptr_t)own, plain, bytes);
    return dnnl_success;
}

od_status od_run_execute(
    od_run *run, const float *input, const float *output, const float *filter, void *scratch
) {
    const void *memory[4] = {input, output, filter, scratch};
    dnnl_status_t status = dnnl_success;
    for (int index = 0; !status && index < run->arguments.count; ++index)
        status = dnnl_memory_set_data_handle(
            run->arguments.list[index].memory, (void *)(uintptr_t)memory[index]);
    if (!status)
        status = dnnl_primitive_execute(
            run->primitive, run->stream, run->arguments.count, run->arguments.list);
    return status ? status : dnnl_stream_wait(run->stream);
}

od_status od_matrix_product(
    int transpose_a, int transpose_b, int64_t rows, int64_t columns, int64_t summed, const float *a, int64_t lda,
    const float *b, int64_t ldb, float *c, int threads
) {
    od_set_threads(threads);
    return dnnl_sgemm(
        transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', rows, columns, summed, 1, a, lda, b, ldb, 0, c, columns);
}

od_status od_linear(
    int64_t batch, int64_t inputs, int64_t outputs, const float *x, const float *weights, float *y,
    int threads
) {
    od_set_threads(threads);
    return dnnl_sgemm('N', 'T', batch, outputs, inputs, 1, x, inputs, weights, inputs, 0, y, outputs);
}

od_status od_linear_transposed(
    int64_t batch, int64_t inputs, int64_t outputs, const float *y, const float *weights, float *x,
    int threads
) {
    od_set_threads(threads);
    return dnnl_sgemm('N', 'N', batch, inputs, outputs, 1, y, outputs, weights, inputs, 0, x, inputs);
}

od_status od_linear_filter_gradient(
    int64_t batch, int64_t inputs, int64_t outputs, const float *cotangent, const float *x, float *weights,
    int threads
) {
    od_set_threads(threads);
    return dnnl_sgemm(
        'T', 'N', outputs, inputs, batch, 1, cotangent, outputs, x, inputs, 0, weights, inputs);
}
