/// How a convention trains its networks: no part of them, and so told but not compared.
public struct TrainingRecipe: Sendable, Equatable {
    public let momentum: String
    public let weightDecay: String
    public let input: String
    public let cropPadding: String
    public let warmUp: String
    public let batch: String

    /// With the key of each in a file and its title in a table.
    public var rows: [(key: String, title: String, text: String)] {
        [
            ("momentum", "momentum", momentum), ("weight_decay", "weight decay", weightDecay),
            ("input", "input", input), ("crop_padding", "crop padding", cropPadding),
            ("warm_up", "warm-up", warmUp), ("batch", "batch", batch),
        ]
    }
}
