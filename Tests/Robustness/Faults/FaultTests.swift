import BuiltProgram
import Foundation
import NumericalMethods
import TemporaryFolders
import Testing

/// Whatever the system refuses, shortens or interrupts, and whenever the process is killed: the program says so in a
/// sentence, and the same command once more gives what an undisturbed run gives, byte by byte.
///
/// `PROPAGATE_FAULTS=long` disturbs many more calls; `PROPAGATE_FUZZ_SEED` chooses others.
@Suite(.serialized) struct FaultTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let isLong = environment["PROPAGATE_FAULTS"] == "long"
    private static let seed = environment["PROPAGATE_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
    /// Disturbed calls of each kind and fault, in each scenario.
    private static let callsPerFault = isLong ? 8 : 1

    @Test("One disturbed call", arguments: Scenario.all)
    func disturbance(scenario: Scenario) throws {
        let shim = try FaultShim()
        let reference = try Self.undisturbed(scenario, shim)
        var stream = RandomStream(seed: Self.seed, name: "faults.\(scenario.name)")
        var tally = (faults: 0, kills: 0)
        for kind in FaultShim.Kind.allCases {
            let count = try #require(reference.counts[kind])
            guard count > 0 else { continue }
            // The short form takes one error, and one kill, of each kind.
            let faults = Self.isLong ? kind.faults : Self.some(of: kind.faults, &stream)
            for what in faults {
                let calls = stream.choice(of: min(Self.callsPerFault, count), from: count)
                for index in calls.sorted() {
                    var call = index + 1
                    while call > 0 {
                        let fault = FaultShim.Fault(kind: kind, call: call, what: what)
                        if try disturb(scenario, fault, shim, reference.state) {
                            tally.faults += 1
                            if fault.kills { tally.kills += 1 }
                            break
                        }
                        // How many allocations are large depends on the machine's load: a call that this run did not
                        // make disturbed nothing, and one half as late stands in for it.
                        call /= 2
                    }
                }
            }
        }
        #expect(tally.kills > 0 && tally.faults > tally.kills, "\(scenario.name) disturbs nothing")
        print(
            "faults: \(scenario.name): \(tally.faults) calls disturbed from seed \(Self.seed), \(tally.kills) of them kills"
        )
    }

    private static func undisturbed(
        _ scenario: Scenario, _ shim: FaultShim
    ) throws -> (state: [String: String], counts: [FaultShim.Kind: Int]) {
        let folder = try TemporaryFolder()
        if let before = scenario.before { #expect(try shim.run(before, in: folder).exitCode == 0) }
        let outcome = try shim.run(scenario.arguments, in: folder)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        return (try scenario.state(of: folder), try shim.counts())
    }

    private static func some(of faults: [String], _ stream: inout RandomStream) -> [String] {
        let errors = faults.filter { $0 != "kill" }
        return [errors[stream.integer(below: errors.count)], "kill"]
    }

    /// Returns whether the program made that call at all.
    private func disturb(
        _ scenario: Scenario, _ fault: FaultShim.Fault, _ shim: FaultShim, _ reference: [String: String]
    ) throws -> Bool {
        let folder = try TemporaryFolder()
        if let before = scenario.before { _ = try shim.run(before, in: folder) }
        let outcome = try shim.run(scenario.arguments, in: folder, fault)
        let place: Comment = "\(scenario.name), \(fault), seed \(Self.seed): \(outcome.errors)"
        let isHarmless = fault.isHarmless && !(scenario.isOfSQLite && fault.kind == .sync)
        // A process that was killed left no counts, but it was killed by the fault.
        let isReached = try outcome.isKilled || shim.counts()[fault.kind, default: 0] >= fault.call
        if fault.kills, isReached {
            #expect(outcome.isKilled && outcome.exitCode == SIGKILL, place)
        } else if fault.kind == .alloc {
            // Swift's own containers cannot be refused memory: their process ends. Tensors end it in order.
            #expect(outcome.isKilled || [0, 2].contains(outcome.exitCode), place)
        } else {
            #expect(!outcome.isKilled, place)
            #expect(outcome.exitCode == 0 || outcome.exitCode == 2 && !isHarmless, place)
            if outcome.exitCode == 2 { #expect(outcome.errors.contains("Error: "), place) }
        }
        if !outcome.isKilled, outcome.exitCode == 0 {
            #expect(try scenario.difference(of: folder, from: reference) == nil, place)
        }
        // Whatever is left behind, the next one makes good.
        let next = try shim.run(scenario.arguments, in: folder)
        #expect(next.exitCode == 0, "the run after \(scenario.name), \(fault): \(next.errors)")
        let difference = try scenario.difference(of: folder, from: reference)
        #expect(difference == nil, "the run after \(scenario.name), \(fault)")
        return isReached
    }
}
