extension OperatorCatalogue {
    /// Whether an operator has an attribute that is known here. One that is not, as a later version may bring, could
    /// change what is computed.
    static func has(_ attribute: String, _ operation: OperatorName) -> Bool {
        withoutEffect.contains(attribute) || attributes[operation.type]?.contains(attribute) == true
    }

    /// Hints, precisions of parts of a computation, and what concerns outputs that are not computed or training alone.
    static let withoutEffect: Set = [
        "extrapolation_value", "momentum", "qk_matmul_output_mode", "ratio", "round_mode", "saturate", "seed",
        "softmax_precision", "stash_type", "storage_order",
    ]

    /// Names by operator.
    static let attributes: [String: Set<String>] = {
        var all = own
        for reduction in reductions.keys where reduction.hasPrefix("Reduce") {
            all[reduction] = "axes keepdims noop_with_empty_axes"
        }
        for window in ["Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool"] {
            all[window, default: ""] += " auto_pad dilations kernel_shape pads strides"
        }
        return all.mapValues { Set($0.split(separator: " ").map(String.init)) }
    }()

    private static let own = [
        "ArgMax": "axis keepdims select_last_index", "ArgMin": "axis keepdims select_last_index",
        "Attention": "is_causal kv_num_heads q_num_heads scale softcap",
        "AveragePool": "ceil_mode count_include_pad", "BatchNormalization": "epsilon spatial training_mode",
        "Cast": "to", "Celu": "alpha", "Clip": "max min", "Compress": "axis", "Concat": "axis",
        "Constant": "value value_float value_floats value_int value_ints", "ConstantOfShape": "value",
        "Conv": "group", "ConvTranspose": "group output_padding output_shape", "CumSum": "exclusive reverse",
        "DepthToSpace": "blocksize mode", "Einsum": "equation", "Elu": "alpha", "EyeLike": "dtype k",
        "Flatten": "axis", "FusedMatMul": "alpha transA transB transBatchA transBatchB", "Gather": "axis",
        "GatherElements": "axis", "GatherND": "batch_dims", "Gelu": "approximate",
        "Gemm": "alpha beta transA transB", "GlobalLpPool": "p", "GroupNormalization": "epsilon num_groups",
        "HardSigmoid": "alpha beta", "Hardmax": "axis", "InstanceNormalization": "epsilon",
        "IsInf": "detect_negative detect_positive", "LayerNormalization": "axis epsilon",
        "LRN": "alpha beta bias size", "LeakyRelu": "alpha", "LogSoftmax": "axis",
        "LpNormalization": "axis p", "LpPool": "ceil_mode p",
        "MaxPool": "ceil_mode", "MeanVarianceNormalization": "axes", "Mod": "fmod", "OneHot": "axis",
        "Pad": "mode pads value", "QuickGelu": "alpha", "RMSNormalization": "axis epsilon",
        "Reshape": "allowzero",
        "Resize":
            "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside keep_aspect_ratio_policy mode nearest_mode",
        "RotaryEmbedding": "interleaved num_heads rotary_embedding_dim",
        "Scatter": "axis", "ScatterElements": "axis reduction", "ScatterND": "reduction",
        "Selu": "alpha gamma", "Shape": "end start", "Shrink": "bias lambd",
        "SimplifiedLayerNormalization": "axis epsilon", "SkipLayerNormalization": "epsilon",
        "SkipSimplifiedLayerNormalization": "epsilon", "Slice": "axes ends starts", "Softmax": "axis",
        "SpaceToDepth": "blocksize mode", "Split": "axis num_outputs split", "Squeeze": "axes",
        "Swish": "alpha", "ThresholdedRelu": "alpha", "TopK": "axis k largest sorted", "Transpose": "perm",
        "Trilu": "upper", "Unique": "axis sorted", "Unsqueeze": "axes", "Upsample": "mode scales",
    ]
}
