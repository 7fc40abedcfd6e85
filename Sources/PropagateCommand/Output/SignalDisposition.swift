import Foundation

/// What the process was started to do at a signal.
enum SignalDisposition {
    /// Whether it is to be ignored, as with nohup or in the background of a script.
    static func isIgnored(_ kind: Int32) -> Bool {
        let former = signal(kind, SIG_IGN)
        signal(kind, former)
        return unsafeBitCast(former, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
