import Files

/// What lies in a folder of images by class, by its names: nothing is opened.
struct FolderListing {
    /// Names of the classes, in order.
    private(set) var classes: [String] = []
    /// Paths of the images, class by class, and the class of each.
    private(set) var files: [String] = []
    private(set) var labels: [Int] = []
    /// Paths of what lies among them and is neither; those of folders end in “/”.
    private(set) var others: [String] = []

    static let extensions = [".png", ".jpg", ".jpeg", ".jpe", ".jfif"]
    /// Of folders that hold the classes, one for each use that the images are put to: first those to train on.
    private static let partNames = ["train", "training", "val", "valid", "validation", "test", "testing"]

    /// - Throws: `DataSetError` where the directory is missing, cannot be listed, or has a name in it that is not UTF-8;
    ///   `ImageFolderError` where it has no classes, or one without images.
    init(_ directory: String) throws {
        guard Folder.exists(directory) else { throw DataSetError.directoryMissing(directory) }
        for name in try Self.names(in: directory) {
            let path = Path.entry(name, of: directory)
            if Folder.exists(path) { classes.append(name) } else { others.append(path) }
        }
        guard !classes.isEmpty else { throw ImageFolderError.noClasses(directory) }
        // Strings are equal where their text is: nobody could tell the two apart in a report.
        for (name, next) in zip(classes, classes.dropFirst()) where name == next {
            throw ImageFolderError.sameText(directory, name: name)
        }
        for (label, name) in classes.enumerated() {
            let folder = Path.entry(name, of: directory)
            let names = try Self.names(in: folder)
            let images = names.filter(Self.isImage)
            let rest = names.filter { !Self.isImage($0) }.map { name in
                let path = Path.entry(name, of: folder)
                return Folder.exists(path) ? path + "/" : path
            }
            guard !images.isEmpty else { throw Self.refusal(of: folder, rest, directory, classes) }
            files += images.map { Path.entry($0, of: folder) }
            labels += images.map { _ in label }
            others += rest
        }
    }

    /// Why a class without images is none.
    private static func refusal(
        of folder: String, _ others: [String], _ directory: String, _ classes: [String]
    ) -> ImageFolderError {
        guard others.contains(where: { $0.hasSuffix("/") }) else {
            return .emptyClass(folder, others: others)
        }
        let parts = partNames.filter(classes.contains)
        guard let training = parts.first, parts.count > 1 else { return .foldersInClass(folder) }
        return .parts(directory, parts, training: training)
    }

    /// In the order of their text (that of the code points of its normal form C; bytes decide between names of the same
    /// text), without those that begin with a dot.
    private static func names(in folder: String) throws(DataSetError) -> [String] {
        let names: [FileName]
        do {
            names = try Folder.names(in: folder)
        } catch {
            throw .unreadable(folder, reason: error.reason)
        }
        var texts: [String] = []
        for name in names where name.bytes.first != UInt8(ascii: ".") {
            guard let text = name.text else { throw .nameNotUTF8(name.escaped, folder: folder) }
            texts.append(text)
        }
        return texts.sorted { $0 == $1 ? $0.utf8.lexicographicallyPrecedes($1.utf8) : $0 < $1 }
    }

    private static func isImage(_ name: String) -> Bool {
        let lowercase = name.lowercased()
        return extensions.contains { lowercase.hasSuffix($0) }
    }
}
