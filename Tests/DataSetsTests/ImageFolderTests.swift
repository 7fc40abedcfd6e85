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

    /// A tree that training reads as a whole, given to whoever wants one folder of classes.
    @Test(arguments: [
        (["train", "val"], "train"), (["test", "train"], "train"), (["training", "validation"], "training"),
        (["valid", "test"], "valid"),
    ])
    func treesOfPartsNameTheOneToTrainOn(parts: [String], training: String) throws {
        for part in parts { try folder("\(part)/cat") }
        let error = try #require(throws: ImageFolderError.self) { try ImageFolder(temporary.path) }
        #expect(
            error == .parts(temporary.path, parts.inOrderOfUse, training: training))
        #expect(error.description.contains("folder:\(temporary.path)/\(training)."))
    }

    @Test func emptyClassesAreNamed() throws {
        try zoo()
        try folder("cat")
        #expect(throws: ImageFolderError.emptyClass(temporary.file("cat"), others: [])) {
            try ImageFolder(temporary.path)
        }
        for name in ["a.webp", "b.WEBP", "c.tif", "Makefile"] {
            try temporary.write([1], to: "cat/\(name)")
        }
        let error = try #require(throws: ImageFolderError.self) { try ImageFolder(temporary.path) }
        #expect(
            error.description.hasPrefix(
                "The class folder \(temporary.file("cat")) holds no .png, .jpg, .jpeg, .jpe or .jfif file, but 2 .webp, "
                    + "1 .tif, 1 without an extension: "))
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
        #expect(throws: ImageFolderError.classUndecodable(temporary.file("ant"), count: 1)) {
            try emptied.withoutUndecodable()
        }
    }

    @Test(arguments: [
        (
            ImageFolderError.tooFewDecodable("d", wanted: 5, found: 4),
            "d has only 4 images that can be decoded, and 5 are"
        ),
        (
            .tooFewDecodable("d", wanted: 2, found: 1),
            "d has only 1 image that can be decoded, and 2 are asked for."
        ),
        (
            .tooFewDecodable("d", wanted: 1, found: 0),
            "d has no image that can be decoded, and 1 is asked for."
        ),
        (.classUndecodable("d", count: 2), "None of the 2 images of the class folder d can be decoded"),
        (.classUndecodable("d", count: 1), "The only image of the class folder d cannot be decoded: "),
    ])
    func countsAgreeWithTheirNouns(error: ImageFolderError, beginning: String) {
        #expect(error.description.hasPrefix(beginning), "\(error)")
    }

    /// Whatever stands under the name of an image and is none: a link to nothing, a folder, an empty file.
    @Test func whatCannotBeReadIsUndecodableToo() throws {
        try zoo()
        try FileManager.default.createSymbolicLink(
            atPath: temporary.file("ant/link.png"), withDestinationPath: temporary.file("nowhere.png"))
        try folder("bee/folder.png")
        try temporary.write([], to: "zebra/empty.jpg")
        let bad = ["ant/link.png", "bee/folder.png", "zebra/empty.jpg"].map(temporary.file)
        let all = try ImageFolder(temporary.path, side: 4, skipsUndecodable: true)
        #expect(all.count == 7)
        #expect(try all.batch(size: 4, seed: 0).count == 4)
        #expect(throws: ImageFolderError.tooFewDecodable(temporary.path, wanted: 5, found: 4)) {
            try all.batch(size: 5, seed: 0)
        }
        #expect(all.provenance().undecodable == bad)
        #expect(try ImageFolder(temporary.path).withoutUndecodable().provenance().undecodable == bad)
        let error = try #require(throws: ImageFolderError.self) {
            try ImageFolder(temporary.path).requireHeaders()
        }
        #expect(
            error.description
                == "3 of the 7 images of \(temporary.path) cannot be decoded: \(bad[0]) (it is not there, or is a link "
                + "to nothing), \(bad[1]) (it is not a regular file), \(bad[2]) (it is empty); --undecodable skip leaves "
                + "such files out.")
    }

    /// Before the first image is drawn; damage behind a header is found in decoding alone.
    @Test func headersAreReadBeforehand() throws {
        try zoo()
        let folder = try ImageFolder(temporary.path)
        try folder.requireHeaders()
        var cut = EncodedImage.png(width: 12, height: 10, [UInt8](repeating: 3, count: 360))
        cut.removeLast(20)
        try temporary.write(cut, to: "ant/cut.png")
        try ImageFolder(temporary.path).requireHeaders()
        let large = PNGFile(width: 1, height: 1, color: .grey, depth: 8, samples: [1]).bytes
        // Width and height of IHDR.
        var claimed = large
        for place in [17, 21] { claimed[place] = 1 }
        let path = try temporary.write(PNGFile.repaired(claimed), to: "ant/large.png")
        #expect(
            throws: ImageFolderError.undecodable(
                path,
                reason:
                    "it claims 65537 × 65537 pixels, and at most \(ImageFile.greatestArea) are decoded")
        ) { try ImageFolder(temporary.path).requireHeaders() }
        for number in 0..<4 { try temporary.write([1, 2], to: "zebra/bad\(number).png") }
        #expect(
            throws: ImageFolderError.severalUndecodable(
                temporary.path, count: 5, of: 10,
                first: [
                    .init(
                        path: path,
                        reason:
                            "it claims 65537 × 65537 pixels, and at most \(ImageFile.greatestArea) are decoded"
                    ),
                    .init(path: temporary.file("zebra/bad0.png"), reason: "it is neither PNG nor JPEG"),
                    .init(path: temporary.file("zebra/bad1.png"), reason: "it is neither PNG nor JPEG"),
                ])
        ) { try ImageFolder(temporary.path).requireHeaders() }
    }

    /// Names that other languages write in Latin-1: as text they would name nothing.
    @Test(arguments: [false, true]) func namesThatAreNotUTF8AreRefused(isClass: Bool) throws {
        try zoo()
        let name = (temporary.path + (isClass ? "/caf" : "/ant/caf")).utf8CString.dropLast() + [-23]
        let path = isClass ? name + [0] : name + ".png".utf8CString
        #expect(isClass ? mkdir(Array(path), 0o777) == 0 : fclose(fopen(Array(path), "w")) == 0)
        let error = try #require(throws: DataSetError.self) { try ImageFolder(temporary.path) }
        let folder = isClass ? temporary.path : temporary.file("ant")
        #expect(error == .nameNotUTF8(isClass ? #"caf\xE9"# : #"caf\xE9.png"#, folder: folder))
        #expect(error.description.contains(#"caf\xE9"#))
    }

    /// Composed and decomposed, the same word.
    @Test func classesOfOneTextAreRefused() throws {
        try zoo()
        for name in ["caf\u{E9}", "cafe\u{301}"] { try folder(name) }
        #expect(throws: ImageFolderError.sameText(temporary.path, name: "caf\u{E9}")) {
            try ImageFolder(temporary.path)
        }
    }

    @Test func whatIsPassedOverIsNamed() throws {
        try zoo()
        try folder("bee/more")
        try write(5, to: "bee/photo.jfif.bak")
        #expect(
            try ImageFolder(temporary.path).otherFormats
                == ["README", "bee/more/", "bee/notes.txt", "bee/photo.jfif.bak"].map(temporary.file))
        let file = EncodedImage.jpeg(width: 12, height: 10, [UInt8](repeating: 50, count: 360))
        for name in ["bee/photo.jfif", "bee/photo.JPE"] { try temporary.write(file, to: name) }
        #expect(try ImageFolder(temporary.path).labels == [0, 1, 1, 1, 2, 2])
    }

    @Test func theWordMakesAFolder() throws {
        try zoo()
        let source = try ImageSourceParser.parse("folder:\(temporary.path)", side: 48)
        #expect(source.shape == ImageShape(channels: 3, height: 48, width: 48) && source.classCount == 3)
        #expect(try ImageSourceParser.parse("noise", side: 48).shape.width == 48)
        #expect(throws: DataSetError.directoryNotGiven("folder")) { try ImageSourceParser.parse("folder") }
    }
}

extension [String] {
    /// Parts as a sentence names them: those to train on first.
    fileprivate var inOrderOfUse: [String] {
        ["train", "training", "val", "valid", "validation", "test"].filter(contains)
    }
}
