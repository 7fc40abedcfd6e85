import Foundation

/// Memory of the machine.
public enum SystemMemory {
    /// Bytes that the system can give, from the kernel's own estimate and the control group's limit; `nil` where neither
    /// is told.
    public static func available() -> Int? {
        var limits: [Int] = []
        if let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) {
            let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
            let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            limits += kibibytes.map { [$0 * 1024] } ?? []
        }
        for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
            let text = try? String(contentsOfFile: path, encoding: .utf8)
            let bytes = text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
            limits += bytes.map { [$0] } ?? []
        }
        return limits.min()
    }

    /// A number of bytes as people say it, such as “1.6 GiB”.
    public static func words(_ bytes: Int) -> String {
        let mebibytes = Double(bytes) / Double(1 << 20)
        return mebibytes < 1000
            ? "\(Int(mebibytes.rounded())) MiB" : "\((mebibytes / 1024 * 10).rounded() / 10) GiB"
    }
}
