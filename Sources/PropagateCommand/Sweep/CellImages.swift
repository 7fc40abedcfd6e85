import DataSets
import Foundation
import ResultStore

/// The images of a sweep's cells. What was met in decoding them stands in each cell's report: cells that were measured
/// before are not decoded again.
struct CellImages {
    private let stored: [String: StoredCell]

    /// - Parameter stored: by key.
    init(_ stored: [String: StoredCell]) { self.stored = stored }

    /// What the data of all cells have in common, and all that was left out of any.
    func provenance(of grid: SweepGrid) throws -> DataProvenance? {
        // Making one may read a file of the data set.
        var sources: [String: DataProvenance] = [:]
        let cells = try grid.cells.map { cell in
            let word = cell.request.run.data
            let source = try sources[word] ?? cell.request.source.provenance()
            sources[word] = source
            guard cell.request.source is ImageFolder else { return source }
            return provenance(of: cell, source)
        }
        return DataProvenance.shared(by: cells)
    }

    private func provenance(of cell: SweepCell, _ source: DataProvenance) -> DataProvenance {
        var provenance = source
        // Nothing is left out of a cell that has no result.
        guard let report = stored[cell.key]?.report else { return provenance }
        let data = try? JSONDecoder().decode(Report.self, from: Data(report.utf8)).manifest.data
        provenance.turned = data?.turned
        provenance.undecodable = data?.undecodable
        provenance.withStrayBytes = data?.withStrayBytes
        return provenance
    }

    /// The part of a cell's report that tells of decoding.
    private struct Report: Decodable {
        struct Manifest: Decodable { let data: Images? }

        struct Images: Decodable {
            let turned: Int?
            let undecodable: [String]?
            let withStrayBytes: [String]?

            enum CodingKeys: String, CodingKey {
                case turned, undecodable
                case withStrayBytes = "with_stray_bytes"
            }
        }

        let manifest: Manifest
    }
}
