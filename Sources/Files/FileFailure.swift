/// An error that can say why a file was not read, in the words of the module that wanted it.
public protocol InputFileFailure: Error {
    /// There is no file at this path.
    static func fileMissing(_ path: String) -> Self
    /// The system does not let us read it.
    static func unreadable(_ path: String, reason: String) -> Self
}

/// An error that can say why a file was not written.
public protocol OutputFileFailure: Error {
    /// The system refused to open, write or rename it: a full disk, missing permission.
    static func unwritable(_ path: String, reason: String) -> Self
}
