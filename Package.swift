// swift-tools-version: 6.0
import PackageDescription

/// Targets stand in data-flow order: each depends only on those above it.
let package = Package(
    name: "propagate",
    products: [
        .executable(name: "propagate", targets: ["propagate"]),
        .library(name: "Analysis", targets: ["Analysis"]),
        .library(name: "Prediction", targets: ["Prediction"]),
        .library(name: "ResidualNetworks", targets: ["ResidualNetworks"]),
        .library(name: "Kernels", targets: ["Kernels"]),
        .library(name: "Graphs", targets: ["Graphs"]),
        .library(name: "Operators", targets: ["Operators"]),
        .library(name: "Expressions", targets: ["Expressions"]),
        .library(name: "Tensors", targets: ["Tensors"]),
        .library(name: "Safetensors", targets: ["Safetensors"]),
        .library(name: "Arrays", targets: ["Arrays"]),
        .library(name: "ONNX", targets: ["ONNX"]),
        .library(name: "DataSets", targets: ["DataSets"]),
        .library(name: "Training", targets: ["Training"]),
        .library(name: "EventFiles", targets: ["EventFiles"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // C libraries, each imported by exactly one Swift target.
        // libgsl calls cblas_*; OpenBLAS supplies it, never libgslcblas (its modulemap says why).
        .target(name: "CGSL", linkerSettings: [.linkedLibrary("openblas")]),
        .target(name: "CDigits", exclude: ["README.md"]),
        .target(
            name: "CImages", linkerSettings: [.linkedLibrary("png16"), .linkedLibrary("jpeg")]),
        .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]),
        .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("openblas")]),
        .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
        // Only for programs: acts before their libraries start.
        .target(name: "CStart"),
        .target(
            name: "CFusedKernels",
            linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),

        .target(
            name: "NumericalMethods",
            dependencies: ["CGSL", .product(name: "RealModule", package: "swift-numerics")]),
        // What the process may take of the machine.
        .target(name: "CLimits"),
        .target(name: "Limits", dependencies: ["CLimits"]),
        // Formulas that users write: grammar, meaning, derivatives.
        .target(name: "Expressions", dependencies: ["NumericalMethods"]),
        // The system's calls on files and folders.
        .target(name: "Files", dependencies: ["Limits"]),
        .target(name: "Safetensors", dependencies: ["Files"]),
        .target(name: "Tensors", dependencies: ["Limits"]),
        // Zip archives, as numpy and PyTorch write them.
        .target(name: "Archives", dependencies: ["CZlib", "Files"]),
        // Inputs and labels from files: .npy, .npz, .safetensors.
        .target(name: "Arrays", dependencies: ["Archives", "Files", "Safetensors", "Tensors"]),
        // The wire format of event files and of ONNX.
        .target(name: "ProtocolBuffers"),
        .target(
            name: "Kernels",
            dependencies: ["Expressions", "Limits", "Tensors", "COneDNN", "COpenBLAS", "CFusedKernels"]),
        // What nodes of a graph do, each once: shape, value and derivatives.
        .target(name: "Operators", dependencies: ["Expressions", "Kernels", "Tensors"]),
        // Networks as data, and the residual units in them.
        .target(name: "Graphs", dependencies: ["Kernels", "NumericalMethods", "Operators", "Tensors"]),
        // Networks of other frameworks: files to graphs and graphs to files.
        .target(
            name: "ONNX",
            dependencies: ["Files", "Graphs", "Kernels", "Limits", "Operators", "ProtocolBuffers", "Tensors"]),
        .target(
            name: "ResidualNetworks",
            dependencies: ["Expressions", "Graphs", "Kernels", "NumericalMethods", "Operators", "Tensors"]),
        .target(
            name: "Conformance", dependencies: ["Graphs", "Operators", "ResidualNetworks", "Tensors"]),
        .target(
            name: "DataSets",
            dependencies: [
                "CDigits", "CImages", "Files", "Limits", "NumericalMethods",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "Training",
            dependencies: [
                "DataSets", "Files", "Graphs", "Kernels", "Limits", "NumericalMethods", "Operators",
                "ResidualNetworks", "Safetensors", "Tensors",
            ]),
        // What TensorBoard reads; knows nothing of what the numbers are.
        .target(name: "EventFiles", dependencies: ["Files", "ProtocolBuffers"]),
        // The only importers of Yams and of GRDB.
        .target(
            name: "Configuration",
            dependencies: ["Files", "NumericalMethods", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "ResultStore",
            dependencies: ["Files", "Limits", .product(name: "GRDB", package: "GRDB.swift")]),
        .target(
            name: "Prediction",
            dependencies: [
                "Expressions", "Kernels", "NumericalMethods", "Operators", "ResidualNetworks", "Tensors",
            ],
            exclude: ["README.md", "MEASURED.md"]),
        .target(
            name: "Analysis",
            dependencies: [
                "Graphs", "Kernels", "Limits", "NumericalMethods", "Operators", "Prediction",
                "ResidualNetworks", "Tensors",
            ]),
        .target(
            name: "Claims",
            dependencies: [
                "Analysis", "Expressions", "Graphs", "Kernels", "NumericalMethods", "Operators",
                "ResidualNetworks",
                "Tensors",
            ]),
        // Measures before training and trains: the only importer of both.
        .target(
            name: "Confirmation",
            dependencies: [
                "Analysis", "Files", "Graphs", "Kernels", "Limits", "NumericalMethods", "ResidualNetworks",
                "Tensors",
                "Training",
                .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .target(
            name: "Reporting",
            dependencies: [
                "Analysis", "Claims", "Confirmation", "Conformance", "DataSets", "Expressions", "Files",
                "Graphs", "NumericalMethods", "Prediction", "ResidualNetworks", "Tensors", "Training",
            ]),
        .target(
            name: "PropagateCommand",
            dependencies: [
                "Analysis", "Arrays", "Claims", "Configuration", "Confirmation", "Conformance", "DataSets",
                "EventFiles", "Expressions", "Files", "Graphs", "Kernels", "Limits", "NumericalMethods",
                "ONNX", "Operators", "Prediction", "Reporting",
                "ResidualNetworks", "ResultStore", "Safetensors", "Tensors", "Training",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // The program knows the commit that it is built from: only this small target is compiled for a new one.
        .plugin(name: "StampCommit", capability: .buildTool()),
        .executableTarget(
            name: "propagate", dependencies: ["CStart", "PropagateCommand"], plugins: ["StampCommit"]),

        // What the proofs share: random cases that shrink, plain tensor arithmetic, checks of derivatives.
        .target(
            name: "ProofSupport",
            dependencies: [
                "Analysis", "Expressions", "Graphs", "Kernels", "NumericalMethods", "Operators",
                "ResidualNetworks", "Tensors",
            ],
            path: "Tests/ProofSupport"),
        // Makes the image files that tests read.
        .target(
            name: "CImageWriting", path: "Tests/CImageWriting",
            linkerSettings: [.linkedLibrary("png16"), .linkedLibrary("jpeg")]),
        .target(
            name: "ImageFixtures", dependencies: ["CImageWriting"], path: "Tests/ImageFixtures"),
        .target(name: "TemporaryFolders", path: "Tests/TemporaryFolders"),
        // The built program, run as a user runs it.
        .target(name: "BuiltProgram", dependencies: ["TemporaryFolders"], path: "Tests/BuiltProgram"),
        // Foreign bytes for every reader; how many, PROPAGATE_FUZZ says.
        .target(
            name: "FuzzSupport", dependencies: ["NumericalMethods"], path: "Tests/Robustness/FuzzSupport"),
        .testTarget(
            name: "ReaderFuzzTests",
            dependencies: [
                "Analysis", "Archives", "Arrays", "Configuration", "DataSets", "Expressions", "Files",
                "FuzzSupport", "ImageFixtures",
                "Kernels",
                "NumericalMethods", "ONNX", "PropagateCommand", "ProtocolBuffers", "Reporting",
                "ResidualNetworks", "ResultStore",
                "Safetensors", "Tensors", "Training",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Tests/Robustness/Readers"),
        // Calls of the system that fail, and processes that are killed, at any moment.
        .testTarget(
            name: "FaultTests",
            dependencies: ["propagate", "BuiltProgram", "NumericalMethods", "TemporaryFolders"],
            path: "Tests/Robustness/Faults", exclude: ["shim.c"]),
        .testTarget(
            name: "OperatorsTests",
            dependencies: ["Expressions", "Kernels", "NumericalMethods", "Operators", "Tensors"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "GraphsTests",
            dependencies: ["Graphs", "Kernels", "NumericalMethods", "Operators", "ProofSupport", "Tensors"],
            exclude: ["Fixtures"]),
        .testTarget(name: "ResidualModelTests", dependencies: ["Graphs", "ResidualNetworks", "Tensors"]),
        .testTarget(name: "ProtocolBuffersTests", dependencies: ["ProtocolBuffers"]),
        .testTarget(
            name: "ONNXTests",
            dependencies: [
                "Expressions", "Files", "Graphs", "Kernels", "NumericalMethods", "ONNX", "Operators",
                "ProofSupport",
                "ProtocolBuffers", "TemporaryFolders", "Tensors",
            ],
            exclude: ["Fixtures"]),
        // Networks of other frameworks, from their files to the rows of a report.
        .testTarget(
            name: "ModelTests",
            dependencies: ["Analysis", "Arrays", "Graphs", "Kernels", "ONNX", "Operators", "Tensors"]),
        // Networks built here, written to files and read again.
        .testTarget(
            name: "ModelFilesTests",
            dependencies: [
                "Analysis", "Expressions", "Graphs", "Kernels", "ONNX", "Operators", "ProofSupport",
                "ResidualNetworks", "TemporaryFolders", "Tensors",
            ]),
        .testTarget(name: "LimitsTests", dependencies: ["Limits", "TemporaryFolders"]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TemporaryFolders"]),
        .testTarget(
            name: "ArraysTests",
            dependencies: ["Archives", "Arrays", "Files", "Safetensors", "TemporaryFolders", "Tensors"],
            exclude: ["Fixtures"]),
        .testTarget(name: "SafetensorsTests", dependencies: ["Files", "Safetensors"]),
        .testTarget(name: "DataSetsTests", dependencies: ["DataSets", "ImageFixtures", "NumericalMethods"]),
        .testTarget(
            name: "NumericalMethodsTests",
            dependencies: [
                "NumericalMethods", "CGSL", .product(name: "RealModule", package: "swift-numerics"),
            ]),
        .testTarget(
            name: "ResidualNetworksTests",
            dependencies: [
                "Analysis", "Claims", "Expressions", "Graphs", "Kernels", "NumericalMethods", "Operators",
                "ProofSupport",
                "ResidualNetworks", "Tensors",
            ]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Analysis", "DataSets", "Expressions", "Files", "Graphs", "ImageFixtures", "Kernels",
                "NumericalMethods",
                "ProofSupport", "ResidualNetworks", "Safetensors", "Tensors", "Training",
            ]),
        .testTarget(
            name: "PredictionTests",
            dependencies: [
                "Analysis", "Expressions", "Graphs", "Kernels", "NumericalMethods", "Prediction",
                "ResidualNetworks", "Tensors",
            ]),
        .testTarget(
            name: "AnalysisTests",
            dependencies: [
                "Analysis", "DataSets", "Expressions", "Graphs", "Kernels", "NumericalMethods", "Operators",
                "ProofSupport", "ResidualNetworks", "Tensors",
            ]),
        .testTarget(
            name: "ClaimsTests",
            dependencies: [
                "Claims", "Expressions", "Graphs", "Kernels", "Operators", "ProofSupport", "ResidualNetworks",
                "Tensors",
            ]),
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "Conformance", "Expressions", "Graphs", "Kernels", "Operators", "ResidualNetworks", "Tensors",
            ]),
        // Sees only what a user's program sees: no `@testable`, no support.
        .testTarget(
            name: "OpenProtocolsTests",
            dependencies: [
                "Analysis", "Graphs", "Kernels", "Operators", "Reporting", "ResidualNetworks", "Tensors",
            ]),
        .testTarget(name: "EventFilesTests", dependencies: ["EventFiles", "Files", "TemporaryFolders"]),
        .testTarget(
            name: "ExpressionsTests", dependencies: ["Expressions", "NumericalMethods", "ProofSupport"]),
        .testTarget(name: "ConfigurationTests", dependencies: ["Configuration", "Files"]),
        .testTarget(
            name: "ResultStoreTests",
            dependencies: ["ResultStore", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(
            name: "PropagateCommandTests",
            dependencies: ["Configuration", "Files", "PropagateCommand", "Reporting"]),
        .testTarget(
            name: "ReportingTests",
            dependencies: [
                "Confirmation", "DataSets", "Expressions", "Kernels", "Reporting", "ResidualNetworks",
                "Tensors",
                "Training",
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "ConfirmationTests",
            dependencies: [
                "Confirmation", "Kernels", "NumericalMethods", "ResidualNetworks", "Tensors", "Training",
            ]),
        .testTarget(
            name: "KernelsTests", dependencies: ["Kernels", "NumericalMethods", "ProofSupport", "Tensors"]),
        // End to end: they run the built program, and name it as a dependency so that it is there.
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "propagate", "Analysis", "BuiltProgram", "ImageFixtures", "Kernels", "ONNX",
                "ResidualNetworks", "TemporaryFolders", "Tensors",
            ],
            exclude: ["Golden"]),
    ],
    swiftLanguageModes: [.v6]
)
