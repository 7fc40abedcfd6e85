import Foundation

/// The control groups that this process is in, and those above them, whose limits bind it as well.
///
/// Both versions of the interface are read, side by side where a machine has both: the unified hierarchy, and a
/// hierarchy a controller.
struct ControlGroup {
    /// A group of a hierarchy: its folder, its name as the system tells it, and which version it speaks.
    struct Level: Equatable {
        let folder: String
        let name: String
        let isUnified: Bool
    }

    /// The folder that `/proc` and the mount points are below: `/`, or that of a test.
    private let root: String

    init(root: String) { self.root = root.hasSuffix("/") ? String(root.dropLast()) : root }

    /// What memory a group leaves.
    struct Memory: Equatable {
        let limit: Int
        let left: Int
        let name: String
        /// The file that states the limit.
        let file: String
    }

    /// The group that leaves the least memory; `nil` where none is limited.
    ///
    /// Pages of files that can be dropped at once count as free. `memory.high` is taken for a limit: beyond it a process
    /// is held up until it hardly moves.
    var memory: Memory? {
        levels(of: "memory").flatMap { level in
            let usage = number(level, level.isUnified ? "memory.current" : "memory.usage_in_bytes") ?? 0
            let droppable = statistic(level, level.isUnified ? "inactive_file" : "total_inactive_file") ?? 0
            let used = max(0, usage - min(usage, droppable))
            return (level.isUnified ? ["memory.max", "memory.high"] : ["memory.limit_in_bytes"])
                .compactMap { file in
                    // Version 1 states no limit as the greatest number of whole pages.
                    number(level, file).flatMap { limit in
                        limit >= 1 << 62
                            ? nil
                            : Memory(limit: limit, left: max(0, limit - used), name: level.name, file: file)
                    }
                }
        }.min { $0.left < $1.left }
    }

    /// Processors' worth of time, the least of all groups; `nil` where none is limited.
    var processors: Double? {
        levels(of: "cpu").compactMap { level -> Double? in
            let quota: Int?
            let period: Int?
            if level.isUnified {
                let words = text(level, "cpu.max")?.split(whereSeparator: \.isWhitespace) ?? []
                quota = words.first.flatMap { Int($0) }
                period = words.count > 1 ? Int(words[1]) : 100_000
            } else {
                quota = number(level, "cpu.cfs_quota_us")
                period = number(level, "cpu.cfs_period_us")
            }
            guard let quota, let period, quota > 0, period > 0 else { return nil }
            return Double(quota) / Double(period)
        }.min()
    }

    /// Processes and threads that a group may have, and how many more than there are.
    struct Tasks: Equatable {
        let limit: Int
        let left: Int
        let name: String
    }

    /// The group that leaves the fewest; `nil` where none is limited.
    var tasks: Tasks? {
        levels(of: "pids").compactMap { level in
            guard let limit = number(level, "pids.max"), limit >= 0 else { return nil }
            return Tasks(
                limit: limit, left: max(0, limit - max(0, number(level, "pids.current") ?? 0)),
                name: level.name)
        }.min { $0.left < $1.left }
    }

    /// The groups that a controller may limit this process by, from its own up.
    func levels(of controller: String) -> [Level] {
        let mounts = mounts()
        return memberships().flatMap { membership -> [Level] in
            guard membership.controllers.isEmpty || membership.controllers.contains(controller) else {
                return []
            }
            let isUnified = membership.controllers.isEmpty
            guard
                let mount = mounts.first(where: {
                    isUnified ? $0.isUnified : !$0.isUnified && $0.controllers.contains(controller)
                })
            else { return [] }
            return levels(of: membership.path, in: mount)
        }
    }

    /// A group's path, as seen through a mount that may begin further down.
    private func levels(of path: String, in mount: Mount) -> [Level] {
        var names = path.split(separator: "/").map(String.init)
        let above = mount.root.split(separator: "/").map(String.init)
        // A group outside what is mounted, as within a container: what is mounted is then all that can be seen.
        let isSeen = names.starts(with: above) && !names.contains("..")
        names = isSeen ? Array(names.dropFirst(above.count)) : []
        return (0...names.count).reversed().map { count in
            let below = names[..<count].map { "/" + $0 }.joined()
            let name = (isSeen && mount.root != "/" ? mount.root : "") + below
            return Level(
                folder: root + mount.point + below, name: name.isEmpty ? "/" : name,
                isUnified: mount.isUnified)
        }
    }

    private struct Membership {
        /// None in the unified hierarchy.
        let controllers: [String]
        let path: String
    }

    /// The lines of `/proc/self/cgroup`: a number, controllers, a path.
    private func memberships() -> [Membership] {
        lines("/proc/self/cgroup").compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[2].hasPrefix("/") else { return nil }
            return Membership(
                controllers: parts[1].split(separator: ",").map(String.init), path: String(parts[2]))
        }
    }

    private struct Mount {
        /// The group that is mounted.
        let root: String
        /// Where.
        let point: String
        let isUnified: Bool
        let controllers: [String]
    }

    /// Of the hierarchies, from `/proc/self/mountinfo`.
    private func mounts() -> [Mount] {
        lines("/proc/self/mountinfo").compactMap { line in
            let words = line.split(separator: " ")
            guard let dash = words.firstIndex(of: "-"), dash >= 6, words.count > dash + 3,
                words[dash + 1] == "cgroup" || words[dash + 1] == "cgroup2"
            else { return nil }
            return Mount(
                root: Self.unescaped(words[3]), point: Self.unescaped(words[4]),
                isUnified: words[dash + 1] == "cgroup2",
                controllers: words[dash + 3].split(separator: ",").map(String.init))
        }
    }

    /// A blank in a path stands as `\040`.
    private static func unescaped(_ word: Substring) -> String {
        String(word).replacing(#/\\([0-7]{3})/#) { match in
            Int(match.1, radix: 8).flatMap(UnicodeScalar.init).map { String(Character($0)) } ?? ""
        }
    }

    private func lines(_ path: String) -> [Substring] {
        ((try? String(contentsOfFile: root + path, encoding: .utf8)) ?? "").split(separator: "\n")
    }

    private func text(_ level: Level, _ file: String) -> String? {
        try? String(contentsOfFile: "\(level.folder)/\(file)", encoding: .utf8)
    }

    /// `nil` for “max”, and for what is no number.
    private func number(_ level: Level, _ file: String) -> Int? {
        text(level, file).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private func statistic(_ level: Level, _ name: String) -> Int? {
        text(level, "memory.stat")?.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .flatMap { Int($0.dropFirst(name.count + 1)) }
    }
}
