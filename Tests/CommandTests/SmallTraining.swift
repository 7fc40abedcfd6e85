import Foundation

/// The options of trainings that take no time.
enum SmallTraining {
    /// Twelve iterations with four checkpoints.
    static let options = [
        "train", "--depth", "8", "--data", "digits8", "--iterations", "12", "--batch", "16",
        "--checkpoint-every", "3", "--threads", "1",
    ]
    /// Four with two, and nothing on standard output.
    static let short = [
        "train", "--depth", "8", "--data", "digits8", "--iterations", "4", "--batch", "4", "--threads", "1",
        "--checkpoint-every", "2", "--quiet", "--run", "r",
    ]

    static func weights(_ run: String, after iteration: Int) -> String {
        String(format: "%@/checkpoints/iteration-%08d/weights.safetensors", run, iteration)
    }
}
