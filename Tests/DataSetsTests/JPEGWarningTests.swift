import Foundation
import ImageFixtures
import Testing

@testable import DataSets

/// What a decoder can do without is passed over and told; what it would have to make up is an error.
@Suite struct JPEGWarningTests {
    private static let pixels = ImageFileTests.slopes(width: 24, height: 17)

    private static func segments(_ file: [UInt8]) -> [Int] {
        var places: [Int] = []
        var place = 2
        while place + 3 < file.count, file[place] == 0xFF, file[place + 1] != 0xD9 {
            places.append(place)
            if file[place + 1] == 0xDA { break }
            place += 2 + (Int(file[place + 2]) << 8 | Int(file[place + 3]))
        }
        return places
    }

    @Test(arguments: [false, true]) func strayBytesArePassedOverAndTold(isProgressive: Bool) throws {
        let file = EncodedImage.jpeg(width: 24, height: 17, isProgressive: isProgressive, Self.pixels)
        let whole = try ImageFile.decoded(file, named: "a.jpg")
        #expect(!whole.hasStrayBytes)
        // Before every segment of the header, the first included, and before the end of the image.
        let places = Self.segments(file) + [file.count - 2]
        #expect(places.count > 5)
        for place in places {
            for stray in [[0], [0, 0], [1, 2, 3, 4, 5, 6, 7]] as [[UInt8]] {
                var found = file
                found.insert(contentsOf: stray, at: place)
                let decoded = try ImageFile.decoded(found, named: "a.jpg")
                #expect(decoded.image == whole.image, "\(stray.count) bytes at \(place)")
                // Behind a scan the decoder may have taken a few for bits of it, which it does not need.
                let isSeen = place < file.count - 2 || stray.count > 4
                #expect(decoded.hasStrayBytes || !isSeen, "\(stray.count) bytes at \(place)")
            }
        }
    }

    /// Baseline files with zeros where a scan's spectral selection stands, which some programs write.
    @Test func zerosForTheParametersOfAScanDecode() throws {
        let file = EncodedImage.jpeg(width: 24, height: 17, Self.pixels)
        var other = file
        let scan = try #require(Self.segments(file).last)
        // Ss, Se and Ah/Al end the header of three components.
        let end = scan + 2 + (Int(file[scan + 2]) << 8 | Int(file[scan + 3]))
        #expect(Array(file[(end - 3)..<end]) == [0, 63, 0])
        other[end - 2] = 0
        #expect(
            try ImageFile.decoded(other, named: "a.jpg") == (try ImageFile.decoded(file, named: "a.jpg")))
    }

    /// A file that is cut short would end in grey, with and without stray bytes.
    @Test(arguments: [false, true]) func missingSamplesAreErrors(isProgressive: Bool) throws {
        var file = EncodedImage.jpeg(width: 24, height: 17, isProgressive: isProgressive, Self.pixels)
        file.insert(contentsOf: [0, 0], at: try #require(Self.segments(file).dropFirst().first))
        for length in stride(from: 2, to: file.count - 2, by: 5) {
            #expect(throws: ImageFolderError.self, "\(length) of \(file.count) bytes") {
                try ImageFile.decoded(Array(file.prefix(length)), named: "a.jpg")
            }
        }
        // The end of the image before its last block.
        let early = Array(file.prefix(file.count - 12)) + [0xFF, 0xD9]
        #expect(throws: ImageFolderError.self) { try ImageFile.decoded(early, named: "a.jpg") }
    }

    /// A restart marker that is not the one whose turn it is.
    @Test func restartsOutOfTurnAreErrors() throws {
        let file = EncodedImage.jpeg(width: 24, height: 17, restartInterval: 1, Self.pixels)
        #expect(!(try ImageFile.decoded(file, named: "a.jpg")).hasStrayBytes)
        let marker = try #require(file.indices.dropLast().last { file[$0] == 0xFF && file[$0 + 1] == 0xD2 })
        var other = file
        other[marker + 1] = 0xD6
        #expect(throws: ImageFolderError.self) { try ImageFile.decoded(other, named: "a.jpg") }
    }

    @Test func thousandsOfScansAreRefused() throws {
        let file = EncodedImage.jpeg(width: 24, height: 17, isProgressive: true, Self.pixels)
        let places = file.indices.dropLast().filter { file[$0] == 0xFF && file[$0 + 1] == 0xDA }
        let last = try #require(places.last)
        // The last scan refines coefficients by a bit, which can be asked for again and again.
        let scan = Array(file[last..<(file.count - 2)])
        let repeated = [UInt8]((0..<600).map { _ in scan }.joined())
        let endless = Array(file.dropLast(2)) + repeated + [0xFF, 0xD9]
        let error = try #require(throws: ImageFolderError.self) {
            try ImageFile.decoded(endless, named: "a.jpg")
        }
        guard case .undecodable(_, let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(reason == "it has more than 500 scans" || reason.contains("progress"), "\(reason)")
    }
}
