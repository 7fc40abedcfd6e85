import Analysis

/// A model of a file before anything is measured: what the file is, what was found in it, and what measuring it will take.
public struct InspectionReport: Sendable {
    /// An input on the batch that it will be measured on.
    public struct Input: Sendable {
        public let name: String
        /// real, whole or condition.
        public let kind: String
        /// As the file has it, such as (batch, 3, 224, 224).
        public let declared: String
        public let shape: [Int]

        public init(name: String, kind: String, declared: String, shape: [Int]) {
            self.name = name
            self.kind = kind
            self.declared = declared
            self.shape = shape
        }
    }

    /// What a file says of itself.
    public struct File: Sendable {
        public let name: String
        public let producer: String
        public let irVersion: Int
        /// Of ONNX's own operators.
        public let operatorSet: Int
        /// Learned numbers, and the bytes that they take in the file.
        public let parameters: Int
        public let parameterBytes: Int

        public init(
            name: String, producer: String, irVersion: Int, operatorSet: Int, parameters: Int,
            parameterBytes: Int
        ) {
            self.name = name
            self.producer = producer
            self.irVersion = irVersion
            self.operatorSet = operatorSet
            self.parameters = parameters
            self.parameterBytes = parameterBytes
        }
    }

    /// What a measurement of it will take.
    public struct Cost: Sendable {
        /// Peak memory, in bytes.
        public let memory: Int
        /// What is recomputed so that it fits, in words; `nil` where every x_l is kept.
        public let recomputing: String?
        /// At the rate that products of matrices were measured at.
        public let seconds: Double
        public let multiplyAddsPerSecond: Double

        public init(memory: Int, recomputing: String?, seconds: Double, multiplyAddsPerSecond: Double) {
            self.memory = memory
            self.recomputing = recomputing
            self.seconds = seconds
            self.multiplyAddsPerSecond = multiplyAddsPerSecond
        }
    }

    public let file: File
    public let inputs: [Input]
    /// What batch normalisations go by: file, running or batch.
    public let normalization: String
    /// The loss, as the command line says it.
    public let loss: String
    public let model: ModelInspection
    /// Sentences on what the file is and what a measurement leaves out.
    public let remarks: [String]
    public let cost: Cost
    public let manifest: RunManifest

    public init(
        file: File, inputs: [Input], normalization: String, loss: String, model: ModelInspection,
        remarks: [String], cost: Cost, manifest: RunManifest
    ) {
        self.file = file
        self.inputs = inputs
        self.normalization = normalization
        self.loss = loss
        self.model = model
        self.remarks = remarks
        self.cost = cost
        self.manifest = manifest
    }
}
