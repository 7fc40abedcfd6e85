import Foundation
import ImageFixtures
import NumericalMethods
import Testing

@testable import DataSets

@Suite struct ImageFolderTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    private func folder(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: temporary.file(name), withIntermediateDirectories: true)
    }

    /// One colour a file, of 12 × 10 pixels.
    private func write(_ value: UInt8, to name: String) throws {
        let pixels = [UInt8](repeating: value, count: 3 * 120)
        try temporary.write(
            name.hasSuffix("png")
                ? EncodedImage.png(width: 12, height: 10, pixels)
                : EncodedImage.jpeg(width: 12, height: 10, pixels), to: name)
    }

    private func zoo() throws {
        for name in ["zebra", "ant", "bee"] { try folder(name) }
        try write(10, to: "zebra/2.jpg")
        try write(20, to: "zebra/1.png")
        try write(30, to: "ant/a.JPEG")
        try write(40, to: "bee/b.png")
        try temporary.write(Array("notes".utf8), to: "bee/notes.txt")
        try temporary.write([], to: "bee/.hidden.png")
        try temporary.write(Array("readme".utf8), to: "README")
    }

    private let raw = ColorNormalization(mean: [0, 0, 0], deviation: [1, 1, 1])

    @Test func classesAndFilesAreSorted() throws {
        try zoo()
        let folder = try ImageFolder(temporary.path)
        #expect(folder.classes == ["ant", "bee", "zebra"])
        #expect(folder.labels == [0, 1, 2, 2])
        #expect(
            folder.files.map { $0.dropFirst(temporary.path.count + 1) } == [
                "ant/a.JPEG", "bee/b.png", "zebra/1.png", "zebra/2.jpg",
            ])
        #expect(folder.count == 4 && folder.imageCount == 4 && folder.classCount == 3)
    }

    @Test func imagesAreAtHandOneByOne() throws {
        try zoo()
        let folder = try ImageFolder(temporary.path, side: 6, normalization: raw)
        var stream = RandomStream(seed: 0, name: "crop")
        for (index, value) in [30, 40, 20, 10].enumerated() {
            let image = try folder.image(at: index, ScaleJitter(side: 6, scales: 7...9), &stream)
            #expect(image.count == 3 * 36)
            // JPEG may be off by 1 of 255.
            #expect(image.allSatisfy { abs($0 * 255 - Float(value)) < 1.1 })
        }
        // Another size than the folder's batches have.
        #expect(try folder.image(at: 0, CentralCrop(side: 9, shorterSide: 9), &stream).count == 3 * 81)
    }

    @Test func batchesAreDifferentImagesWithTheirLabels() throws {
        try zoo()
        let folder = try ImageFolder(temporary.path, side: 4, normalization: raw)
        let batch = try folder.batch(size: 4, seed: 3)
        let values = (0..<4).map { Int((batch.pixels[$0 * 48] * 255).rounded()) }
        let classes = [30: 0, 40: 1, 20: 2, 10: 2]
        #expect(Set(values.map { $0 / 9 }).count == 4)
        for (value, label) in zip(values, batch.labels) {
            #expect(classes.contains { abs($0.key - value) <= 1 && $0.value == label })
        }
        #expect(try folder.batch(size: 4, seed: 3) == batch)
        #expect(try folder.batch(size: 2, seed: 3).pixels == Array(batch.pixels.prefix(96)))
        #expect(throws: DataSetError.batchTooLarge(5, source: folder.name, available: 4)) {
            try folder.batch(size: 5, seed: 0)
        }
    }

    /// Such as `train` where there is no `val` beside it.
    @Test func foldersInAClassAreNamed() throws {
        try folder("train/cat")
        #expect(throws: ImageFolderError.foldersInClass(temporary.file("train"))) {
            try ImageFolder(temporary.path)
        }
        #expect(
            "\(ImageFolderError.foldersInClass("d/train"))".hasPrefix(
                "The class folder d/train holds folders and no images"))
    }

    @Test func emptyClassesAreNamed() throws {
        try zoo()
        try folder("cat")
        #expect(throws: ImageFolderError.emptyClass(temporary.file("cat"))) {
            try ImageFolder(temporary.path)
        }
        #expect("\(ImageFolderError.emptyClass(temporary.file("cat")))".contains(temporary.file("cat")))
    }

    @Test func aFolderWithoutClassesIsRefused() throws {
        try write(1, to: "loose.png")
        #expect(throws: ImageFolderError.noClasses(temporary.path)) { try ImageFolder(temporary.path) }
        #expect(throws: DataSetError.directoryMissing(temporary.file("none"))) {
            try ImageFolder(temporary.file("none"))
        }
        #expect(throws: DataSetError.directoryMissing(temporary.file("loose.png"))) {
            try ImageFolder(temporary.file("loose.png"))
        }
    }

    @Test func undecodableImagesAreNamedAndSkippedOnlyWhenAsked() throws {
        try zoo()
        let bad = try temporary.write(Array("no image".utf8), to: "ant/b.png")
        let strict = try ImageFolder(temporary.path, side: 4)
        #expect(throws: ImageFolderError.undecodable(bad, reason: "it is neither PNG nor JPEG")) {
            try strict.batch(size: 5, seed: 0)
        }
        let lenient = try ImageFolder(temporary.path, side: 4, skipsUndecodable: true)
        #expect(try lenient.batch(size: 4, seed: 0).labels.sorted() == [0, 1, 2, 2])
        #expect(throws: ImageFolderError.tooFewDecodable(temporary.path, wanted: 5, found: 4)) {
            try lenient.batch(size: 5, seed: 0)
        }
        #expect(lenient.provenance().undecodable == [bad], "what a batch left out is known after it")
        let kept = try ImageFolder(temporary.path, side: 4).withoutUndecodable()
        #expect(kept.count == 4 && kept.labels == [0, 1, 2, 2])
        #expect(kept.provenance().undecodable == [bad])
        try FileManager.default.removeItem(atPath: temporary.file("ant/a.JPEG"))
        let emptied = try ImageFolder(temporary.path)
        #expect(throws: ImageFolderError.emptyClass(temporary.file("ant"))) {
            try emptied.withoutUndecodable()
        }
    }

    @Test func theWordMakesAFolder() throws {
        try zoo()
        let source = try ImageSourceParser.parse("folder:\(temporary.path)", side: 48)
        #expect(source.shape == ImageShape(channels: 3, height: 48, width: 48) && source.classCount == 3)
        #expect(try ImageSourceParser.parse("noise", side: 48).shape.width == 48)
        #expect(throws: DataSetError.directoryNotGiven("folder")) { try ImageSourceParser.parse("folder") }
    }
}
