#include "Compatibility.h"

#include <string.h>

void od_layouts_destroy(struct od_layouts *layouts) {
    od_layout_destroy(&layouts->source);
    od_layout_destroy(&layouts->filter);
    od_layout_destroy(&layouts->destination);
}

dnnl_status_t od_layouts_create(
    const od_geometry *geometry, dnnl_format_tag_t maps, struct od_layouts *layouts
) {
    const dnnl_dims_t source = {
        geometry->batch, geometry->input_channels, geometry->input_height, geometry->input_width};
    const dnnl_dims_t filter = {
        geometry->output_channels, geometry->input_channels, geometry->kernel, geometry->kernel};
    const dnnl_dims_t destination = {
        geometry->batch, geometry->output_channels, geometry->output_height, geometry->output_width};
    memset(layouts, 0, sizeof *layouts);
    dnnl_status_t status = od_layout_create(&layouts->source, source, maps);
    if (!status) status = od_layout_create(&layouts->filter, filter, dnnl_format_tag_any);
    if (!status) status = od_layout_create(&layouts->destination, destination, maps);
    return status;
}

#if DNNL_VERSION_MAJOR >= 3

dnnl_status_t od_layout_create(od_layout *layout, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_create_with_tag(layout, 4, dims, dnnl_f32, tag);
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
    const dnnl_dims_t strides = {geometry->stride, geometry->stride}, dilation = {0, 0};
    const dnnl_dims_t padding = {geometry->padding, geometry->padding};
    return dnnl_convolution_forward_primitive_desc_create(
        result, od_engine(), dnnl_forward_training, dnnl_convolution_direct, layouts->source,
        layouts->filter, NULL, layouts->destination, strides, dilation, padding, padding, attributes);
}

dnnl_status_t od_describe_backward_data(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result
) {
    const dnnl_dims_t strides = {geometry->stride, geometry->stride}, dilation = {0, 0};
    const dnnl_dims_t padding = {geometry->padding, geometry->padding};
    return dnnl_convolution_backward_data_primitive_desc_create(
        result, od_engine(), dnnl_convolution_direct, layouts->source, layouts->filter,
        layouts->destination, strides, dilation, padding, padding, hint, attributes);
}

dnnl_status_t od_describe_backward_weights(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result
) {
    const dnnl_dims_t strides = {geometry->stride, geometry->stride}, dilation = {0, 0};
    const dnnl_dims_t padding = {geometry->padding, geometry->padding};
    return dnnl_convolution_backward_weights_primitive_desc_create(
        result, od_engine(), dnnl_convolution_direct, layouts->source, layouts->filter, NULL,
        layouts->destination, strides, dilation, padding, padding, hint, attributes);
}

#else

dnnl_status_t od_layout_create(od_layout *layout, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
    return dnnl_memory_desc_init_by_tag(layout, 4, dims, dnnl_f32, tag);
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
    const dnnl_dims_t strides = {geometry->stride, geometry->stride};
    const dnnl_dims_t padding = {geometry->padding, geometry->padding};
    dnnl_convolution_desc_t operation;
    const dnnl_status_t status = dnnl_convolution_forward_desc_init(
        &operation, dnnl_forward_training, dnnl_convolution_direct, &layouts->source, &layouts->filter,
        NULL, &layouts->destination, strides, padding, padding);
    if (status) return status;
    return dnnl_primitive_desc_create(result, &operation, attributes, od_engine(), NULL);
}

dnnl_status_t od_describe_backward_data(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result
) {
    const dnnl_dims_t strides = {geometry->stride, geometry->stride};
    const dnnl_dims_t padding = {geometry->padding, geometry->padding};
    dnnl_convolution_desc_t operation;
    const dnnl_status_t status = dnnl_convolution_backward_data_desc_init(
        &operation, dnnl_convolution_direct, &layouts->source, &layouts->filter, &layouts->destination,
        strides, padding, padding);
    if (status) return status;
    return dnnl_primitive_desc_create(result, &operation, attributes, od_engine(), hint);
}

dnnl_status_t od_describe_backward_weights(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result
) {
    const dnnl_dims_t strides = {geometry->stride, geometry->stride};
    const dnnl_dims_t padding = {geometry->padding, geometry->padding};
    dnnl_convolution_desc_t operation;
    const dnnl_status_t status = dnnl_convolution_backward_weights_desc_init(
        &operation, dnnl_convolution_direct, &layouts->source, &layouts->filter, NULL,
        &layouts->destination, strides, padding, padding);
    if (status) return status;
    return dnnl_primitive_desc_create(result, &operation, attributes, od_engine(), hint);
}

#endif
