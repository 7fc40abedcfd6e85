import Foundation

/// How long compute threads spin for each other before they sleep.
///
/// libgomp's default, about a millisecond, wastes the slices of a processor that another program has taken: beside
/// one busy neighbour on two cores a sweep then takes five to fifty times as long. Sleeping at once costs twice the
/// time on a quiet machine. A short spin costs nothing there and keeps a shared machine usable.
public enum WaitPolicy {
    private static let variable = "GOMP_SPINCOUNT"
    private static let spins = "3000"

    /// Starts the program again under the policy, unless the user has chosen one: the library reads its
    /// environment only when it is loaded. Goes on as it is where that is impossible.
    public static func adopt() {
        guard getenv(variable) == nil, getenv("OMP_WAIT_POLICY") == nil else { return }
        setenv(variable, spins, 1)
        // As they came: they need not be text.
        execv("/proc/self/exe", CommandLine.unsafeArgv)
    }
}
