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
}
