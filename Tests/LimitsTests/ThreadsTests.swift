import Synchronization
import Testing

@testable import Limits

struct ThreadsTests {
    private final class Count: Sendable { let value = Atomic<Int>(0) }

    @Test("Every thread runs the body once, the calling one among them", arguments: [0, 1, 2, 7])
    func run(count: Int) {
        let runs = Count()
        Threads.run(count) { runs.value.add(1, ordering: .relaxed) }
        #expect(runs.value.load(ordering: .relaxed) == max(1, count))
    }

    @Test("A few threads can be had, and a shortage names what was asked for")
    func available() throws {
        #expect(Threads.available(upTo: 3) == 3)
        #expect(Threads.available(upTo: 0) == 0)
        #expect(Threads.available(upTo: -1) == 0)
        try Threads.require(3)
        let shortage = ThreadShortage(wanted: 8, possible: 3, obstacle: "the user may have 20")
        #expect(
            "\(shortage)" == "8 threads are asked for, and this process can have 3, as the user may have 20.")
    }
}
