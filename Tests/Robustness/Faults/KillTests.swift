import BuiltProgram
import Foundation
import NumericalMethods
import TemporaryFolders
import Testing

/// A training run and a sweep that are killed again and again, at any moment, and started again until they are done, end
/// as one that was left alone.
@Suite(.serialized) struct KillTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let isLong = environment["PROPAGATE_FAULTS"] == "long"
    private static let seed = environment["PROPAGATE_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1

    @Test("Killed and gone on with until it is done", arguments: [Scenario.training, .sweep])
    func resumption(scenario: Scenario) throws {
        let reference = try TemporaryFolder()
        let whole = try Program.run(scenario.arguments, in: reference)
        #expect(whole.exitCode == 0, "\(whole.errors)")
        let expected = try scenario.state(of: reference)
        var stream = RandomStream(seed: Self.seed, name: "kills.\(scenario.name)")
        var kills = 0
        for _ in 0..<(Self.isLong ? 20 : 1) {
            let folder = try TemporaryFolder()
            // Ever later, so that it comes to an end however slow the machine is.
            for attempt in 1... {
                let patience = stream.uniform() * whole.seconds * (0.7 + 0.3 * Double(attempt))
                let outcome = try Program.run(scenario.arguments, in: folder) { process in
                    let end = Date(timeIntervalSinceNow: patience)
                    while process.isRunning, Date() < end { usleep(2000) }
                    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
                }
                guard outcome.isKilled else {
                    #expect(outcome.exitCode == 0, "seed \(Self.seed): \(outcome.errors)")
                    break
                }
                kills += 1
            }
            #expect(try scenario.difference(of: folder, from: expected) == nil, "seed \(Self.seed)")
        }
        print("kills: \(scenario.name): \(kills) from seed \(Self.seed)")
    }
}
