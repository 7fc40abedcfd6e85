#ifndef OD_COMPATIBILITY_H
#define OD_COMPATIBILITY_H

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>

#include "COneDNN.h"

/// What differs between versions 2 and 3: a memory descriptor was a structure and became a handle, and the
/// step through an operation descriptor went away.
#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t od_layout;
typedef const_dnnl_memory_desc_t od_layout_ref;
#define OD_REF(layout) (layout)
#else
typedef dnnl_memory_desc_t od_layout;
typedef const dnnl_memory_desc_t *od_layout_ref;
#define OD_REF(layout) (&(layout))
#endif

dnnl_status_t od_layout_create(od_layout *layout, int axes, const dnnl_dims_t dims, dnnl_format_tag_t tag);
void od_layout_destroy(od_layout *layout);

/// The block of channels in which a descriptor stores its maps.
int64_t od_layout_block(od_layout_ref layout);

/// The three tensors of a convolution.
struct od_layouts {
    od_layout source, filter, destination;
};

/// A convolution's descriptor, and those of its backward forms, which need the forward one as a hint.
dnnl_status_t od_describe_forward(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    dnnl_primitive_desc_t *result);
dnnl_status_t od_describe_backward_data(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result);

dnnl_status_t od_describe_backward_weights(
    const struct od_layouts *layouts, const od_geometry *geometry, const_dnnl_primitive_attr_t attributes,
    const_dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *result);

/// The extents of a geometry's filter, (O, I, kernel) with the groups before, and how many there are.
int od_filter_dims(const od_geometry *geometry, dnnl_dims_t dims);

/// The three descriptors of a geometry, with `maps` as the layout of both maps and the filter left open.
dnnl_status_t od_layouts_create(
    const od_geometry *geometry, dnnl_format_tag_t maps, struct od_layouts *layouts);
void od_layouts_destroy(struct od_layouts *layouts);

/// The CPU, NULL if the library has none.
dnnl_engine_t od_engine(void);

#endif
