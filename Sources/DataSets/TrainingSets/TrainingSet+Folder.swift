import Files
import NumericalMethods

extension TrainingSet {
    /// What a folder of images holds for training.
    public struct FolderOptions: Sendable {
        /// Side of the squares that are trained on.
        public var side: Int
        /// Side of the squares that are tested on.
        public var testSide: Int
        /// What the shorter side of an image is brought to before the central square is tested on.
        public var testShorterSide: Int
        /// Whether files that cannot be decoded are left out, which decodes everything once.
        public var skipsUndecodable: Bool

        /// - Parameters:
        ///   - testSide: by default that trained on.
        ///   - testShorterSide: by default 8/7 of that side.
        public init(
            side: Int, testSide: Int? = nil, testShorterSide: Int? = nil, skipsUndecodable: Bool = false
        ) {
            self.side = side
            self.testSide = testSide ?? side
            self.testShorterSide = testShorterSide ?? CentralCrop.usualShorterSide(for: self.testSide)
            self.skipsUndecodable = skipsUndecodable
        }
    }

    /// Images in `DIR/train/class` and `DIR/val/class` (or `DIR/test/class`), or in `DIR/class`, of which every class
    /// then gives a fifth to be tested on (stream `folder.split` of seed 0, whatever the seed of the run).
    ///
    /// - Throws: `DataSetError`, `ImageFolderError`.
    public static func folder(
        _ directory: String, _ options: FolderOptions
    ) throws -> TrainingSet {
        guard options.testShorterSide >= options.testSide else {
            throw DataSetError.scalesBelowSide(options.testShorterSide, side: options.testSide)
        }
        guard Folder.exists(directory) else { throw DataSetError.directoryMissing(directory) }
        func read(_ path: String) throws -> ImageFolder {
            let folder = try ImageFolder(path, side: options.side)
            return options.skipsUndecodable ? try folder.withoutUndecodable() : folder
        }
        let trainingCrop = CentralCrop(side: options.side)
        let testCrop = CentralCrop(side: options.testSide, shorterSide: options.testShorterSide)
        let tested = ["val", "test"].map { "\(directory)/\($0)" }.first(where: Folder.exists)
        guard let tested, Folder.exists("\(directory)/train") else {
            let all = try read(directory)
            let held = heldOut(of: all)
            let kept = Set(all.files.indices).subtracting(held).sorted()
            let tested = Set(held.map { all.labels[$0] })
            return TrainingSet(
                name: "images of \(directory), a fifth of each class held out", attribution: "",
                classCount: all.classCount,
                training: PartOfImages(base: FolderImages(all, crop: trainingCrop), indices: kept),
                test: PartOfImages(base: FolderImages(all, crop: testCrop), indices: held),
                source: {
                    var provenance = all.provenance()
                    provenance.untested =
                        all.classes.indices.filter { !tested.contains($0) }.map { all.classes[$0] }
                    return provenance
                })
        }
        let (training, test) = (try read("\(directory)/train"), try read(tested))
        try requireSameClasses(training, test)
        return TrainingSet(
            name: "images of \(directory)", attribution: "", classCount: training.classCount,
            training: FolderImages(training, crop: trainingCrop), test: FolderImages(test, crop: testCrop),
            source: {
                var provenance = training.provenance()
                let other = test.provenance()
                provenance.turned = provenance.turned.flatMap { one in other.turned.map { one + $0 } }
                provenance.undecodable = provenance.undecodable.map { $0 + (other.undecodable ?? []) }
                provenance.otherFormats += other.otherFormats
                return provenance
            })
    }

    /// A fifth of each class, at least one image where there are two.
    private static func heldOut(of folder: ImageFolder) -> [Int] {
        var stream = RandomStream(seed: 0, name: "folder.split")
        return folder.classes.indices.flatMap { label in
            let members = folder.labels.indices.filter { folder.labels[$0] == label }
            let count = members.count < 2 ? 0 : max(1, members.count / 5)
            return stream.permutation(of: members.count).prefix(count).map { members[$0] }
        }.sorted()
    }

    private static func requireSameClasses(_ training: ImageFolder, _ test: ImageFolder) throws {
        if let missing = training.classes.first(where: { !test.classes.contains($0) }) {
            throw DataSetError.otherClasses(test.directory, missing: missing)
        }
        if let missing = test.classes.first(where: { !training.classes.contains($0) }) {
            throw DataSetError.otherClasses(training.directory, missing: missing)
        }
    }
}
