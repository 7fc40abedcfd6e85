import Foundation
import Testing

@testable import Training

@Suite("Checkpoints on disks that refuse them")
struct CheckpointDiskTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    /// A file system that fills up: with every number of free pages from none to all but enough, the sentence gives
    /// the system's reason, the former checkpoint is what it was, and nothing half-written stays.
    @Test(.enabled(if: SmallDisk.isAvailable, "a small file system can be mounted by root only"))
    func fullDiskLosesNothing() throws {
        let fixture = CheckpointFixture<Float>()
        let (first, second) = (try fixture.checkpoint(after: 1), try fixture.checkpoint(after: 2))
        let disk = try SmallDisk(at: temporary.file("disk"), bytes: 1 << 20)
        let folder = CheckpointFolder(ofRun: disk.path, keeping: 1)
        let path = try folder.write(first)
        let good = try temporary.contents(of: path)
        let filler = disk.path + "/filler"
        var refusals = 0
        for freePages in [0, 1, 2, 3, 5, 8, 12] {
            try disk.fill(filler, leaving: freePages)
            do {
                try folder.write(second)
                #expect(try folder.newest()?.iteration == 2)
                break
            } catch CheckpointError.unwritable(let place, let reason) {
                refusals += 1
                #expect(place == folder.path + "/iteration-00000002")
                #expect(reason == "No space left on device")
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["iteration-00000001"])
            #expect(try temporary.contents(of: path) == good)
            #expect(try folder.newest()?.iteration == 1)
        }
        #expect(refusals >= 4)
        try FileManager.default.removeItem(atPath: filler)
        try folder.write(second)
        #expect(folder.iterations == [2])
    }

    /// A file where the folder is to be.
    @Test func unwritablePlacesAreNamed() throws {
        let file = try temporary.write([1], to: "file")
        let folder = CheckpointFolder(path: file + "/checkpoints")
        #expect(throws: CheckpointError.unwritable(file, reason: "File exists")) { try folder.prepare() }
        #expect(throws: CheckpointError.self) {
            try folder.write(CheckpointFixture<Float>().checkpoint(after: 0))
        }
        #expect(
            CheckpointError.unwritable("x", reason: "No space left on device").description
                == "x cannot be written: No space left on device; checkpoints written before are as they were."
        )
    }
}

/// A file system of a few pages in memory, unmounted with its owner.
private final class SmallDisk {
    let path: String

    /// Whether this process may mount one: tried, as containers differ.
    static let isAvailable: Bool = {
        guard let trial = try? TemporaryDirectory() else { return false }
        return (try? SmallDisk(at: trial.file("trial"), bytes: 4096)) != nil
    }()

    struct NotMounted: Error {}

    init(at path: String, bytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(bytes)", "tmpfs", path) else {
            throw NotMounted()
        }
    }

    deinit { _ = Self.run("umount", path) }

    /// Makes a file that leaves so many pages free.
    func fill(_ file: String, leaving pages: Int) throws {
        try? FileManager.default.removeItem(atPath: file)
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: path)
        let free = (attributes[.systemFreeSize] as? NSNumber)?.intValue ?? 0
        try Data(count: free - pages * 4096).write(to: URL(filePath: file))
    }

    private static func run(_ command: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
