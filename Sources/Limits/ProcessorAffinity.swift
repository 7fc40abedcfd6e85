import CLimits
import Foundation

/// The processors that this process may run on.
enum ProcessorAffinity {
    static var count: Int {
        let told = Int(cl_processors())
        return told > 0 ? told : max(1, ProcessInfo.processInfo.activeProcessorCount)
    }
}
