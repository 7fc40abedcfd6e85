import ArgumentParser

/// How much of one network's report a terminal shows.
struct TerminalOptions: ParsableArguments {
    @Flag(
        name: .shortAndLong,
        help: "Print every checked identity with its numbers, not only those that fail or cannot tell.")
    var verbose = false
}
