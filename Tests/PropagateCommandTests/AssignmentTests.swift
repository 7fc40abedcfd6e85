import Testing

@testable import PropagateCommand

/// Names with their numbers.
struct AssignmentTests {
    @Test func listsAreTakenApart() throws {
        let found = try Assignment.all(in: ["a=0.3, b = max(1, 2)", "c=[1]"], of: "let")
        #expect(found.map(\.name) == ["a", "b", "c"])
        #expect(found.map(\.text) == ["0.3", "max(1, 2)", "[1]"])
        #expect(try Assignment.all(in: ["@a=1"], of: "init").map(\.name) == ["a"])
    }

    @Test func alternativesAreGathered() throws {
        let found = try Assignment.alternatives(in: ["a=0,0.5,min(1, 2)", "b=3", "a=2"], of: "let")
        #expect(found.map(\.name) == ["a", "b"])
        #expect(found.map(\.values) == [["0", "0.5", "min(1, 2)", "2"], ["3"]])
    }

    @Test(arguments: ["", "a", "a=", "=1", "1=2", "a b=3", "@a=1"])
    func othersAreRefused(word: String) {
        #expect(throws: AssignmentError.self) { try Assignment.all(in: [word], of: "let") }
    }

    @Test(arguments: ["x", "l", "pi", "tanh", "where"])
    func namesOfFormulasAreTaken(name: String) {
        #expect(throws: AssignmentError.takenName(option: "let", name: name)) {
            try Assignment.all(in: ["\(name)=1"], of: "let")
        }
    }
}
