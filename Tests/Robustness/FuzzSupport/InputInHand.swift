import Foundation

/// Keeps the input that a reader is being given in a mapped file, which outlives a crash of the process.
struct InputInHand: ~Copyable {
    private static let capacity = 1 << 24
    private let path: String
    private let memory: UnsafeMutableRawPointer?
    private let descriptor: Int32

    static func path(reader: String) -> String {
        let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        let name = reader.map { $0.isLetter || $0.isNumber ? $0 : "-" }
        return "\(folder)/fuzz-\(String(name))-\(getpid()).input"
    }

    init(reader: String) {
        path = Self.path(reader: reader)
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0, ftruncate(descriptor, off_t(Self.capacity)) == 0 else {
            memory = nil
            return
        }
        let mapped = mmap(nil, Self.capacity, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        memory = mapped == MAP_FAILED ? nil : mapped
    }

    deinit {
        if let memory { munmap(memory, Self.capacity) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Its length in the first eight bytes, then the input, as far as there is room.
    func keep(_ input: [UInt8]) {
        guard let memory else { return }
        let kept = min(input.count, Self.capacity - 8)
        memory.storeBytes(of: UInt64(kept).littleEndian, as: UInt64.self)
        input.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            (memory + 8).copyMemory(from: base, byteCount: kept)
        }
    }

    func remove() { unlink(path) }

}
