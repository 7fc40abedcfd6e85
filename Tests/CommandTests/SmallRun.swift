/// The options of a run that takes no time: nine units of noise, or two, on one thread.
enum SmallRun {
    static let options = ["--depth", "5", "--batch", "2", "--data", "noise", "--threads", "1"]
    /// The same, with nothing on standard output.
    static let quiet = options + ["--quiet"]
}
