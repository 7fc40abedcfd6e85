import Files
import NumericalMethods

extension TrainingSet {
    /// What a folder of images holds for training.
    public struct FolderOptions: Sendable {
        /// What is looked at before the first image is drawn.
        public enum Examination: Sendable {
            /// Names alone.
            case names
            /// The header of every file: one that is no image, or too large, is an error at once.
            case headers
            /// All of every file: those that cannot be decoded are left out.
            case whole
        }

        /// Side of the squares that are trained on.
        public var side: Int
        /// Side of the squares that are tested on.
        public var testSide: Int
        /// What the shorter side of an image is brought to before the central square is tested on.
        public var testShorterSide: Int
        public var examination: Examination

        /// - Parameters:
        ///   - testSide: by default that trained on.
        ///   - testShorterSide: by default 8/7 of that side.
        public init(
            side: Int, testSide: Int? = nil, testShorterSide: Int? = nil, examination: Examination = .headers
        ) {
            self.side = side
            self.testSide = testSide ?? side
            self.testShorterSide = testShorterSide ?? CentralCrop.usualShorterSide(for: self.testSide)
            self.examination = examination
        }

        var trainingCrop: CentralCrop { CentralCrop(side: side) }
        var testCrop: CentralCrop { CentralCrop(side: testSide, shorterSide: testShorterSide) }
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
        let tested = ["val", "test"].map { "\(directory)/\($0)" }.first(where: Folder.exists)
        guard let tested, Folder.exists("\(directory)/train") else {
            let all = try examined(try ImageFolder(directory, side: options.side), options)
            let held = heldOut(of: all)
            let kept = Set(all.files.indices).subtracting(held).sorted()
            let tested = Set(held.map { all.labels[$0] })
            return TrainingSet(
                name: "images of \(directory), a fifth of each class held out", attribution: "",
                classCount: all.classCount,
                training: PartOfImages(base: FolderImages(all, crop: options.trainingCrop), indices: kept),
                test: PartOfImages(base: FolderImages(all, crop: options.testCrop), indices: held),
                source: {
                    var provenance = all.provenance()
                    provenance.untested =
                        all.classes.indices.filter { !tested.contains($0) }.map { all.classes[$0] }
                    return provenance
                })
        }
        var training = try ImageFolder("\(directory)/train", side: options.side)
        var test = try ImageFolder(tested, side: options.side)
        try requireSameClasses(training, test)
        training = try examined(training, options)
        test = try examined(test, options)
        return parts(directory, training, test, options)
    }

    /// Two folders of the same classes.
    private static func parts(
        _ directory: String, _ training: ImageFolder, _ test: ImageFolder, _ options: FolderOptions
    ) -> TrainingSet {
        return TrainingSet(
            name: "images of \(directory)", attribution: "", classCount: training.classCount,
            training: FolderImages(training, crop: options.trainingCrop),
            test: FolderImages(test, crop: options.testCrop),
            source: {
                var provenance = training.provenance()
                let other = test.provenance()
                provenance.turned = provenance.turned.flatMap { one in other.turned.map { one + $0 } }
                provenance.undecodable = provenance.undecodable.map { $0 + (other.undecodable ?? []) }
                provenance.withStrayBytes = provenance.withStrayBytes.map {
                    $0 + (other.withStrayBytes ?? [])
                }
                provenance.otherFormats += other.otherFormats
                return provenance
            })
    }

    private static func examined(
        _ folder: ImageFolder, _ options: FolderOptions
    ) throws(ImageFolderError) -> ImageFolder {
        switch options.examination {
        case .names: return folder
        case .headers:
            try folder.requireHeaders()
            return folder
        case .whole: return try folder.withoutUndecodable()
        }
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
