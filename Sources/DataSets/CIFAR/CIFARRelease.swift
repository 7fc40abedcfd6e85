/// How the binary release of a CIFAR data set is laid out (A. Krizhevsky, "Learning
/// Multiple Layers of Features from Tiny Images", 2009; the release's readme).
public struct CIFARRelease: Equatable, Sendable {
    /// As a report names it.
    public let name: String
    public let classCount: Int
    /// The folder that the release's archive unpacks to.
    let folder: String
    let trainingFiles: [String]
    let testFiles: [String]
    let recordsPerTrainingFile: Int
    let recordsPerTestFile: Int
    /// Bytes before the pixels. The last one is the label: in CIFAR-100 the coarse
    /// label stands before the fine one.
    let labelBytes: Int

    /// Names of the classes, a line each, in a file of the release.
    let classFile: String

    /// Bytes a record: labels, then 32 × 32 values of red, of green, of blue.
    var recordLength: Int { labelBytes + ImageShape.cifar.count }

    /// 60,000 images of 10 classes.
    public static let cifar10 = CIFARRelease(
        name: "CIFAR-10", classCount: 10, folder: "cifar-10-batches-bin",
        trainingFiles: (1...5).map { "data_batch_\($0).bin" }, testFiles: ["test_batch.bin"],
        recordsPerTrainingFile: 10_000, recordsPerTestFile: 10_000, labelBytes: 1,
        classFile: "batches.meta.txt")

    /// 60,000 images of 100 classes (the fine labels).
    public static let cifar100 = CIFARRelease(
        name: "CIFAR-100", classCount: 100, folder: "cifar-100-binary",
        trainingFiles: ["train.bin"], testFiles: ["test.bin"],
        recordsPerTrainingFile: 50_000, recordsPerTestFile: 10_000, labelBytes: 2,
        classFile: "fine_label_names.txt")
}
