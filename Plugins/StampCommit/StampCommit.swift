import Foundation
import PackagePlugin

/// Writes the commit that is checked out into a Swift source, anew when it or a source file has changed.
@main struct StampCommit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let root = context.package.directoryURL
        let script = root.appending(path: "Plugins/StampCommit/stamp-commit")
        let output = context.pluginWorkDirectoryURL.appending(path: "SourceCommit.swift")
        return [
            .buildCommand(
                displayName: "Stamping the commit", executable: URL(filePath: "/bin/sh"),
                arguments: [script.path, root.path, output.path],
                inputFiles: [script] + places(of: root) + sources(of: context.package, in: root),
                outputFiles: [output])
        ]
    }

    /// What Git writes when another commit is checked out or made.
    private func places(of root: URL) -> [URL] {
        let git = root.appending(path: ".git")
        // In a worktree `.git` is a file that says where the folder is.
        let pointer = (try? String(contentsOf: git, encoding: .utf8)).flatMap { text in
            text.hasPrefix("gitdir: ")
                ? text.dropFirst(8).trimmingCharacters(in: .whitespacesAndNewlines) : nil
        }
        let folder = pointer.map { URL(filePath: $0, relativeTo: root) } ?? git
        return ["HEAD", "logs/HEAD"].map { folder.appending(path: $0) }
            .filter { FileManager.default.fileExists(atPath: $0.path) }
    }

    private func sources(of package: Package, in root: URL) -> [URL] {
        package.targets.compactMap { $0 as? any SourceModuleTarget }.flatMap { target in
            target.sourceFiles.filter { $0.type == .source || $0.type == .header }.map(\.url)
        }.filter { $0.path.hasPrefix(root.appending(path: "Sources").path) } + [
            root.appending(path: "Package.swift")
        ]
    }
}
