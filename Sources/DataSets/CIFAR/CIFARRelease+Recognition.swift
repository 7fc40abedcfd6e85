import Files

/// What people name in the place of the binary release's folder.
extension CIFARRelease {
    /// Why a folder without the release's files does not do, where what it holds instead is known.
    func refusal(of directory: String) -> DataSetError? {
        let names = Set(Folder.textNames(in: directory))
        guard trainingFiles.allSatisfy({ !names.contains($0) }) else { return nil }
        if let other = Self.all.first(where: { $0 != self && $0.isBinary(names) }) {
            return .otherDataSet(directory, name: other.name, word: other.word)
        }
        // Its own first.
        for release in [self] + Self.all {
            for form in release.otherForms {
                if form.files.allSatisfy(names.contains) { return release.refusal(of: form, at: directory) }
                if names.contains(form.folder) {
                    return release.refusal(of: form, at: Path.entry(form.folder, of: directory))
                }
            }
        }
        return ([archive] + otherForms.map(\.archive)).first(where: names.contains).flatMap {
            refusal(ofArchive: Path.entry($0, of: directory))
        }
    }

    /// The same of a file that is named in the place of a folder; `nil` where it is none of the release's archives.
    func refusal(ofArchive path: String) -> DataSetError? {
        guard (try? InputFile<DataSetError>(path)) != nil else { return nil }
        let name = path.split(separator: "/").last.map(String.init)
        if name == archive { return .packed(path, folder: folder) }
        return otherForms.first { $0.archive == name }.map { refusal(of: $0, at: path) }
    }

    private func isBinary(_ names: Set<String>) -> Bool {
        names.contains(folder) || trainingFiles.allSatisfy(names.contains)
    }

    private func refusal(of form: OtherForm, at path: String) -> DataSetError {
        .otherForm(path, form: "\(name) for \(form.program)", archive: archive)
    }
}
