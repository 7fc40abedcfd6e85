import Testing

@testable import PropagateCommand

struct OutputPlacesTests {
    @Test("Beside the files of a CIFAR release results may be written, and written again")
    func besideFiles() throws {
        var places = OutputPlaces()
        places.add(data: "cifar10:Sources")
        places.add(file: "Sources/out.json", of: "--json")
        places.add(run: "Sources/runs/r", of: "--run")
        places.add(folder: "Sources/report", of: "--report", .whole)
        #expect(throws: Never.self) { try places.requireApart() }
        places.add(file: "Sources/cifar-10-batches-bin/batches.meta.txt", of: "--csv")
        #expect(
            throws: OutputError.clash(
                "--data", "--csv", path: "Sources/cifar-10-batches-bin/batches.meta.txt")
        ) { try places.requireApart() }
    }

    @Test(
        "Words of other data name no files",
        arguments: ["digits", "noise", "cifar10", "cifar10:", "folder:d"])
    func otherWords(word: String) throws {
        var places = OutputPlaces()
        places.add(data: word)
        places.add(file: "data_batch_1.bin", of: "--json")
        #expect(throws: Never.self) { try places.requireApart() }
    }

    /// `Sources` stands for the folder of a run.
    @Test("What is read may be read twice, and is not written over")
    func reading() throws {
        var places = OutputPlaces()
        places.add(weights: "Sources")
        places.add(weights: "Sources/Training")
        places.add(weights: "Package.swift")
        #expect(throws: Never.self) { try places.requireApart() }
        var clash = OutputPlaces()
        clash.add(weights: "Sources")
        clash.add(folder: "Sources", of: "--report", .whole)
        #expect(throws: OutputError.clash("the run", "--report", path: "Sources")) {
            try clash.requireApart()
        }
        var within = places
        within.add(file: "Sources/checkpoints/x.json", of: "--json")
        #expect(throws: OutputError.within("--json", "the run", path: "Sources/checkpoints/x.json")) {
            try within.requireApart()
        }
        within = places
        within.add(file: "Package.swift", of: "--json")
        #expect(throws: OutputError.clash("the run", "--json", path: "Package.swift")) {
            try within.requireApart()
        }
    }
}
