import CFusedKernels
import Expressions

extension OneDNNKernels {
    public func take(
        _ action: ExpressionProgram.Action, _ operands: StepOperands<Float>, count: Int,
        into result: UnsafeMutablePointer<Float>
    ) {
        fk_take_step(
            fk_step_action(action), Int64(count), operands.first, operands.second, operands.third, result)
    }
}

extension fk_step_action {
    fileprivate init(_ action: ExpressionProgram.Action) {
        switch action {
        case .unary(let function): self.init(function)
        case .binary(let operation): self.init(operation)
        case .compared(let relation): self.init(relation)
        case .choice: self = fk_take_choice
        case .clipped: self = fk_take_clipped
        }
    }

    private init(_ operation: Expression.Operation) {
        self =
            switch operation {
            case .plus: fk_take_sum
            case .minus: fk_take_difference
            case .times: fk_take_product
            case .over: fk_take_quotient
            case .power: fk_take_power
            case .min: fk_take_min
            case .max: fk_take_max
            case .leakyRelu: fk_take_leaky_relu
            }
    }

    private init(_ relation: Relation) {
        self =
            switch relation {
            case .less: fk_take_less
            case .atMost: fk_take_at_most
            case .greater: fk_take_greater
            case .atLeast: fk_take_at_least
            case .equal: fk_take_equal
            case .unequal: fk_take_unequal
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
