import Tensors

/// How the numbers of an array are stored, and how they become those that are computed with.
struct StoredType: Equatable {
    enum Kind: Equatable {
        case signed, unsigned, bool
        /// IEEE 754 in two, four or eight bytes.
        case float
        /// The upper half of a float of four bytes.
        case bfloat
    }

    let kind: Kind
    /// Bytes an element: 1, 2, 4 or 8.
    let size: Int
    var isBigEndian = false

    /// The numbers that bytes are; `nil` where an unsigned one is beyond 2⁶³ − 1.
    func numbers(_ bytes: UnsafeRawBufferPointer) -> NamedArray.Numbers? {
        switch (kind, size) {
        case (.float, 2): return .single(map(bytes) { (bits: UInt16) in Self.float(half: bits) })
        case (.bfloat, _):
            return .single(map(bytes) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) })
        case (.float, 4): return .single(map(bytes) { (bits: UInt32) in Float(bitPattern: bits) })
        case (.float, _): return .double(map(bytes) { (bits: UInt64) in Double(bitPattern: bits) })
        case (.bool, _): return .whole(map(bytes) { (byte: UInt8) in byte == 0 ? 0 : 1 })
        case (.signed, 1): return .whole(map(bytes) { (number: Int8) in Int(number) })
        case (.signed, 2): return .whole(map(bytes) { (number: Int16) in Int(number) })
        case (.signed, 4): return .whole(map(bytes) { (number: Int32) in Int(number) })
        case (.signed, _): return .whole(map(bytes) { (number: Int64) in Int(number) })
        case (.unsigned, 1): return .whole(map(bytes) { (number: UInt8) in Int(number) })
        case (.unsigned, 2): return .whole(map(bytes) { (number: UInt16) in Int(number) })
        case (.unsigned, 4): return .whole(map(bytes) { (number: UInt32) in Int(number) })
        case (.unsigned, _):
            let numbers = map(bytes) { (number: UInt64) in Int(truncatingIfNeeded: number) }
            return numbers.allSatisfy { $0 >= 0 } ? .whole(numbers) : nil
        }
    }

    private func map<Stored: FixedWidthInteger, Number>(
        _ bytes: UnsafeRawBufferPointer, _ number: (Stored) -> Number
    ) -> [Number] {
        let count = bytes.count / MemoryLayout<Stored>.size
        return [Number](unsafeUninitializedCapacity: count) { numbers, filled in
            for index in 0..<count {
                let stored = bytes.loadUnaligned(
                    fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self)
                numbers.initializeElement(
                    at: index,
                    to: number(isBigEndian ? Stored(bigEndian: stored) : Stored(littleEndian: stored)))
            }
            filled = count
        }
    }

    /// IEEE 754 binary16, exactly.
    static func float(half bits: UInt16) -> Float {
        let (exponent, fraction) = (UInt32(bits >> 10 & 0x1F), UInt32(bits & 0x3FF))
        let sign = UInt32(bits & 0x8000) << 16
        guard exponent > 0 else { return Float(bitPattern: sign | (Float(fraction) * 0x1p-24).bitPattern) }
        let wide = exponent == 0x1F ? 0xFF : exponent + 112
        return Float(bitPattern: sign | wide << 23 | fraction << 13)
    }
}

extension Shape {
    /// `nil` of extents that no array has: negative ones, more than `greatestRank`, or so many elements that they cannot
    /// be counted.
    init?(ofFile axes: [Int], elementSize: Int) {
        guard axes.count <= Shape.greatestRank else { return nil }
        var bytes = elementSize
        for extent in axes {
            guard extent >= 0 else { return nil }
            // Without the zeros, since every part of the product has to be countable.
            let (product, overflow) = bytes.multipliedReportingOverflow(by: max(1, extent))
            guard !overflow else { return nil }
            bytes = product
        }
        self.init(axes: axes)
    }
}
