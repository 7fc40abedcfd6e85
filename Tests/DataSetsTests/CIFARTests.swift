import Foundation
import Testing

@testable import DataSets

/// On releases of a few records, written here: the layout is the real one.
@Suite struct CIFARTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    static func tiny(labelBytes: Int) -> CIFARRelease {
        CIFARRelease(
            name: "tiny", word: "tiny", classCount: 10, folder: "inner",
            trainingFiles: ["one.bin", "two.bin"],
            testFiles: ["test.bin"], recordsPerTrainingFile: 3, recordsPerTestFile: 2, labelBytes: labelBytes,
            archive: "tiny-binary.tar.gz", otherForms: [], classFile: "names.txt")
    }

    /// Record r has label r and, in channel c, half its values at 20c + 10 and half at
    /// 20c + 30: mean 20c + 20, deviation 10. A coarse label, where there is one, is 99.
    static func records(_ range: Range<Int>, labelBytes: Int) -> [UInt8] {
        range.flatMap { record -> [UInt8] in
            let labels = Array(repeating: UInt8(99), count: labelBytes - 1) + [UInt8(record)]
            return labels
                + (0..<3).flatMap { channel in
                    (0..<1024).map { UInt8(20 * channel + (($0 + record) % 2 == 0 ? 10 : 30)) }
                }
        }
    }

    func writeRelease(labelBytes: Int = 1, folder: String = "") throws {
        try FileManager.default.createDirectory(
            atPath: temporary.file(folder), withIntermediateDirectories: true)
        try temporary.write(Self.records(0..<3, labelBytes: labelBytes), to: folder + "/one.bin")
        try temporary.write(Self.records(3..<6, labelBytes: labelBytes), to: folder + "/two.bin")
        try temporary.write(Self.records(6..<8, labelBytes: labelBytes), to: folder + "/test.bin")
    }

    @Test func constantsAndNamesAreTold() throws {
        try writeRelease()
        let source = try CIFAR(Self.tiny(labelBytes: 1), directory: temporary.path)
        let normalization = try #require(try source.provenance().normalization)
        for (channel, mean) in normalization.mean.enumerated() {
            #expect(abs(mean - Double(20 * channel + 20)) < 1e-5)
            // A reciprocal in single precision.
            #expect(abs(normalization.deviation[channel] - 10) < 1e-5)
        }
        #expect(try source.provenance().classes == (0..<10).map(String.init), "no file of names")
        let names = (0..<10).map { "class \($0)" }
        try temporary.write(Array((names.joined(separator: "\n") + "\n\n").utf8), to: "names.txt")
        #expect(try source.provenance().classes == names)
        try temporary.write(Array("one\ntwo\n".utf8), to: "names.txt")
        #expect(try source.provenance().classes[3] == "3", "another file of that name")
    }

    @Test(arguments: [1, 2], ["", "inner"]) func readsRecords(labelBytes: Int, folder: String) throws {
        try writeRelease(labelBytes: labelBytes, folder: folder)
        let source = try CIFAR(Self.tiny(labelBytes: labelBytes), directory: temporary.path)
        #expect(source.imageCount == 6)
        let images = try source.images(at: [4, 0])
        #expect(images.labels == [4, 0])
        // Values one deviation below and above the mean, image 4 and image 0 alike
        // starting below; all three channels on the same scale.
        #expect(images.pixels == (0..<2 * 3 * 1024).map { $0 % 2 == 0 ? -1 : 1 })
    }

    @Test func batchesAreDeterministic() throws {
        try writeRelease()
        let source = try CIFAR(Self.tiny(labelBytes: 1), directory: temporary.path)
        let batch = try source.batch(size: 6, seed: 2)
        #expect(batch.labels.sorted() == [0, 1, 2, 3, 4, 5])
        #expect(batch == (try source.batch(size: 6, seed: 2)))
        #expect(throws: DataSetError.batchTooLarge(7, source: "tiny", available: 6)) {
            try source.batch(size: 7, seed: 2)
        }
        let test = try CIFAR(Self.tiny(labelBytes: 1), directory: temporary.path, part: .test)
        #expect(try test.batch(size: 2, seed: 0).labels.sorted() == [6, 7])
    }

    @Test func missingPlacesAreNamed() throws {
        let nowhere = temporary.file("nowhere")
        #expect(throws: DataSetError.directoryMissing(nowhere)) { try CIFAR(.cifar10, directory: nowhere) }
        let first = temporary.path + "/data_batch_1.bin"
        #expect(throws: DataSetError.fileMissing(first)) { try CIFAR(.cifar10, directory: temporary.path) }
        let hundred = temporary.path + "/train.bin"
        #expect(throws: DataSetError.fileMissing(hundred)) { try CIFAR(.cifar100, directory: temporary.path) }
    }

    @Test func truncatedFilesAreNamedWithBothSizes() throws {
        let path = try temporary.write([1, 2, 3], to: "data_batch_1.bin")
        let error = try #require(throws: DataSetError.self) {
            try CIFAR(.cifar10, directory: temporary.path)
        }
        #expect(error == .wrongSize(path, expected: 30_730_000, found: 3))
        #expect(error.description.contains(path))
        #expect(error.description.contains("30730000") && error.description.contains("is 3"))
    }

    @Test func labelsOutOfRangeAreRefused() throws {
        try writeRelease()
        var bytes = Self.records(3..<6, labelBytes: 1)
        bytes[3073] = 200
        let path = try temporary.write(bytes, to: "two.bin")
        let source = try CIFAR(Self.tiny(labelBytes: 1), directory: temporary.path)
        #expect(throws: DataSetError.labelOutOfRange(path, record: 1, label: 200, classCount: 10)) {
            try source.images(at: [4])
        }
    }

    /// The forms that other programs read, their folders, their archives, and the other data set.
    @Test(arguments: [CIFARRelease.cifar10, .cifar100]) func otherFormsAreRecognised(release: CIFARRelease)
        throws
    {
        func refusal(_ directory: String) throws -> DataSetError {
            try #require(throws: DataSetError.self) { try CIFAR(release, directory: directory) }
        }
        for form in release.otherForms {
            let folder = temporary.file(form.folder)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for file in form.files { try temporary.write([1], to: "\(form.folder)/\(file)") }
            let expected = DataSetError.otherForm(
                folder, form: "\(release.name) for \(form.program)", archive: release.archive)
            #expect(try refusal(folder) == expected)
            #expect(try refusal(temporary.path) == expected)
            #expect(expected.description.contains("unpack \(release.archive) from"))
            let others = [CIFARRelease.cifar10, .cifar100].filter { $0 != release }
            for other in others {
                #expect(
                    throws: expected, "asked for as another release, it is named as what it is"
                ) { try CIFAR(other, directory: folder) }
            }
            try FileManager.default.removeItem(atPath: folder)
            let archive = try temporary.write([31, 139], to: form.archive)
            let packed = DataSetError.otherForm(
                archive, form: "\(release.name) for \(form.program)", archive: release.archive)
            #expect(try refusal(archive) == packed)
            #expect(try refusal(temporary.path) == packed)
            try FileManager.default.removeItem(atPath: archive)
        }
        let archive = try temporary.write([31, 139], to: release.archive)
        #expect(try refusal(archive) == .packed(archive, folder: release.folder))
        #expect(try refusal(temporary.path) == .packed(archive, folder: release.folder))
        #expect(try refusal(archive).description.contains("tar -xzf"))
        let other = release == .cifar10 ? CIFARRelease.cifar100 : .cifar10
        for file in other.trainingFiles { try temporary.write([1], to: file) }
        #expect(
            try refusal(temporary.path) == .otherDataSet(temporary.path, name: other.name, word: other.word))
    }

    @Test func aTildeIsExplained() {
        #expect(
            DataSetError.directoryMissing("~/no-such-folder").description
                == "There is no directory ~/no-such-folder. “~” is not expanded here, and by a shell only at the beginning "
                + "of a word: write $HOME/no-such-folder.")
        #expect(!DataSetError.directoryMissing("/a~/b").description.contains("expanded"))
    }

    @Test func aDirectoryInPlaceOfAFileIsNoFile() throws {
        try FileManager.default.createDirectory(
            atPath: temporary.path + "/data_batch_1.bin", withIntermediateDirectories: true)
        #expect(throws: DataSetError.self) { try CIFAR(.cifar10, directory: temporary.path) }
    }
}
