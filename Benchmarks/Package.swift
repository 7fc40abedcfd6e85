// swift-tools-version: 6.0
import PackageDescription

/// Measurements of propagate's speed and memory; `compare` and `compare-training` run them beside PyTorch.
let package = Package(
    name: "propagate-benchmarks",
    dependencies: [
        .package(name: "propagate", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .target(name: "CFMAPeak", linkerSettings: [.linkedLibrary("gomp")]),
        .target(name: "CHeapCount"),
        // What the machine can do at best, and what a process takes of it.
        .target(name: "Machine", dependencies: ["CFMAPeak", "CHeapCount"]),
        .executableTarget(
            name: "measure-sweep",
            dependencies: [
                "Machine",
                .product(name: "Analysis", package: "propagate"),
                .product(name: "Arrays", package: "propagate"),
                .product(name: "DataSets", package: "propagate"),
                .product(name: "Graphs", package: "propagate"),
                .product(name: "Kernels", package: "propagate"),
                .product(name: "ONNX", package: "propagate"),
                .product(name: "Operators", package: "propagate"),
                .product(name: "ResidualNetworks", package: "propagate"),
                .product(name: "Tensors", package: "propagate"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "measure-convolutions",
            dependencies: [
                "Machine",
                .product(name: "Kernels", package: "propagate"),
                .product(name: "Tensors", package: "propagate"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "measure-operators",
            dependencies: [
                "Machine",
                .product(name: "Kernels", package: "propagate"),
                .product(name: "Operators", package: "propagate"),
                .product(name: "Tensors", package: "propagate"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "measure-training-step",
            dependencies: [
                "Machine",
                .product(name: "DataSets", package: "propagate"),
                .product(name: "Graphs", package: "propagate"),
                .product(name: "Kernels", package: "propagate"),
                .product(name: "ResidualNetworks", package: "propagate"),
                .product(name: "Tensors", package: "propagate"),
                .product(name: "Training", package: "propagate"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
