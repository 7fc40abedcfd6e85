import Files
import ProtocolBuffers

/// The file that a model is read from, and the files beside it that hold weights, each mapped once.
final class ModelSource {
    let file: MappedFile
    private var external: [String: MappedFile] = [:]

    var path: String { file.path }

    init(_ path: String) throws(ModelFileError) {
        file = try MappedFile(path, errors: ModelFileError.self)
    }

    /// A file of weights.
    ///
    /// - Parameter location: as the model names it.
    /// - Throws: `externalDataMissing`, `unreadable`, or `badTensor` where the location leads out of the model's
    ///   folder.
    func externalFile(_ location: String, of tensor: String) throws(ModelFileError) -> MappedFile {
        if let mapped = external[location] { return mapped }
        let place = try checkedPlace(location, of: tensor)
        let mapped: MappedFile
        do throws(ModelFileError) {
            mapped = try MappedFile(place, errors: ModelFileError.self)
        } catch {
            guard case .fileMissing = error else { throw error }
            throw .externalDataMissing(location)
        }
        external[location] = mapped
        return mapped
    }

    /// The path of a file of weights. A model may come from a stranger, and reads nothing but what lies in its own
    /// folder: the one that it was named in, or, where its name is a link, as in caches of downloads, the one that the
    /// link leads to.
    private func checkedPlace(_ location: String, of tensor: String) throws(ModelFileError) -> String {
        let components = Path.components(of: location)
        guard !location.utf8.contains(0), !components.contains(".."), components.last != "",
            components.first != ""
        else {
            throw .badTensor(
                tensor, path: path, reason: "is in '\(location)', which is no path within the model's folder")
        }
        let place = Path.entry(location, of: Path.parent(of: path))
        let real = CanonicalPath(place)
        let folders = [path, (try? Path.resolvingLink(path)) ?? path].map {
            CanonicalPath(Path.parent(of: $0))
        }
        guard folders.contains(where: { real.isWithin($0) }) else {
            throw .badTensor(
                tensor, path: path, reason: "is in '\(location)', a link that leads out of the model's folder"
            )
        }
        return place
    }
}
