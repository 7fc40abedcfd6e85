import DataSets
import Testing

@Suite struct NoiseImagesTests {
    @Test func noiseIsNormalAndRepeats() throws {
        let batch = try NoiseImages().batch(size: 64, seed: 5)
        #expect(batch.shape == .cifar)
        let count = Double(batch.pixels.count)
        // 196,608 values: standard errors 1/√n = 2.3e-3 and √2/√n = 3.2e-3; five of them.
        #expect(abs(batch.pixels.reduce(0.0) { $0 + Double($1) } / count) < 1.2e-2)
        #expect(abs(batch.pixels.reduce(0.0) { $0 + Double($1) * Double($1) } / count - 1) < 1.6e-2)
        #expect(Set(batch.labels).count > 5)
        #expect(batch == (try NoiseImages().batch(size: 64, seed: 5)))
    }

    @Test func anyShapeAndNoEnd() throws {
        let source = NoiseImages(shape: ImageShape(channels: 7, height: 1, width: 1), classCount: 3)
        let batch = try source.batch(size: 5000, seed: 1)
        #expect(batch.pixels.count == 35_000)
        #expect(Set(batch.labels) == [0, 1, 2])
        #expect(source.imageCount == nil)
        #expect(throws: DataSetError.batchTooSmall(-1)) { try source.batch(size: -1, seed: 0) }
    }
}
