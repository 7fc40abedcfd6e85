import Foundation
import ResidualNetworks
import Synchronization
import Tensors
import Testing

@testable import Confirmation

@Suite("Running a confirmation")
struct ConfirmationRunTests {
    private func run(_ plan: ConfirmationPlan, in folder: String, jobs: Int = 2) throws
        -> (cells: [ConfirmationCell], trained: Int)
    {
        let store = try ConfirmationStore(path: folder, configuration: try plan.configuration(version: "1"))
        let trained = Mutex(0)
        let runner = ConfirmationRunner(store: store, jobs: jobs) { _, event in
            if case .finished = event { trained.withLock { $0 += 1 } }
        }
        return (try runner.run(plan), trained.withLock { $0 })
    }

    @Test("Finished cells are trained once, and more seeds add to them")
    func resumes() throws {
        let folder = try ScratchFolder()
        let first = try run(try Synthetic.plan(seeds: [0]), in: folder.path)
        #expect(first.trained == 11 && first.cells.count == 11)
        let second = try run(try Synthetic.plan(seeds: [0, 1]), in: folder.path)
        #expect(second.trained == 11 && second.cells.count == 22)
        let kept = second.cells.filter { $0.seed == 0 }
        #expect(kept.map(\.row) == first.cells.map(\.row) && kept == first.cells)
    }

    @Test("A cell that was stopped goes on from its last checkpoint, and ends as one that never was")
    func goesOnWithinACell() throws {
        struct Stopped: Error {}
        let plan = try Synthetic.plan(iterations: 30, seeds: [0])
        let folder = try ScratchFolder()
        let asked = Mutex<[Int]>([])
        // The seventeenth batch of the first cell does not come.
        let stopping = plan.with(
            Synthetic.data { iteration in
                asked.withLock { $0.append(iteration) }
                if iteration == 16 { throw Stopped() }
            })
        #expect(throws: Stopped.self) { try run(stopping, in: folder.path, jobs: 1) }
        #expect(asked.withLock { $0 } == Array(0...16))
        let unfinished = folder.path + "/unfinished"
        #expect(try FileManager.default.contentsOfDirectory(atPath: unfinished).count == 1)
        asked.withLock { $0 = [] }
        let watched = plan.with(Synthetic.data { iteration in asked.withLock { $0.append(iteration) } })
        let resumed = try run(watched, in: folder.path, jobs: 1).cells
        // 15 points of the curve, one every two iterations: the last before was after 16.
        #expect(asked.withLock { Array($0.prefix(14)) } == Array(16..<30))
        #expect(try FileManager.default.contentsOfDirectory(atPath: unfinished) == [])
        let whole = try run(plan, in: try ScratchFolder().path, jobs: 1).cells
        #expect(resumed.map(\.untimed) == whole.map(\.untimed))
    }

    @Test("A training whose loss explodes ends as one, counts as guessing, and is kept")
    func explodes() throws {
        var scale = Synthetic.tinyScale(iterations: 6)
        scale.recipe.optimization.schedule.base = 1000
        scale.recipe.optimization.weightDecay = 0
        scale.recipe.optimization.schedule.warmUpIterations = 0
        scale.recipe.optimization.schedule.milestones = []
        let plan = try ConfirmationPlan(
            .table1, on: .cifar10, scale: scale, seeds: [0], data: Synthetic.data())
        let folder = try ScratchFolder()
        let cells = try run(plan, in: folder.path).cells
        let exploded = cells.filter { if case .exploded = $0.ending { true } else { false } }
        #expect(!exploded.isEmpty)
        for cell in exploded {
            #expect(cell.testError == nil && cell.trainingLoss == nil && cell.curve.count > 0)
        }
        let result = ConfirmationResult(plan, cells: cells)
        for cell in exploded {
            let row = try #require(result.rows.first { $0.row.identity == cell.row })
            #expect(result.testError(row)?.median == 0.5 && result.fails(row))
        }
        // Read again from the folder, numbers that are none included.
        #expect(try run(plan, in: folder.path).trained == 0)
    }

    @Test("A plan that would normalise over one value a channel is refused")
    func singleValues() {
        var scale = Synthetic.tinyScale()
        scale.recipe.batch = 1
        let data = Synthetic.data()
        let narrow = ConfirmationData(
            name: "narrow", shape: data.shape.with(batch: 1), classes: 2, trainingCount: 4, testCount: 4,
            batch: data.batch, testBatchCount: 1, testBatch: data.testBatch, probe: data.probe)
        #expect(throws: Never.self) {
            try ConfirmationPlan(.table1, on: .cifar10, scale: scale, seeds: [0], data: narrow)
        }
        let smallest = ConfirmationData(
            name: "smallest", shape: Shape(1, 1, 4, 4), classes: 2, trainingCount: 4, testCount: 4,
            batch: data.batch, testBatchCount: 1, testBatch: data.testBatch, probe: data.probe)
        #expect(throws: NetworkError.self) {
            try ConfirmationPlan(.table1, on: .cifar10, scale: scale, seeds: [0], data: smallest)
        }
    }

    @Test("A run tells where it begins, every point and its end, and its work grows with its iterations")
    func tells() throws {
        struct Stopped: Error {}
        let plan = try Synthetic.plan(iterations: 8, seeds: [0])
        let folder = try ScratchFolder()
        let first = try #require(plan.cells.first)
        let told = Mutex<[String]>([])
        func run(_ plan: ConfirmationPlan) throws {
            let store = try ConfirmationStore(
                path: folder.path, configuration: try plan.configuration(version: "1"))
            _ = try ConfirmationRunner(store: store, jobs: 1) { cell, event in
                guard cell == first else { return }
                told.withLock { told in
                    switch event {
                    case .began(let iteration): told.append("began \(iteration)")
                    case .reached(let point): told.append("reached \(point.iteration)")
                    case .finished(let result): told.append("finished \(result.curve.count)")
                    }
                }
            }.run(plan)
        }
        #expect(throws: Stopped.self) {
            try run(plan.with(Synthetic.data { if $0 == 5 { throw Stopped() } }))
        }
        try run(plan)
        let points = (1...8).map { "reached \($0)" }
        var expected: [String] = ["began 0"]
        expected += points[..<5]
        expected.append("began 5")
        expected += points[5...]
        expected.append("finished 8")
        #expect(plan.scale.evaluationInterval == 1)
        #expect(told.withLock { $0 } == expected)
        let longer = try Synthetic.plan(iterations: 16, seeds: [0])
        let (once, twice) = (try plan.work(of: first), try longer.work(of: try #require(longer.cells.first)))
        #expect(once > 0 && twice == 2 * once)
    }

    @Test("Two processes do not train in one folder")
    func locked() throws {
        let folder = try ScratchFolder()
        let plan = try Synthetic.plan(seeds: [0])
        do {
            let store = try ConfirmationStore(
                path: folder.path, configuration: try plan.configuration(version: "1"))
            let lock = try store.lock()
            #expect(throws: ConfirmationError.inUse(folder.path)) { try run(plan, in: folder.path) }
            withExtendedLifetime(lock) {}
        }
        #expect(try run(plan, in: folder.path).trained == 11)
    }

    @Test(
        "Files longer than any that a confirmation writes are not read",
        arguments: [nil, "confirmation.json"])
    func tooLong(name: String?) throws {
        let folder = try ScratchFolder()
        let plan = try Synthetic.plan(seeds: [0])
        _ = try run(plan, in: folder.path)
        let cells = "\(folder.path)/cells"
        let cell = try #require(FileManager.default.contentsOfDirectory(atPath: cells).first)
        let path = name.map { "\(folder.path)/\($0)" } ?? "\(cells)/\(cell)"
        let bytes = 1 << 40
        #expect(truncate(path, bytes) == 0)
        #expect(
            throws: ConfirmationError.tooLong(path, bytes: bytes, limit: ConfirmationStore.longest)
        ) { try run(plan, in: folder.path) }
    }

    @Test("However many run at once, the results are the same")
    func jobs() throws {
        let plan = try Synthetic.plan(seeds: [0])
        let cells = try [1, 3].map { jobs in
            try run(plan, in: try ScratchFolder().path, jobs: jobs).cells.map(\.untimed)
        }
        #expect(cells[0] == cells[1])
    }

    @Test("A cell holds the measurement, the curve, and truncation before and after")
    func cell() throws {
        let plan = try Synthetic.plan(iterations: 6, seeds: [0])
        let cells = try run(plan, in: try ScratchFolder().path).cells
        let identity = try #require(cells.first { $0.row.hasSuffix(".identity") })
        #expect(identity.curve.last?.iteration == 6 && identity.ending == .finished)
        #expect(identity.initial.negativeShares.count == 3 && identity.negativeSharesAfter.count == 3)
        #expect(identity.initial.negativeShares != identity.negativeSharesAfter)
        #expect(identity.testError == identity.curve.last?.testError)
        // A plain network has no direct term, an unscaled shortcut keeps most of it.
        let plain = try #require(cells.first { $0.row.hasSuffix(".none") })
        #expect(plain.initial.directPerUnit == nil)
        let halved = try #require(cells.first { $0.row.hasSuffix(".scale0.5") }?.initial.directPerUnit)
        #expect(halved < (try #require(identity.initial.directPerUnit)))
    }

    @Test("A store of another configuration, a foreign folder and a damaged cell are refused")
    func refusals() throws {
        let folder = try ScratchFolder()
        _ = try run(try Synthetic.plan(seeds: [0]), in: folder.path)
        let other = try Synthetic.plan(iterations: 5, seeds: [0])
        let error = #expect(throws: ConfirmationError.self) { try run(other, in: folder.path) }
        #expect(
            error?.description
                == "\(folder.path) holds results of another configuration (iterations: 4, now 5): name another "
                + "folder with --store, or move this one away.")
        let cells = folder.path + "/cells"
        let names = try FileManager.default.contentsOfDirectory(atPath: cells)
        #expect(names.count == 11)
        try Data("{".utf8).write(to: URL(filePath: cells + "/" + names[0]))
        #expect(throws: ConfirmationError.damagedCell(cells + "/" + names[0])) {
            try run(try Synthetic.plan(seeds: [0]), in: folder.path)
        }
        let foreign = try ScratchFolder()
        try Data().write(to: URL(filePath: foreign.path + "/mine"))
        #expect(throws: ConfirmationError.foreignFolder(foreign.path)) {
            try run(try Synthetic.plan(seeds: [0]), in: foreign.path)
        }
    }

    @Test("A search tries every bias of every gate on the held-out part, and its best ones become rows")
    func gateBiases() throws {
        let plan = try Synthetic.plan()
        let search = try #require(GateBiasSearch.plan(for: plan, heldOut: plan.data))
        #expect(search.rows.count == 22 && search.seeds == [0])
        let cells = search.rows.map { row in
            // Least at −3 for both gates.
            let bias = Int(row.shortcut.split(separator: ":")[1]) ?? 0
            return Synthetic.cell(row, seed: 0, error: Double(abs(bias + 3)) / 20 + 0.05)
        }
        let outcomes = GateBiasSearch.outcomes(of: search, cells)
        #expect(outcomes.map(\.gate) == GateBiasSearch.gates && outcomes.map(\.best) == [-3, -3])
        #expect(outcomes[0].trials.map(\.bias) == Array(stride(from: 0, through: -10, by: -1)))
        let more = plan.adding(outcomes)
        #expect(more.rows.count == 13)
        #expect(more.rows.suffix(2).map(\.shortcut) == ["gate-exclusive:-3", "gate-shortcut:-3"])
        #expect(more.rows.suffix(2).allSatisfy { $0.published == .untold })
        let table2 = try ConfirmationPlan(
            .table2, on: .cifar10, scale: Synthetic.tinyScale().with(depth: 20), seeds: [0],
            data: Synthetic.data())
        #expect(GateBiasSearch.plan(for: table2, heldOut: plan.data) == nil)
    }
}

extension ConfirmationScale {
    fileprivate func with(depth: Int) -> ConfirmationScale {
        var scale = self
        scale.depth = depth
        return scale
    }
}

extension ConfirmationPlan {
    fileprivate func with(_ data: ConfirmationData) -> ConfirmationPlan {
        ConfirmationPlan(table: table, rows: rows, scale: scale, seeds: seeds, data: data)
    }
}

extension ConfirmationCell {
    /// What does not depend on when it ran.
    fileprivate var untimed: ConfirmationCell {
        var cell = self
        cell.seconds = 0
        return cell
    }
}
