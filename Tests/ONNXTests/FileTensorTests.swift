import Foundation
import ProtocolBuffers
import TemporaryFolders
import Tensors
import Testing

@testable import ONNX

/// Every type of number in every form in which files store it.
struct FileTensorTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func tensor(
        type: Int, _ dimensions: [Int], _ content: (inout ProtocolBuffer) -> Void
    ) throws -> FileTensor {
        let model = try folder.model(HandMade.model(type: type, dimensions, content))
        return try #require(model.graph.initializers.first)
    }

    // 1/3 in each type, the smallest numbers, and the ends of the range.
    private static let halves: [(UInt16, Float)] = [
        (0x3555, 0.333251953125), (0x0001, 0x1p-24), (0x03FF, 0x1.FF8p-15), (0x0400, 0x1p-14),
        (0x7BFF, 65504), (0xFC00, -.infinity), (0x8000, -0.0),
    ]
    private static let brains: [(UInt16, Float)] = [
        (0x3EAB, 0.333984375), (0x0001, 0x1p-133), (0x0080, 0x1p-126), (0x7F7F, 0x1.FEp127),
        (0xFF80, -.infinity), (0x8000, -0.0),
    ]

    @Test("Real numbers in raw data, in either precision")
    func rawReals() throws {
        let floats: [Float] = [1.5, -0.0, .infinity, 0x1p-149, 1 / 3]
        let single = try tensor(type: 1, [5]) { $0.append(9, bytes: HandMade.raw(floats)) }
        #expect(try single.values(as: Float.self).elements.map(\.bitPattern) == floats.map(\.bitPattern))
        #expect(try single.values(as: Double.self).elements == floats.map { Double($0) })
        let doubles = [1.0 / 3, -1e300, 0x1p-1074]
        let double = try tensor(type: 11, [3, 1]) { $0.append(9, bytes: HandMade.raw(doubles)) }
        #expect(try double.values(as: Double.self).elements == doubles)
        #expect(try double.values(as: Float.self).elements == [Float(1.0 / 3), -.infinity, 0])
        #expect(try double.values(as: Float.self).shape == Shape(axes: [3, 1]))
        for (type, numbers) in [(10, Self.halves), (16, Self.brains)] {
            let half = try tensor(type: type, [numbers.count]) {
                $0.append(9, bytes: HandMade.raw(numbers.map(\.0)))
            }
            #expect(try half.values(as: Float.self).elements.map(\.bitPattern) == numbers.map(\.1.bitPattern))
            #expect(try half.values(as: Double.self).elements == numbers.map { Double($0.1) })
        }
    }

    @Test("No number is no number in every type")
    func notANumber() throws {
        for (type, bytes) in [
            (1, HandMade.raw([Float.nan])), (11, HandMade.raw([Double.nan])), (10, [1, 0x7C]),
            (16, [0x81, 0xFF]),
        ] {
            let tensor = try tensor(type: type, []) { $0.append(9, bytes: bytes) }
            #expect(try tensor.values(as: Float.self).elements[0].isNaN)
            #expect(try tensor.values(as: Double.self).elements[0].isNaN)
        }
    }

    @Test("Real numbers in fields of their own")
    func typedReals() throws {
        let single = try tensor(type: 1, [3]) { $0.append(4, packed: [0.5, -1, 1 / 3] as [Float]) }
        #expect(try single.values(as: Float.self).elements == [0.5, -1, 1 / 3])
        #expect(try single.values(as: Double.self).elements == [0.5, -1, Double(1 / 3 as Float)])
        let unpacked = try tensor(type: 11, [2]) {
            $0.append(10, double: 1.0 / 3)
            $0.append(10, double: 7)
        }
        #expect(try unpacked.values(as: Double.self).elements == [1.0 / 3, 7])
        // 16-bit numbers stand as whole numbers of their bits.
        for (type, numbers) in [(10, Self.halves), (16, Self.brains)] {
            let half = try tensor(type: type, [1, numbers.count]) {
                $0.append(5, packed: numbers.map { Int($0.0) })
            }
            #expect(try half.values(as: Float.self).elements.map(\.bitPattern) == numbers.map(\.1.bitPattern))
        }
    }

    @Test(
        "Whole numbers of every type, in raw data and in the field of the type",
        arguments: [
            (2, 5, [0, 255], HandMade.raw([0, 255] as [UInt8])),
            (3, 5, [-128, 127], HandMade.raw([-128, 127] as [Int8])),
            (4, 5, [0, 65535], HandMade.raw([0, 65535] as [UInt16])),
            (5, 5, [-32768, 32767], HandMade.raw([-32768, 32767] as [Int16])),
            (6, 5, [Int(Int32.min), -1], HandMade.raw([.min, -1] as [Int32])),
            (7, 7, [.min, .max], HandMade.raw([.min, .max] as [Int64])),
            (12, 11, [0, Int(UInt32.max)], HandMade.raw([0, .max] as [UInt32])),
            (13, 11, [1, .max], HandMade.raw([1, UInt64(Int.max)] as [UInt64])),
            (9, 5, [0, 1], [0, 1] as [UInt8]),
        ])
    func wholes(type: Int, field: Int, numbers: [Int], bytes: [UInt8]) throws {
        let raw = try tensor(type: type, [2]) { $0.append(9, bytes: bytes) }
        #expect(try raw.wholes() == numbers)
        let packed = try tensor(type: type, [2]) { $0.append(field, packed: numbers) }
        #expect(try packed.wholes() == numbers)
        let unpacked = try tensor(type: type, [2]) { tensor in
            for number in numbers { tensor.append(field, presentInteger: number) }
        }
        #expect(try unpacked.wholes() == numbers)
        let error = #expect(throws: ModelFileError.self) { try raw.values(as: Float.self) }
        #expect(error?.description == "tensor w is of type \(raw.type), and real numbers are wanted")
    }

    @Test("Whole numbers above 2⁶³ − 1 are refused by value")
    func greatWholes() throws {
        for content: (inout ProtocolBuffer) -> Void in [
            { $0.append(9, bytes: HandMade.raw([1, UInt64.max])) }, { $0.append(11, packed: [1, -1]) },
        ] {
            let tensor = try tensor(type: 13, [2], content)
            let error = #expect(throws: ModelFileError.self) { try tensor.wholes() }
            #expect(
                error?.description
                    == "tensor w holds 18446744073709551615, and whole numbers are read up to 9223372036854775807"
            )
        }
    }

    @Test("Any byte but 0 is true, and fields wider than their type are cut")
    func wide() throws {
        #expect(try tensor(type: 9, [3]) { $0.append(9, bytes: [2, 0, 255]) }.wholes() == [1, 0, 1])
        #expect(try tensor(type: 9, [2]) { $0.append(5, packed: [256, 0]) }.wholes() == [1, 0])
        #expect(try tensor(type: 3, [2]) { $0.append(5, packed: [255, 128]) }.wholes() == [-1, -128])
        #expect(try tensor(type: 2, [1]) { $0.append(5, packed: [-1]) }.wholes() == [255])
    }

    @Test("Tensors without axes and without elements")
    func extremes() throws {
        let scalar = try tensor(type: 1, []) { $0.append(4, packed: [3] as [Float]) }
        #expect(try scalar.values(as: Double.self).shape == Shape(axes: [] as [Int]))
        #expect(try scalar.values(as: Double.self).elements == [3])
        for content: (inout ProtocolBuffer) -> Void in [{ _ in }, { $0.append(9, bytes: []) }] {
            let empty = try tensor(type: 1, [2, 0, 3], content)
            #expect(try empty.values(as: Float.self).elements == [])
            #expect(try empty.values(as: Double.self).shape == Shape(axes: [2, 0, 3]))
        }
        #expect(try tensor(type: 7, [0]) { _ in }.wholes() == [])
    }

    @Test("Types that are not read come with the model, and are refused when their values are wanted")
    func unread() throws {
        for (type, name) in [(8, "string"), (17, "float8e4m3fn"), (22, "int4"), (14, "complex64")] {
            let tensor = try tensor(type: type, [3]) { $0.append(9, bytes: [1, 2]) }
            #expect("\(tensor.type)" == name && tensor.type.kind == .unsupported)
            let real = #expect(throws: ModelFileError.self) { try tensor.values(as: Float.self) }
            #expect(real?.description == "tensor w is of type \(name), and real numbers are wanted")
            let whole = #expect(throws: ModelFileError.self) { try tensor.wholes() }
            #expect(whole?.description == "tensor w is of type \(name), and whole numbers are wanted")
        }
    }

    @Test("What does not fit together is refused with the tensor's name")
    func misfits() throws {
        func refusal(_ type: Int, _ dimensions: [Int], _ content: (inout ProtocolBuffer) -> Void) throws
            -> String
        {
            try folder.refusal(HandMade.model(type: type, dimensions, content))
        }
        let four: (inout ProtocolBuffer) -> Void = { $0.append(9, bytes: [0, 0, 0, 0]) }
        #expect(try refusal(1, [2], four) == "tensor w of m.onnx of shape (2) needs 8 bytes and has 4")
        #expect(try refusal(16, [1], four) == "tensor w of m.onnx of shape (1) needs 2 bytes and has 4")
        #expect(
            try refusal(7, [2, 2]) { $0.append(7, packed: [1, 2, 3]) }
                == "tensor w of m.onnx of shape (2, 2) needs 4 numbers and has 3")
        // In the field of another type.
        #expect(
            try refusal(1, [1]) { $0.append(5, packed: [1]) }
                == "tensor w of m.onnx of shape (1) needs 1 numbers and has 0")
        #expect(try refusal(99, [1], four) == "tensor w of m.onnx is of type 99, which is not known")
        #expect(try refusal(0, [1], four) == "tensor w of m.onnx is of type 0, which is not known")
        for dimensions in [
            [-1], [1 << 62, 2], [1 << 31, 1 << 31, 2], [0, .max, 2], [.max, .max, 0],
            Array(repeating: 1, count: 9),
        ] {
            #expect(
                try refusal(1, dimensions, four)
                    == "tensor w of m.onnx has the impossible shape \(dimensions)")
        }
        #expect(
            try refusal(1, [1]) { $0.append(3, message: ProtocolBuffer()) }
                == "tensor w of m.onnx is stored in parts, which are not read")
    }

    @Test("Aligned numbers are read where they lie, others are copied, and nothing reaches the file")
    func borrowing() throws {
        let floats: [Float] = (0..<1000).map { Float($0) }
        var addresses: Set<Bool> = []
        for padding in 0..<8 {
            // Documentation before the graph moves the numbers.
            let start = HandMade.message {
                $0.append(6, presentString: String(repeating: " ", count: padding))
            }
            let bytes =
                start.bytes + HandMade.model(type: 1, [1000]) { $0.append(9, bytes: HandMade.raw(floats)) }
            let tensor = try #require(folder.model(bytes).graph.initializers.first)
            guard case .bytes(let run) = tensor.content else {
                Issue.record("\(tensor.content)")
                return
            }
            var values = try tensor.values(as: Float.self)
            let lies = run.withUnsafeBytes { UnsafeRawPointer($0.baseAddress) }
            let isBorrowed = values.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } == lies
            #expect(isBorrowed == (run.range.lowerBound % 4 == 0))
            addresses.insert(isBorrowed)
            let other = try tensor.values(as: Float.self)
            let isOwned = values.isUniquelyReferenced()
            #expect(isOwned == !isBorrowed)
            values.withUnsafeMutableBufferPointer { $0[7] = -1 }
            #expect(values.elements[7] == -1)
            #expect(other.elements == floats)
            #expect(try tensor.values(as: Float.self).elements == floats)
            #expect(try Array(folder.data("m.onnx")) == bytes)
        }
        #expect(addresses == [true, false], "both kinds have occurred")
    }

    @Test("Values outlive the model and its file")
    func lifetime() throws {
        let values = try tensor(type: 1, [4]) { $0.append(9, bytes: HandMade.raw([1, 2, 3, 4] as [Float])) }
            .values(as: Float.self)
        try FileManager.default.removeItem(atPath: folder.path("m.onnx"))
        #expect(values.elements == [1, 2, 3, 4])
    }
}
