/// How the binary release of a CIFAR data set is laid out (A. Krizhevsky, "Learning
/// Multiple Layers of Features from Tiny Images", 2009; the release's readme).
public struct CIFARRelease: Equatable, Sendable {
    /// As a report names it.
    public let name: String
    /// By which the command line asks for it.
    let word: String
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

    /// The archive that the release comes in, and those of the same images in forms that are not read.
    let archive: String
    let otherForms: [OtherForm]

    /// The same images in a form that is not read.
    struct OtherForm: Equatable, Sendable {
        /// What it is for.
        let program: String
        let archive: String
        let folder: String
        /// Files that the binary release does not have.
        let files: [String]
    }

    /// Names of the classes, a line each, in a file of the release.
    let classFile: String

    /// Bytes a record: labels, then 32 × 32 values of red, of green, of blue.
    var recordLength: Int { labelBytes + ImageShape.cifar.count }

    /// 60,000 images of 10 classes.
    public static let cifar10 = CIFARRelease(
        name: "CIFAR-10", word: "cifar10", classCount: 10, folder: "cifar-10-batches-bin",
        trainingFiles: (1...5).map { "data_batch_\($0).bin" }, testFiles: ["test_batch.bin"],
        recordsPerTrainingFile: 10_000, recordsPerTestFile: 10_000, labelBytes: 1,
        archive: "cifar-10-binary.tar.gz",
        otherForms: [
            OtherForm(
                program: "Python", archive: "cifar-10-python.tar.gz", folder: "cifar-10-batches-py",
                files: ["data_batch_1", "batches.meta"]),
            OtherForm(
                program: "Matlab", archive: "cifar-10-matlab.tar.gz", folder: "cifar-10-batches-mat",
                files: ["data_batch_1.mat", "batches.meta.mat"]),
        ], classFile: "batches.meta.txt")

    /// 60,000 images of 100 classes (the fine labels).
    public static let cifar100 = CIFARRelease(
        name: "CIFAR-100", word: "cifar100", classCount: 100, folder: "cifar-100-binary",
        trainingFiles: ["train.bin"], testFiles: ["test.bin"],
        recordsPerTrainingFile: 50_000, recordsPerTestFile: 10_000, labelBytes: 2,
        archive: "cifar-100-binary.tar.gz",
        otherForms: [
            OtherForm(
                program: "Python", archive: "cifar-100-python.tar.gz", folder: "cifar-100-python",
                files: ["train", "meta"]),
            OtherForm(
                program: "Matlab", archive: "cifar-100-matlab.tar.gz", folder: "cifar-100-matlab",
                files: ["train.mat", "meta.mat"]),
        ], classFile: "fine_label_names.txt")

    static let all = [cifar10, cifar100]
}
