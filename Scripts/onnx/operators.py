"""Operators by what `propagate` needs of them: those that carry a signal, those of constants and shapes, and others."""

SIGNAL = frozenset("""
Abs Add Attention AveragePool BatchNormalization Cast CastLike Clip Concat Conv ConvTranspose Cos DepthToSpace Div
Dropout Einsum Elu Erf Exp Expand Flatten Gather GatherElements Gelu Gemm GlobalAveragePool GroupNormalization
HardSigmoid HardSwish Identity InstanceNormalization LayerNormalization LeakyRelu Log LogSoftmax MatMul Max MaxPool
Min Mul Neg PRelu Pad Pow RMSNormalization Reciprocal ReduceL2 ReduceMax ReduceMean ReduceSum Relu Reshape Resize
ScatterND Selu SequenceAt Sigmoid Sin Slice Softmax Softplus Split SplitToSequence Sqrt Squeeze Sub Sum Tanh Tile TopK
Transpose Unsqueeze Where
""".split())
"""A derivative flows through these."""

CONSTANT = frozenset("""
And Constant ConstantOfShape CumSum Equal Floor GatherND Greater GreaterOrEqual IsNaN Less LessOrEqual Mod Not Range
ScatterElements Shape Trilu
""".split())
"""These make shapes, indices, masks and tables."""

OTHERS = frozenset("""
Acos Acosh ArgMax ArgMin Asin Asinh Atan Atanh Ceil Celu Compress ConcatFromSequence Cosh EyeLike GlobalLpPool
GlobalMaxPool Hardmax IsInf LRN LpNormalization LpPool Mean MeanVarianceNormalization Mish NonZero OneHot Or ReduceL1
ReduceLogSum ReduceLogSumExp ReduceMin ReduceProd ReduceSumSquare RotaryEmbedding Round Scatter SequenceConstruct
SequenceLength Shrink Sign SimplifiedLayerNormalization Sinh Size Softsign SpaceToDepth Swish Tan ThresholdedRelu Unique
Upsample Xor
""".split())
"""Exporters of PyTorch's networks hardly write these; they are read too."""

READ = SIGNAL | CONSTANT | OTHERS
