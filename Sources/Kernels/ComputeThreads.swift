import Synchronization

/// How many threads the kernels use. Set once at the start of a run; results of the reference kernels and of
/// all sums do not depend on it.
public enum ComputeThreads {
    private static let current = Atomic<Int>(1)

    public static var count: Int {
        get { current.load(ordering: .relaxed) }
        set { current.store(max(1, newValue), ordering: .relaxed) }
    }
}
