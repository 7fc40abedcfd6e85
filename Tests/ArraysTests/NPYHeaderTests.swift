import Foundation
import Tensors
import Testing

@testable import Arrays

/// Headers of .npy files, as numpy writes them and as nobody does.
struct NPYHeaderTests {
    private func header(_ text: String) throws -> NPYHeader { try NPYHeader(Array(text.utf8)[...]) }

    @Test(
        "Spaces, quotes, order of the keys and Python 2's long numbers make no difference",
        arguments: [
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   \n",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
            "{\"shape\":(2,3,),\"descr\":\"=f4\",\"fortran_order\":False}",
            " { 'fortran_order' : False , 'shape' : ( 2L , 3L ) , 'descr' : '<f4' } \n",
        ])
    func variants(text: String) throws {
        let found = try header(text)
        #expect(
            found.type == StoredType(kind: .float, size: 4) && found.shape == [2, 3] && !found.isFortranOrder)
    }

    @Test func tuplesOfOneAndOfNone() throws {
        #expect(try header("{'descr': '|b1', 'fortran_order': True, 'shape': (3,), }").shape == [3])
        #expect(try header("{'descr': '>i8', 'fortran_order': True, 'shape': (), }").shape == [])
    }

    @Test(
        "What numpy does not write is refused",
        arguments: [
            "", "{}", "{", "[]", "{'descr': '<f4', 'fortran_order': False}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } x",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
            "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2,,3)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}",
            "{'descr': '<f4', 'fortran_order': False 'shape': (3,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': __import__('os').getpid()}",
            "{'descr': '<\\x66\\x34', 'fortran_order': False, 'shape': (3,)}",
            "{'descr': ('<f4', (2,)), 'fortran_order': False, 'shape': (3,)}",
        ])
    func refused(text: String) {
        #expect(throws: ArrayRefusal.malformed("has a header that is none of numpy's")) { try header(text) }
    }

    @Test(
        "Types that numpy does not have are refused",
        arguments: ["f4", "<f5", "<f", "<", "", "<i16", "|b4", "<q8", "<f4x", "<f+4", "<f04"])
    func types(word: String) {
        #expect(
            throws: ArrayRefusal.malformed("has elements of the type “\(word)”, which is none of numpy's")
        ) {
            try header("{'descr': '\(word)', 'fortran_order': False, 'shape': (3,)}")
        }
    }

    /// A file of 4 bytes of data, of version 1.0 unless something else is said.
    private func sentence(
        _ text: String = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}\n", data: Int = 4,
        version: [UInt8] = [1, 0], length: Int? = nil
    ) -> String {
        let claimed = length ?? text.utf8.count
        let size = version[0] == 1 ? 2 : 4
        let bytes =
            NPYFile.signature + version + (0..<size).map { UInt8(truncatingIfNeeded: claimed >> (8 * $0)) }
        do {
            let file = bytes + Array(text.utf8) + Array(repeating: 0, count: data)
            _ = try NPYFile.array(file, name: "x", "b.npy")
            return "none"
        } catch { return "\(error)" }
    }

    @Test("What does not fit the header is refused with both sizes")
    func sizes() {
        #expect(sentence() == "none")
        #expect(
            sentence(data: 3)
                == "The array x of b.npy is cut short: its shape (1) needs 4 bytes, and 3 are there.")
        #expect(sentence(data: 6) == "The array x of b.npy has 2 bytes more than its shape (1) needs.")
        #expect(
            sentence(version: [4, 0])
                == "The array x of b.npy is of version 4.0 of the .npy format; 1.0 to 3.0 are read.")
        #expect(sentence(length: 200) == "The array x of b.npy is cut short in its header.")
        #expect(
            sentence(version: [2, 0], length: 0xFFFF_FFFF)
                == "The array x of b.npy is cut short in its header.")
        for shape in ["(4611686018427387904, 4)", "(0, 4611686018427387904, 4)", "(4611686018427387904,)"] {
            #expect(
                sentence("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape)}", data: 0)
                    == "The array x of b.npy has a shape that no array has.")
        }
        #expect(
            sentence("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}")
                == "The array x of b.npy has 9 axes, and at most 8 are read.")
    }

    /// Every pattern of 16 bits, against the arithmetic of the format.
    @Test func halfPrecision() {
        let wrong = (UInt16.min...UInt16.max).filter { bits in
            let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023) / 1024)
            let size: Float =
                switch exponent {
                case 0: Float(sign: .plus, exponent: -14, significand: 1) * fraction
                case 31: fraction == 0 ? .infinity : .nan
                default: Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
                }
            let found = StoredType.float(half: bits)
            let isSame = found.magnitude == size || found.isNaN && size.isNaN
            return !isSame || (found.sign == .minus) != (bits >> 15 == 1)
        }
        #expect(wrong.isEmpty)
    }
}
