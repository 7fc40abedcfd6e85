import Foundation

/// Says a sentence when the program is interrupted, which then ends as it would have.
struct InterruptionNote {
    private let kinds = [SIGINT, SIGTERM].filter { !SignalDisposition.isIgnored($0) }
    private let sources: [any DispatchSourceSignal]

    init(sentence: String) {
        sources = kinds.map { kind in
            signal(kind, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: kind, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                // In place of a line of progress that may stand there.
                let beginning = TerminalSurroundings.progressColumns == nil ? "" : RenewedLine.beginning
                StandardStream.note("\(beginning)propagate: \(sentence)\n")
                signal(kind, SIG_DFL)
                kill(getpid(), kind)
            }
            source.resume()
            return source
        }
    }

    func end() {
        for source in sources { source.cancel() }
        for kind in kinds { signal(kind, SIG_DFL) }
    }
}
