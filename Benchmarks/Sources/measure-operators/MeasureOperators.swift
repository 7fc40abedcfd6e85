import ArgumentParser
import Foundation
import Kernels
import Machine
import Operators
import Tensors

/// `measure-operators`: operators of a graph one by one, in single precision, at sizes that networks have.
@main
struct MeasureOperators: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure-operators", abstract: "Time operators, and print one line of JSON.")

    @Option(help: "Compute threads.")
    var threads = 2

    @Option(help: "Timed repetitions of every operator; the median counts.")
    var repetitions = 20

    mutating func validate() throws {
        guard threads >= 1, repetitions >= 1 else {
            throw ValidationError("--threads and --repetitions must be at least 1.")
        }
    }

    func run() throws {
        ComputeThreads.count = threads
        var seconds: [String: [String: Double]] = [:]
        for measured in MeasuredOperator.all {
            seconds[measured.name] = try measured.seconds(repetitions: repetitions)
        }
        let record = try JSONSerialization.data(withJSONObject: seconds, options: [.sortedKeys])
        print(String(decoding: record, as: UTF8.self))
    }
}
