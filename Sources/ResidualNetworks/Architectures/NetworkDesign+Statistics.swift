import Kernels
import Tensors

extension NetworkDesign {
    /// The batch normalisation whose statistics are taken over the fewest values a channel, of equals the first, for a
    /// batch of so many samples; `nil` where there is none. No parameter is made; depth and width cost nothing.
    ///
    /// - Throws: `NetworkError` where the design makes no network.
    public func scarcestNormalization(batch: Int) throws -> NormalizationSite? {
        let outline = DesignOutline(of: self)
        let narrow = outline.outline.represented { $0.baseWidth = 1 }
        let sites = try narrow.model(batch: batch, mode: .inference).normalizationSites
        guard let site = sites.min(by: { $0.valuesPerChannel < $1.valuesPerChannel }) else { return nil }
        // Every width is a multiple of the base width.
        let shape = Shape(batch, site.shape.channels * baseWidth, site.shape.height, site.shape.width)
        return NormalizationSite(name: outline.name(inDesign: site.name, of: self), shape: shape)
    }
}

extension DesignOutline {
    /// The name in the whole design of a layer of the outline: units of later stages have other numbers there.
    fileprivate func name(inDesign name: String, of design: NetworkDesign) -> String {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, parts[0] == "units", var position = Int(parts[1]) else { return name }
        var start = 0
        for (short, whole) in zip(outline.unitsPerStage, design.unitsPerStage) {
            guard position >= short else { break }
            position -= short
            start += whole
        }
        parts[1] = String(start + position)
        return parts.joined(separator: ".")
    }
}
