import ProtocolBuffers

/// One record of an event file: the few fields of TensorBoard's `Event` that a training run needs.
///
/// Numbers of fields are those of tensorboard/compat/proto/event.proto and summary.proto.
struct Event: Sendable, Equatable {
    enum Content: Sendable, Equatable {
        /// The first record of every file.
        case fileVersion
        /// A run starts or goes on here: TensorBoard drops what earlier files hold of this step and later ones.
        case start
        /// Named numbers of one step. TensorBoard's format has 32 bits for each.
        case scalars([Scalar])
    }

    struct Scalar: Sendable, Equatable {
        let tag: String
        let value: Float
    }

    /// Seconds since 1970.
    let wallTime: Double
    let step: Int
    let content: Content

    var message: ProtocolBuffer {
        var event = ProtocolBuffer()
        event.append(1, double: wallTime)  // Event.wall_time
        event.append(2, integer: step)  // Event.step
        switch content {
        case .fileVersion: event.append(3, string: "brain.Event:2")  // Event.file_version
        case .scalars(let scalars): event.append(5, message: Event.summary(scalars))  // Event.summary
        case .start: event.append(7, message: Event.sessionStart)  // Event.session_log
        }
        return event
    }

    private static func summary(_ scalars: [Scalar]) -> ProtocolBuffer {
        var summary = ProtocolBuffer()
        for scalar in scalars {
            var value = ProtocolBuffer()
            value.append(1, string: scalar.tag)  // Summary.Value.tag
            value.append(2, presentFloat: scalar.value)  // Summary.Value.simple_value
            summary.append(1, message: value)  // Summary.value
        }
        return summary
    }

    private static var sessionStart: ProtocolBuffer {
        var log = ProtocolBuffer()
        log.append(1, integer: 1)  // SessionLog.status = START
        return log
    }
}
