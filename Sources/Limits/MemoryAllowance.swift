/// How much more memory this process can take, and what sets the bound.
public struct MemoryAllowance: Sendable, Equatable {
    public enum Bound: Sendable, Equatable {
        /// What the machine has free.
        case machine
        /// RLIMIT_AS, in bytes.
        case addressSpace(limit: Int)
        /// RLIMIT_DATA, in bytes.
        case data(limit: Int)
        /// A control group's, in bytes.
        case controlGroup(limit: Int, name: String, file: String)

        /// What sets the bound, with its figure; empty of the machine itself.
        var clause: String {
            switch self {
            case .machine: ""
            case .addressSpace(let limit):
                "the address space of this process may take \(ByteCount.words(limit)) (RLIMIT_AS; ulimit -v raises it)"
            case .data(let limit):
                "the data of this process may take \(ByteCount.words(limit)) (RLIMIT_DATA; ulimit -d raises it)"
            case .controlGroup(let limit, let name, let file):
                "the control group \(name) may take \(ByteCount.words(limit)) (\(file))"
            }
        }
    }

    /// Bytes.
    public let bytes: Int
    public let bound: Bound

    public init(bytes: Int, bound: Bound) {
        self.bytes = max(0, bytes)
        self.bound = bound
    }

    /// Whether it is address space that is counted, touched or not.
    public var countsAddresses: Bool {
        switch bound {
        case .addressSpace, .data: true
        case .machine, .controlGroup: false
        }
    }

    /// The end of a sentence that says what is needed, such as “22.6 GiB are available”.
    public var clause: String {
        let amount = "\(ByteCount.words(bytes)) are available"
        return bound == .machine ? amount : "\(amount), as \(bound.clause)"
    }
}

/// Numbers of bytes for people.
public enum ByteCount {
    /// As people say it, such as “1.6 GiB”.
    public static func words(_ bytes: Int) -> String {
        let mebibytes = Double(bytes) / Double(1 << 20)
        if bytes > 0, mebibytes < 1 { return "\(Int((mebibytes * 1024).rounded(.up))) KiB" }
        return mebibytes < 1000
            ? "\(Int(mebibytes.rounded())) MiB" : "\((mebibytes / 1024 * 10).rounded() / 10) GiB"
    }
}
