import Archives

/// A .npz file: a zip archive of .npy files.
enum NPZFile {
    static func arrays(_ path: String) throws(ArrayError) -> [NamedArray] {
        let archive = try open(path)
        guard !archive.members.contains(where: { ("/" + $0.name).hasSuffix("/data.pkl") }) else {
            throw .otherFormat(path, note: "is a checkpoint of torch.save; save its arrays with numpy.savez")
        }
        var arrays: [NamedArray] = []
        for member in archive.members {
            guard member.name.hasSuffix(".npy") else {
                throw .name(member.name, path: path, reason: "which is no .npy file")
            }
            let name = String(member.name.dropLast(4))
            arrays.append(try NPYFile.array(try bytes(of: member, in: archive), name: name, path))
        }
        return arrays
    }

    private static func open(_ path: String) throws(ArrayError) -> ZipArchive {
        do throws(ArchiveError) { return try ZipArchive(path) } catch { throw .archive(error) }
    }

    private static func bytes(
        of member: ZipMember, in archive: borrowing ZipArchive
    ) throws(ArrayError) -> [UInt8] {
        do throws(ArchiveError) { return try archive.bytes(of: member) } catch { throw .archive(error) }
    }
}
