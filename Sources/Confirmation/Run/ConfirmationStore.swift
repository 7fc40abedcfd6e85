import Files
import Foundation
import Training

/// Cells on disk: a folder with one JSON file for each that is finished, checkpoints of those that are not, and a file
/// that says what they are results of. Locked while it is open.
///
/// A file is written under another name and then moved to its place, so that what is there is whole.
public struct ConfirmationStore: Sendable {
    public let path: String
    private let lock: FolderLock<ConfirmationError>
    private var cells: String { "\(path)/\(Self.cellsName)" }

    private static let descriptionName = "confirmation.json"
    private static let cellsName = "cells"
    private static let unfinishedName = "unfinished"
    /// The store of a search for gate biases.
    public static let searchName = "gate-biases"

    /// Opens a folder, or makes it.
    ///
    /// - Parameters:
    ///   - configuration: what every cell's result follows from, in words.
    /// - Throws: `ConfirmationError` where it holds something else, cannot be written, or is open elsewhere.
    public init(path: String, configuration: [String: String]) throws {
        self.path = path
        try Self.verify(path, holds: configuration)
        try FolderChange<ConfirmationError>.make("\(path)/\(Self.cellsName)")
        guard let lock = try FolderLock<ConfirmationError>(path) else { throw ConfirmationError.inUse(path) }
        self.lock = lock
        try Self.write(configuration, to: "\(path)/\(Self.descriptionName)")
    }

    /// Makes sure that a folder holds nothing, or results of this configuration.
    private static func verify(_ folder: String, holds configuration: [String: String]) throws {
        let description = "\(folder)/\(descriptionName)"
        guard let data = try contents(of: description) else {
            let names = ((try? Folder.names(in: folder)) ?? []).map(\.escaped).filter { !$0.hasPrefix(".") }
            guard names.allSatisfy({ [cellsName, searchName].contains($0) }) else {
                throw ConfirmationError.foreignFolder(folder)
            }
            guard ((try? Folder.names(in: "\(folder)/\(cellsName)")) ?? []).isEmpty else {
                throw ConfirmationError.undescribed(folder)
            }
            return
        }
        guard let stored = try? JSONDecoder().decode([String: String].self, from: data) else {
            throw ConfirmationError.damagedDescription(description)
        }
        for key in Set(stored.keys).union(configuration.keys).sorted()
        where stored[key] != configuration[key] {
            throw ConfirmationError.otherConfiguration(
                folder: folder, what: key, stored: stored[key] ?? "nothing",
                asked: configuration[key] ?? "nothing")
        }
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

    /// `nil` where there is no such file.
    private static func contents(of path: String) throws -> Data? {
        do {
            let file = try InputFile<ConfirmationError>(path)
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
