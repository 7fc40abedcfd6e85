import Files
import Kernels

/// Where a run keeps its last checkpoints, one a folder: `iteration-00001000`, `iteration-00002000`, …
public struct CheckpointFolder: Sendable {
    public let path: String
    /// How many are kept.
    public let kept: Int

    /// A place; nothing is read or written yet.
    public init(path: String, keeping kept: Int = 3) {
        precondition(kept >= 1, "\(kept) checkpoints kept")
        self.path = path
        self.kept = kept
    }

    /// The checkpoints of a run whose results are in `folder`.
    public init(ofRun folder: String, keeping kept: Int = 3) {
        self.init(path: Self.place(inRun: folder), keeping: kept)
    }

    static func place(inRun folder: String) -> String { "\(folder)/\(name)" }
    /// Of the folder within that of a run.
    public static let name = "checkpoints"

    /// Iterations after which a checkpoint was written that is still kept, in order.
    public var iterations: [Int] { Set(places.map(\.iteration)).sorted() }

    /// The last checkpoint; `nil` where none was finished.
    ///
    /// - Throws: `CheckpointError` where it is damaged: an earlier one is for the user to choose, by its path.
    public func newest() throws -> StoredCheckpoint? {
        while let last = places.last {
            do {
                return try StoredCheckpoint(folder: path(of: last.name))
            } catch  where !Folder.exists(path(of: last.name)) {
                // The run goes on meanwhile, and keeps a later one instead.
                continue
            }
        }
        return nil
    }

    /// The checkpoint of an iteration; `nil` where there is none.
    public func checkpoint(after iteration: Int) throws -> StoredCheckpoint? {
        try places.last { $0.iteration == iteration }.map { try StoredCheckpoint(folder: path(of: $0.name)) }
    }

    /// Makes the folder, and removes what a kill left behind.
    ///
    /// - Throws: `CheckpointError.unwritable`.
    public func prepare() throws {
        try FolderChange<CheckpointError>.make(path)
        for name in leftovers { FolderChange<CheckpointError>.remove(path(of: name)) }
    }

    /// Writes a checkpoint, in the place of one of the same iteration, then removes all but the last that are to be
    /// kept. For a moment there is one more than these. Checkpoints of later iterations, from which an earlier
    /// one was preferred, are left alone.
    ///
    /// - Returns: its folder.
    /// - Throws: `CheckpointError.unwritable`; all that was there is then as it was.
    @discardableResult
    public func write<Scalar: KernelScalar>(_ checkpoint: Checkpoint<Scalar>) throws -> String {
        try prepare()
        let place = Place(iteration: checkpoint.state.iteration)
        let temporary = path(of: place.hidden)
        do {
            try FolderChange<CheckpointError>.make(temporary)
            try checkpoint.write(into: temporary)
            try publish(temporary, as: place)
        } catch {
            FolderChange<CheckpointError>.remove(temporary)
            guard case CheckpointError.unwritable(_, let reason) = error else { throw error }
            throw CheckpointError.unwritable(path(of: place.name), reason: reason)
        }
        for old in places.filter({ $0.iteration <= place.iteration }).dropLast(kept) { retire(old) }
        return path(of: place.name)
    }

    /// At any moment a whole checkpoint of the iteration is there, if one was: the former steps aside, under a name
    /// by which it is still found, before the new one comes.
    private func publish(_ temporary: String, as place: Place) throws {
        let former = Place(iteration: place.iteration, isFormer: true)
        if Folder.exists(path(of: place.name)) {
            retire(former)
            try FolderChange<CheckpointError>.move(path(of: place.name), to: path(of: former.name))
        }
        try FolderChange<CheckpointError>.move(temporary, to: path(of: place.name))
        retire(former)
    }

    /// Removes a checkpoint that nobody can mistake for a whole one meanwhile. One that the system does not let us
    /// remove stays.
    private func retire(_ place: Place) {
        let (visible, hidden) = (path(of: place.name), path(of: place.hidden))
        guard (try? FolderChange<CheckpointError>.move(visible, to: hidden)) != nil else { return }
        FolderChange<CheckpointError>.remove(hidden)
    }
}

extension CheckpointFolder {
    /// The name of a checkpoint.
    struct Place: Equatable {
        let iteration: Int
        /// Whether another of this iteration takes its place.
        var isFormer = false

        private static let start = "iteration-"
        private static let formerEnd = ".former"
        private static let hiddenEnd = ".partial"

        init(iteration: Int, isFormer: Bool = false) {
            self.iteration = iteration
            self.isFormer = isFormer
        }

        init?(_ name: String) {
            guard name.hasPrefix(Self.start) else { return nil }
            isFormer = name.hasSuffix(Self.formerEnd)
            let digits = name.dropFirst(Self.start.count).dropLast(isFormer ? Self.formerEnd.count : 0)
            guard !digits.isEmpty,
                digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let iteration = Int(digits)
            else { return nil }
            self.iteration = iteration
        }

        var name: String {
            let digits = String(iteration)
            return Self.start + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
                + (isFormer ? Self.formerEnd : "")
        }

        /// While it is written or removed.
        var hidden: String { "." + name + Self.hiddenEnd }

        static func isHidden(_ name: String) -> Bool {
            name.hasPrefix("." + start) && name.hasSuffix(hiddenEnd)
        }
    }

    /// In order of iterations; of one iteration the former first.
    private var places: [Place] {
        Folder.textNames(in: path).compactMap(Place.init).sorted {
            ($0.iteration, $0.isFormer ? 0 : 1) < ($1.iteration, $1.isFormer ? 0 : 1)
        }
    }

    private var leftovers: [String] { Folder.textNames(in: path).filter(Place.isHidden) }
    var hasLeftovers: Bool { !leftovers.isEmpty }

    private func path(of name: String) -> String { path + "/" + name }
}
