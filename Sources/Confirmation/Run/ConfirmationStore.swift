import Files
import Foundation
import Training

/// Cells on disk: a folder with one JSON file for each that is finished, checkpoints of those that are not, and a file
/// that says what they are results of. Reading it writes nothing, so that a finished one may lie on a read-only medium.
///
/// A file is written under another name and then moved to its place, so that what is there is whole.
public struct ConfirmationStore: Sendable {
    public let path: String
    private let configuration: [String: String]
    private var cells: String { "\(path)/\(Self.cellsName)" }

    private static let descriptionName = "confirmation.json"
    private static let cellsName = "cells"
    private static let unfinishedName = "unfinished"
    /// The store of a search for gate biases.
    public static let searchName = "gate-biases"

    /// - Parameters:
    ///   - path: of a folder, which need not be there yet.
    ///   - configuration: what every cell's result follows from, in words.
    /// - Throws: `ConfirmationError` where it holds something else.
    public init(path: String, configuration: [String: String]) throws {
        self.path = path
        self.configuration = configuration
        _ = try isDescribed()
    }

    /// Makes the folder if need be, and keeps other processes from writing to it for as long as the lock lives.
    ///
    /// - Throws: `ConfirmationError` where it cannot be written, somebody else writes to it, or it holds something else by
    ///   now.
    func lock() throws -> FolderLock<ConfirmationError> {
        try FolderChange<ConfirmationError>.make(cells)
        guard let lock = try FolderLock<ConfirmationError>(path) else { throw ConfirmationError.inUse(path) }
        if try !isDescribed() { try Self.write(configuration, to: "\(path)/\(Self.descriptionName)") }
        return lock
    }

    /// Whether the folder says that it holds results of this configuration; if not, it holds nothing.
    ///
    /// - Throws: `ConfirmationError` where it holds something else.
    private func isDescribed() throws -> Bool {
        let description = "\(path)/\(Self.descriptionName)"
        guard let data = try Self.contents(of: description) else {
            let names = ((try? Folder.names(in: path)) ?? []).map(\.escaped).filter { !$0.hasPrefix(".") }
            guard names.allSatisfy({ [Self.cellsName, Self.searchName].contains($0) }) else {
                throw ConfirmationError.foreignFolder(path)
            }
            guard ((try? Folder.names(in: cells)) ?? []).isEmpty else {
                throw ConfirmationError.undescribed(path)
            }
            return false
        }
        guard let stored = try? JSONDecoder().decode([String: String].self, from: data) else {
            throw ConfirmationError.damagedDescription(description)
        }
        for key in Set(stored.keys).union(configuration.keys).sorted()
        where stored[key] != configuration[key] {
            throw ConfirmationError.otherConfiguration(
                folder: path, what: key, stored: stored[key] ?? "nothing",
                asked: configuration[key] ?? "nothing")
        }
        return true
    }

    /// The cell of a row and seed; `nil` where it is not finished.
    public func cell(_ cell: ConfirmationPlan.Cell) throws -> ConfirmationCell? {
        let file = file(of: cell)
        guard let data = try Self.contents(of: file) else { return nil }
        guard let stored = try? Self.decoder.decode(ConfirmationCell.self, from: data),
            stored.row == cell.row.identity, stored.seed == cell.seed
        else { throw ConfirmationError.damagedCell(file) }
        return stored
    }

    /// Where a cell that is not finished keeps its last checkpoint.
    func checkpoints(of cell: ConfirmationPlan.Cell) -> CheckpointFolder {
        CheckpointFolder(path: unfinished(cell), keeping: 1)
    }

    /// Keeps what came of a cell, and its checkpoint no longer.
    func write(_ result: ConfirmationCell, of cell: ConfirmationPlan.Cell) throws {
        try Self.write(result, to: file(of: cell))
        FolderChange<ConfirmationError>.remove(unfinished(cell))
    }

    private func file(of cell: ConfirmationPlan.Cell) -> String { "\(cells)/\(Self.name(of: cell)).json" }

    private func unfinished(_ cell: ConfirmationPlan.Cell) -> String {
        "\(path)/\(Self.unfinishedName)/\(Self.name(of: cell))"
    }

    private static func name(of cell: ConfirmationPlan.Cell) -> String {
        let row = cell.row.identity.map { $0.isLetter || $0.isNumber || "-.,".contains($0) ? $0 : "_" }
        return "\(String(row)).seed\(cell.seed)"
    }

    /// A test error may be no number.
    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }

    /// The longest file that is read, in bytes: the measurements of a network of 100,000 layers take some 20 MB.
    static let longest = 64 << 20

    /// `nil` where there is no such file.
    private static func contents(of path: String) throws -> Data? {
        do {
            let file = try InputFile<ConfirmationError>(path)
            guard file.size <= longest else {
                throw ConfirmationError.tooLong(path, bytes: file.size, limit: longest)
            }
            return Data(try file.bytes(file.size, at: 0))
        } catch ConfirmationError.fileMissing {
            return nil
        }
    }

    private static func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        try OutputFile<ConfirmationError>.write([UInt8](try encoder.encode(value)), to: path)
    }
}
