import Foundation
import Graphs
import Operators
import ResidualNetworks

// A shortcut and an after-addition function that the package does not know: h(x) = x/(1 + |x|), f = tanh.

struct SoftsignShortcut: ShortcutDesign {
    let name = "softsign"

    func paths(
        at place: UnitPlace, branch: Graph.ValueID, in network: inout NetworkGraph
    ) throws -> UnitValues {
        UnitValues(
            shortcut: try network.apply(Softsign(), to: network.matched(at: place)), branch: branch)
    }
}

struct Softsign: ElementwiseOperator {
    let name = "Softsign"
    func value(at x: Double) -> Double { x / (1 + abs(x)) }
    func derivative(at x: Double) -> Double { 1 / ((1 + abs(x)) * (1 + abs(x))) }
}

struct TanhAfterAddition: AfterAdditionDesign {
    func afterAddition(
        of y: Graph.ValueID, at place: UnitPlace, in network: inout NetworkGraph
    ) throws -> Graph.ValueID { try network.apply(HyperbolicTangent(), to: y) }
}

struct HyperbolicTangent: ElementwiseOperator {
    let name = "HyperbolicTangent"
    func value(at x: Double) -> Double { tanh(x) }
    func derivative(at x: Double) -> Double { 1 - tanh(x) * tanh(x) }
}
