import ArgumentParser
import DataSets
import Files
import Foundation

/// Where a command writes and what it reads, held against each other before any work: no result takes the place of
/// another, or of what it is made from.
struct OutputPlaces {
    /// A place, and the option that names it.
    private struct Place {
        let option: String
        let path: String
        let canonical: CanonicalPath

        init(_ option: String, _ path: String) {
            self.option = option
            self.path = path
            canonical = CanonicalPath(path)
        }
    }

    private var files: [Place] = []
    private var folders: [(place: Place, kind: FolderUse)] = []
    private var inputFiles: [Place] = []
    /// Folders of images by class, in which every folder is a class.
    private var inputFolders: [Place] = []

    /// What a command does with a folder that it writes to.
    enum FolderUse {
        /// Everything in it belongs to it: a report, a store.
        case whole
        /// It has entries of these names, or beginnings of names, and leaves others alone.
        case entries([String])
        /// It reads entries of these names, and nothing else may take their place.
        case reads([String])

        fileprivate var isReading: Bool { if case .reads = self { true } else { false } }
    }

    /// - Parameter path: `nil` and `-` name no place.
    mutating func add(file path: String?, of option: String) {
        // A device can take any number of results.
        if let path, path != "-", !OutputDevice.exists(path) { files.append(Place(option, path)) }
    }

    mutating func add(folder path: String?, of option: String, _ use: FolderUse) {
        if let path { folders.append((Place(option, path), use)) }
    }

    mutating func add(inputFile path: String?, of option: String) {
        if let path { inputFiles.append(Place(option, path)) }
    }

    /// What a word of `--data` reads: a directory of classes, or files of fixed names.
    mutating func add(data word: String?) {
        guard let word else { return }
        let option = "--data"
        if word.hasPrefix("folder:") {
            inputFolders.append(Place(option, String(word.dropFirst("folder:".count))))
        }
        for file in CIFARRelease.files(of: word) { add(inputFile: file, of: option) }
    }

    /// Those that the options of a report name.
    mutating func add(_ options: OutputOptions, exporting export: ExportOptions? = nil) {
        add(folder: options.report, of: "--report", .whole)
        add(folder: export?.export, of: "--export", .entries(TensorExportFiles.all))
        add(file: options.json, of: "--json")
        add(file: options.csv, of: "--csv")
    }

    /// The folder of a training run.
    mutating func add(run path: String?, of option: String) {
        add(folder: path, of: option, .entries(RunFolder.entries))
    }

    /// Weights that are read: those of a run, or a file.
    mutating func add(weights path: String?) {
        guard let path else { return }
        if Folder.exists(path) {
            add(folder: path, of: "the run", .reads(RunFolder.entries))
        } else {
            add(inputFile: path, of: "the run")
        }
    }

    /// - Throws: `ValidationError`: a usage error.
    static func requireApart(_ collect: (inout OutputPlaces) throws -> Void) throws {
        var places = OutputPlaces()
        try collect(&places)
        do { try places.requireApart() } catch { throw ValidationError("\(error)") }
    }

    /// - Throws: `OutputError.clash`, `.within`.
    func requireApart() throws(OutputError) {
        for (index, file) in files.enumerated() {
            for other in files[..<index] + inputFiles where other.canonical == file.canonical {
                throw .clash(other.option, file.option, path: file.path)
            }
            for (folder, use) in folders { try require(file, outside: folder, use) }
            for data in inputFolders { try require(file, besides: data) }
        }
        for (index, (folder, ownUse)) in folders.enumerated() {
            // What is read may be read twice.
            func matters(_ use: FolderUse) -> Bool { !(use.isReading && ownUse.isReading) }
            let others = folders[..<index].filter { matters($0.kind) }.map(\.place)
            for other in others + inputFolders + inputFiles where other.canonical == folder.canonical {
                throw .clash(other.option, folder.option, path: folder.path)
            }
            for (position, (outer, use)) in folders.enumerated() where position != index && matters(use) {
                try require(folder, outside: outer, use)
            }
            // A folder among those of a data set would be one of its classes.
            for data in inputFolders where folder.canonical.isWithin(data.canonical) {
                throw .within(folder.option, data.option, path: folder.path)
            }
        }
    }

    private func require(_ place: Place, outside folder: Place, _ use: FolderUse) throws(OutputError) {
        guard let first = place.canonical.relative(to: folder.canonical)?.first else { return }
        switch use {
        case .entries(let names) where !names.contains(where: first.hasPrefix): return
        case .reads(let names) where !names.contains(where: first.hasPrefix): return
        default: break
        }
        throw .within(place.option, folder.option, path: place.path)
    }

    /// A new file beside a data set's folders harms nothing.
    private func require(_ file: Place, besides data: Place) throws(OutputError) {
        guard let parts = file.canonical.relative(to: data.canonical) else { return }
        if parts.count > 1 || access(file.path, F_OK) == 0 {
            throw .within(file.option, data.option, path: file.path)
        }
    }
}
