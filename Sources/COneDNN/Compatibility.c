#include "Compatibility.h"

#include <string.h>

void od_layouts_destroy(struct od_layouts *layouts) {
    od_layout_destroy(&layouts->source);
    od_layout_destroy(&layouts->filter);
    od_layout_destroy(&layouts->destination);
}

int od_filter_dims(const od_geometry *geometry, dnnl_dims_t dims) {
    int axes = 0;
    if (geometry->groups > 1) dims[axes++] = geometry->groups;
    dims[axes++] = geometry->output_channels / geometry->groups;
    dims[axes++] = geometry->input_channels / geometry->groups;
    for (int64_t axis = 0; axis < geometry->axes; ++axis) dims[axes++] = geometry->space[axis].kernel;
    return axes;
}

/// The window's numbers as the library takes them; its dilation counts what lies between two taps.
struct window {
    dnnl_dims_t strides, dilation, before, after;
};

static struct window window_of(const od_geometry *geometry) {
    struct window window;
    memset(&window, 0, sizeof window);
    for (int64_t index = 0; index < geometry->axes; ++index) {
        const od_axis *axis = &geometry->space[index];
        window.strides[index] = axis->stride;
        window.dilation[index] = axis->dilation - 1;
        window.before[index] = axis->before;
        window.after[index] = axis->after;
    }
    return window;
}

dnnl_status_t od_layouts_create(
    const od_geometry *geometry, dnnl_format_tag_t maps, struct od_layouts *layouts
) {
    dnnl_dims_t source = {geometry->batch, geometry->input_channels}, filter;
    dnnl_dims_t destination = {geometry->batch, geometry->output_channels};
    const int axes = (int)geometry->axes + 2;
    for (int64_t axis = 0; axis < geometry->axes; ++axis) {
        source[axis + 2] = geometry->space[axis].input;
        destination[axis + 2] = geometry->space[axis].output;
    }
    const int filter_axes = od_filter_dims(geometry, filter);
    memset(layouts, 0, sizeof *layouts);
    dnnl_status_t status = od_layout_create(&layouts->source, axes, source, maps);
    if (!status) status = od_layout_create(&layouts->filter, filter_axes, filter, dnnl_format_tag_any);
    if (!status) status = od_layout_create(&layouts->destination, axes, destination, maps);
    return status;
}

#if DNNL_VERSION_MAJOR >= 3

dnnl_status_t od_layout_create(od_layout *layout, int axes, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_create_with_tag(layout, axes, dims, dnnl_f32, tag);
}

void od_layout_destroy(od_layout *layout) {
    if (*layout) dnnl_memory_desc_destroy(*layout);
    *layout = NULL;
}

int64_t od_layout_block(od_layout_ref layout) {
    int inner = 0;
    const dnnl_dims_t *blocks = NULL;
    if (dnnl_memory_desc_query(layout, dnnl_query_inner_nblks_s32, &inner) || inner != 1) return 1;
    if (dnnl_memory_desc_query(layout, dnnl_query_inner_blks, &blocks) || !blocks) return 1;
    return (*blocks)[0];
}

dnnl_status_t od_describe_forward(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    dnnl_primitive_desc_t *result
) {
    const struct window window = window_of(geometry);
    return dnnl_convolution_forward_primitive_desc_create(
        result, od_engine(), dnnl_forward_training, dnnl_convolution_direct, layouts->source,
        layouts->filter, NULL, layouts->destination, window.strides, window.dilation, window.before, window.after, attributes);
}

dnnl_status_t od_describe_backward_data(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result
) {
    const struct window window = window_of(geometry);
    return dnnl_convolution_backward_data_primitive_desc_create(
        result, od_engine(), dnnl_convolution_direct, layouts->source, layouts->filter,
        layouts->destination, window.strides, window.dilation, window.before, window.after, hint, attributes);
}

dnnl_status_t od_describe_backward_weights(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result
) {
    const struct window window = window_of(geometry);
    return dnnl_convolution_backward_weights_primitive_desc_create(
        result, od_engine(), dnnl_convolution_direct, layouts->source, layouts->filter, NULL,
        layouts->destination, window.strides, window.dilation, window.before, window.after, hint, attributes);
}

#else

dnnl_status_t od_layout_create(od_layout *layout, int axes, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_init_by_tag(layout, axes, dims, dnnl_f32, tag);
}

void od_layout_destroy(od_layout *layout) { (void)layout; }

int64_t od_layout_block(od_layout_ref layout) {
    if (layout->format_kind != dnnl_blocked || layout->format_desc.blocking.inner_nblks != 1) return 1;
    return layout->format_desc.blocking.inner_blks[0];
}

dnnl_status_t od_describe_forward(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    dnnl_primitive_desc_t *result
) {
    const struct window window = window_of(geometry);
    dnnl_convolution_desc_t operation;
    const dnnl_status_t status = dnnl_dilated_convolution_forward_desc_init(
        &operation, dnnl_forward_training, dnnl_convolution_direct, &layouts->source, &layouts->filter,
        NULL, &layouts->destination, window.strides, window.dilation, window.before, window.after);
    if (status) return status;
    return dnnl_primitive_desc_create(result, &operation, attributes, od_engine(), NULL);
}

dnnl_status_t od_describe_backward_data(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result
) {
    const struct window window = window_of(geometry);
    dnnl_convolution_desc_t operation;
    const dnnl_status_t status = dnnl_dilated_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_direct, &layouts->source, &layouts->filter, &layouts->destination,
        window.strides, window.dilation, window.before, window.after);
    if (status) return status;
    return dnnl_primitive_desc_create(result, &operation, attributes, od_engine(), hint);
}

dnnl_status_t od_describe_backward_weights(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result
) {
    const struct window window = window_of(geometry);
    dnnl_convolution_desc_t operation;
    const dnnl_status_t status = dnnl_dilated_convolution_backward_weights_desc_init(
        &operation, dnnl_convolution_direct, &layouts->source, &layouts->filter, NULL,
        &layouts->destination, window.strides, window.dilation, window.before, window.after);
    if (status) return status;
    return dnnl_primitive_desc_create(result, &operation, attributes, od_engine(), hint);
}

#endif
