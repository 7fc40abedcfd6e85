import BuiltProgram
import Foundation
import TemporaryFolders

/// The library that disturbs calls of the system, built from `shim.c` by the C compiler that is there.
struct FaultShim: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case write, sync, rename, open, mkdir, read, alloc

        /// What can happen to such a call, in a real system. A process can be killed before any.
        var faults: [String] {
            switch self {
            case .write: ["ENOSPC", "EIO", "EDQUOT", "EINTR", "short", "kill"]
            case .sync: ["EIO", "ENOSPC", "EINTR", "kill"]
            case .rename: ["EACCES", "ENOSPC", "EIO", "kill"]
            case .open: ["EACCES", "EMFILE", "ENOSPC", "EINTR", "kill"]
            case .mkdir: ["ENOSPC", "EACCES", "kill"]
            case .read: ["EIO", "EINTR", "short", "kill"]
            case .alloc: ["ENOMEM", "kill"]
            }
        }
    }

    /// One disturbed call.
    struct Fault: Sendable, CustomStringConvertible {
        let kind: Kind
        /// Counted from 1.
        let call: Int
        let what: String

        var description: String { "\(kind.rawValue):\(call):\(what)" }
        var kills: Bool { what == "kill" }
        /// Whether the program has to go on as if nothing had happened.
        var isHarmless: Bool { ["EINTR", "short"].contains(what) }
    }

    private let folder: TemporaryFolder
    private var library: String { folder.path("shim.so") }

    struct NotBuilt: Error {}

    init() throws {
        folder = try TemporaryFolder()
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "shim.c").path
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        // Swift's toolchain brings one along.
        compiler.arguments = [
            "sh", "-c", "command -v cc >/dev/null || exec clang \"$@\"; exec cc \"$@\"", "sh", "-shared",
            "-fPIC",
            "-O1", "-o", library, source, "-ldl",
        ]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw NotBuilt() }
    }

    /// Runs the program with one call disturbed, or with none.
    func run(_ arguments: [String], in place: TemporaryFolder, _ fault: Fault? = nil) throws
        -> Program.Outcome
    {
        try Program.run(
            arguments, in: place,
            environment: [
                "LD_PRELOAD": library, "FAULT": fault?.description ?? "",
                "FAULT_COUNTS": folder.path("counts"),
            ])
    }

    /// How many calls of each kind the last run made that was not killed.
    func counts() throws -> [Kind: Int] {
        let lines = try folder.text("counts").split(separator: "\n").map { $0.split(separator: " ") }
        return Dictionary(
            lines.compactMap { line in
                Kind(rawValue: String(line[0])).flatMap { kind in Int(line[1]).map { (kind, $0) } }
            }, uniquingKeysWith: max)
    }
}
