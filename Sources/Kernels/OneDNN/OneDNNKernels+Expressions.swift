import CFusedKernels
import Expressions

extension OneDNNKernels {
    public func take(
        _ action: ExpressionProgram.Action, _ operands: StepOperands<Float>, count: Int,
        into result: UnsafeMutablePointer<Float>
    ) {
        if let fused = fk_step_action(action) {
            fk_take_step(fused, Int64(count), operands.first, operands.second, operands.third, result)
        } else if case .binary(let operation) = action {
            for index in 0..<count {
                let (a, b) = (operands.first[index], operands.second[index])
                result[index] = Float(operation.value(Double(a), Double(b)))
            }
        }
    }
}

extension fk_step_action {
    /// `nil` of powers, which are taken in double precision: in single precision the rounding of a logarithm would be
    /// multiplied by the exponent.
    fileprivate init?(_ action: ExpressionProgram.Action) {
        switch action {
        case .unary(let function): self.init(function)
        case .binary(.power): return nil
        case .binary(.plus): self = fk_take_sum
        case .binary(.minus): self = fk_take_difference
        case .binary(.times): self = fk_take_product
        case .binary(.over): self = fk_take_quotient
        case .binary(.min): self = fk_take_min
        case .binary(.max): self = fk_take_max
        case .binary(.leakyRelu): self = fk_take_leaky_relu
        case .compared(.less): self = fk_take_less
        case .compared(.atMost): self = fk_take_at_most
        case .compared(.greater): self = fk_take_greater
        case .compared(.atLeast): self = fk_take_at_least
        case .compared(.equal): self = fk_take_equal
        case .compared(.unequal): self = fk_take_unequal
        case .choice: self = fk_take_choice
        case .clipped: self = fk_take_clipped
        }
    }

    private init(_ function: Function) {
        self =
            switch function {
            case .exp: fk_take_exp
            case .log: fk_take_log
            case .sqrt: fk_take_sqrt
            case .sin: fk_take_sin
            case .cos: fk_take_cos
            case .tanh: fk_take_tanh
            case .sigmoid: fk_take_sigmoid
            case .erf: fk_take_erf
            case .softplus: fk_take_softplus
            case .relu: fk_take_relu
            case .gelu: fk_take_gelu
            case .silu: fk_take_silu
            case .abs: fk_take_abs
            case .sign: fk_take_sign
            case .step: fk_take_unit_step
            }
    }
}
