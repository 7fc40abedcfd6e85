import Conformance

/// A configuration's layers and differences as JSON.
public enum ConformanceJSONReport {
    /// Changes when a key is renamed, removed or given another meaning.
    public static let schemaVersion = "1.0"

    public static func text(_ report: ConformanceReport) -> String {
        let names = report.comparisons.map(\.convention.name)
        let value: JSONValue = [
            "schema_version": .string(schemaVersion), "configuration": configuration(report.configuration),
            "units": .integer(report.listing.units.count), "parameters": .integer(report.listing.parameters),
            "multiply_adds": .integer(report.listing.multiplyAdds), "choices": choices(report.choices),
            "layers": .array(report.listing.layers.map(layer)),
            "conventions": .array(report.comparisons.map(comparison)),
            "published": .array(report.published.map { published($0, names) }),
        ]
        return value.text
    }

    private static func configuration(_ configuration: Configuration) -> JSONValue {
        [
            "architecture": .string(configuration.architecture), "depth": .integer(configuration.depth),
            "block": .string(configuration.block), "unit": .string(configuration.unit),
            "shortcut": .string(configuration.shortcut), "classes": .integer(configuration.classes),
            "image": .array(
                [configuration.channels, configuration.height, configuration.width].map(JSONValue.integer)),
        ]
    }

    private static func choices(_ choices: Choices) -> JSONValue {
        .object(
            Aspect.allCases.map { aspect in
                .init(aspect.rawValue, choices[aspect].map(JSONValue.string) ?? .null)
            })
    }

    private static func layer(_ layer: LayerRecord) -> JSONValue {
        [
            "name": .string(layer.name), "unit": .optional(layer.unit), "part": .string(layer.part.rawValue),
            "kind": .string(layer.kind.rawValue), "kernel": .optional(layer.kernel),
            "stride": .integer(layer.stride), "input_channels": .integer(layer.inputChannels),
            "output_channels": .integer(layer.outputChannels), "height": .integer(layer.height),
            "width": .integer(layer.width), "parameters": .integer(layer.parameters),
            "shared": .boolean(layer.isShared), "multiply_adds": .integer(layer.multiplyAdds),
        ]
    }

    private static func comparison(_ comparison: ConformanceReport.Comparison) -> JSONValue {
        [
            "name": .string(comparison.convention.name), "source": .string(comparison.convention.source),
            "differences": .array(
                comparison.differences.map {
                    [
                        "aspect": .string($0.aspect.rawValue), "here": .string($0.here),
                        "there": .string($0.there),
                    ]
                }),
            "parameters": .optional(comparison.parameters),
            "training": .object(
                comparison.convention.recipe.rows.map { .init($0.key, .string($0.text)) }),
        ]
    }

    private static func published(_ count: PublishedCount, _ names: [String]) -> JSONValue {
        [
            "depth": .integer(count.depth), "block": .string(count.block), "unit": .string(count.unit),
            "parameters": .object(zip(names, count.counts).map { .init($0, .optional($1)) }),
        ]
    }
}
