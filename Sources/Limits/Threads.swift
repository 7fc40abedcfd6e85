#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Threads of the system, made so that one that cannot be had is an answer and not the end of the process.
public enum Threads {
    /// Runs `body` on so many threads at once, the calling one among them, and returns when all have ended. Where the
    /// system gives fewer it goes on with those: what each does must not rely on the others.
    public static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        let team = start(count - 1, Work(body: body))
        body()
        for thread in team { pthread_join(thread, nil) }
    }

    /// How many threads the process can have at once beside the calling one, found out by making them.
    ///
    /// No limit tells as much: who else runs under the same user or in the same control group, and whether there is
    /// address space for the stacks, shows only then.
    public static func available(upTo count: Int) -> Int {
        guard count > 0 else { return 0 }
        let gate = Gate()
        let team = start(count, Work { gate.pass() })
        gate.open()
        for thread in team { pthread_join(thread, nil) }
        return team.count
    }

    /// - Parameter count: threads that are to work at once, the calling one among them.
    /// - Throws: `ThreadShortage`.
    public static func require(_ count: Int) throws(ThreadShortage) {
        let possible = 1 + available(upTo: count - 1)
        guard possible < count else { return }
        throw ThreadShortage(
            wanted: count, possible: possible, obstacle: ProcessLimits.current.obstacle(to: count - 1))
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Those of so many threads that could be made.
    private static func start(_ count: Int, _ work: Work) -> [pthread_t] {
        var team: [pthread_t] = []
        for _ in 0..<max(0, count) {
            let argument = Unmanaged.passRetained(work)
            #if canImport(Darwin)
                var thread: pthread_t?
            #else
                var thread = pthread_t()
            #endif
            let status = pthread_create(
                &thread, nil,
                { argument in
                    #if canImport(Darwin)
                        let pointer: UnsafeMutableRawPointer? = argument
                    #else
                        let pointer = argument
                    #endif
                    if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body() }
                    return nil
                }, argument.toOpaque())
            guard status == 0 else {
                argument.release()
                break
            }
            #if canImport(Darwin)
                if let thread { team.append(thread) }
            #else
                team.append(thread)
            #endif
        }
        return team
    }

    /// Holds threads until it is opened, so that all are there at one time.
    private final class Gate: @unchecked Sendable {
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_mutex_lock(mutex)
        }

        deinit {
            pthread_mutex_destroy(mutex)
            mutex.deallocate()
        }

        func open() { pthread_mutex_unlock(mutex) }

        func pass() {
            pthread_mutex_lock(mutex)
            pthread_mutex_unlock(mutex)
        }
    }
}

/// Fewer threads can be had than were asked for.
public struct ThreadShortage: Error, Equatable, CustomStringConvertible {
    public let wanted: Int
    /// At least one.
    public let possible: Int
    /// The limit that is in the way, if one is known.
    public let obstacle: String?

    public var description: String {
        "\(wanted) threads are asked for, and this process can have \(possible)"
            + (obstacle.map { ", as \($0)" } ?? "") + "."
    }
}
