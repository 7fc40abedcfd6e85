import Foundation
import Synchronization
import Testing

@testable import Kernels

@Suite("Work shared by threads")
struct SharedWorkTests {
    @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 5, 40])
    func everyIndexIsWorkedOnOnce(threads: Int, count: Int) {
        let times = Mutex([Int](repeating: 0, count: count))
        let status = forEachIndex(below: count, threads: Int32(threads)) { thread, index in
            times.withLock { $0[index] += 1 }
            return (0..<threads).contains(thread) ? 0 : 1
        }
        #expect(status == 0)
        #expect(times.withLock { $0 } == [Int](repeating: 1, count: count))
    }

    /// The first index waits for all others, half of which are of the same thread's part.
    @Test func othersTakeOverFromAThreadThatIsHeldUp() {
        let count = 40
        let done = Mutex(0)
        let status = forEachIndex(below: count, threads: 2) { _, index in
            guard index == 0 else {
                done.withLock { $0 += 1 }
                return 0
            }
            let deadline = Date().addingTimeInterval(60)
            while done.withLock({ $0 }) < count - 1, Date() < deadline { usleep(1000) }
            return done.withLock { $0 } == count - 1 ? 0 : 1
        }
        #expect(status == 0)
    }

    @Test(arguments: [1, 2, 3])
    func aStatusIsReturned(threads: Int) {
        #expect(forEachIndex(below: 12, threads: Int32(threads)) { _, index in index == 7 ? 5 : 0 } == 5)
    }
}
