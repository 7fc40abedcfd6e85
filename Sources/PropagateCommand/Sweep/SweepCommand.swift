import Analysis
import ArgumentParser
import Configuration
import Foundation
import Kernels
import Limits
import NumericalMethods
import Reporting
import ResultStore

/// `propagate sweep`: a grid of measurements, kept in a store, shown as heat maps.
struct SweepCommand: ConfigurableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Measure a grid of networks, keep every cell, draw heat maps.",
        usage: "propagate sweep [<options>]",
        discussion: """
            Every option of 'propagate analyze' that says what is measured may hold several values: a list \
            (20,56,110), a range (0-4), or both. Each finished cell is written to the store at once; started \
            again, the same command measures only what is missing.

              propagate sweep --depth 20,56,110 --shortcut identity,scale0.5 --seed 0-4
              propagate sweep --depth 20,56 --unit original,full-preact --report folder
            """)

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("Options of analyze, with one value or several.", valueName: "options"))
    var words: [String] = []

    @OptionGroup(title: "Sweep") var sweepOptions: SweepOptions
    @OptionGroup(title: OutputOptions.title) var outputOptions: OutputOptions
    @OptionGroup(title: "Configuration") var configurationOptions: ConfigurationOptions

    static var takesLists: Bool { true }

    static func keys() throws -> [ConfigurationKey] {
        try CommandKeys.measured() + CommandKeys.keys(of: self)
    }

    /// Made once: it may have ten thousand cells.
    private lazy var grid = Result { try makeGrid() }

    mutating func validate() throws {
        let grid = grid
        try Usage.check { try sweepOptions.check(against: grid.get()) }
        try OutputPlaces.requireApart { places in
            for name in ResultStore.files(of: sweepOptions.store) { places.add(file: name, of: "--store") }
            places.add(outputOptions)
            places.add(inputFile: configurationOptions.configuration, of: "--configuration")
            for data in Set((try? grid.get().cells)?.map(\.request.run.data) ?? []) { places.add(data: data) }
        }
    }

    mutating func run() throws {
        let grid = grid
        try RunOutcome.report {
            let grid = try grid.get()
            guard !configurationOptions.printConfiguration else {
                let several = grid.axes.map { ($0.name, $0.values) }
                // Seeds are told one by one.
                try printConfiguration(
                    grid.shared.mapValues { [$0] }.merging(several) { $1 }, unsaid: ["seeds"])
                return .held
            }
            let outputs = try ResultWriter(.sweep, outputOptions)
            let jobs = try ComputeTeam.jobs(
                sweepOptions.jobCount, threads: grid.cells[0].request.run.threadCount)
            // The store's library, its files and the thread that puts it away: without them it crashes or waits for ever.
            try Threads.require(2)
            try OpenFiles.require(8)
            let store = try ResultStore(path: sweepOptions.store)
            let failures = try SweepRun(
                grid: grid, store: store,
                jobs: jobs, isQuiet: outputOptions.quiet
            ).run()
            let sweep = try Sweep(grid, store: store, failures: failures, options: sweepOptions)
            try store.close()
            try outputs.write(SweepReport(sweep))
            outputs.complain(of: sweep.checkFailures)
            if let failure = failures.first { throw SweepFailure(count: failures.count, first: failure) }
            return RunOutcome(checksHold: sweep.allChecksHold, isComplete: sweep.isComplete)
        }
    }

    private func makeGrid() throws -> SweepGrid {
        let scan = try CommandLineScan(words, keys: try CommandKeys.measured())
        if let word = scan.operands.first { throw SweepError.operand(word) }
        return try SweepGrid(scan.configuration)
    }
}

/// Some cells of a sweep could not be measured.
struct SweepFailure: Error, CustomStringConvertible {
    let count: Int
    let first: SweepRunner.Failure

    var description: String {
        "\(count) \(count == 1 ? "cell" : "cells") could not be measured, first \(first.cell.name): \(first.reason)"
    }
}
