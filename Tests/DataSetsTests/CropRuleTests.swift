import NumericalMethods
import Testing

@testable import DataSets

@Suite struct CropRuleTests {
    private static let extents = [
        ImageExtent(width: 500, height: 375), ImageExtent(width: 375, height: 500),
        ImageExtent(width: 1, height: 1), ImageExtent(width: 3000, height: 20),
        ImageExtent(width: 224, height: 224),
    ]

    private func crops(_ rule: some CropRule, of extent: ImageExtent, count: Int = 400) -> [Crop] {
        var stream = RandomStream(seed: 4, name: "crops")
        return (0..<count).map { _ in rule.crop(of: extent, &stream) }
    }

    @Test func shorterSidesAreBroughtToALength() {
        #expect(
            ImageExtent(width: 500, height: 375).resized(toShorterSide: 256)
                == ImageExtent(width: 341, height: 256))
        #expect(
            ImageExtent(width: 375, height: 500).resized(toShorterSide: 480)
                == ImageExtent(width: 480, height: 640))
        #expect(
            ImageExtent(width: 10, height: 10).resized(toShorterSide: 7) == ImageExtent(width: 7, height: 7))
    }

    @Test(arguments: extents)
    func everyCropLiesWithinItsImage(extent: ImageExtent) {
        for crop in crops(ScaleJitter(), of: extent) + crops(ScaleAndAspectJitter(), of: extent)
            + crops(CentralCrop(side: 320, shorterSide: 360), of: extent, count: 1)
        {
            // The extent of a resampled image is rounded to whole pixels, its crop is not.
            #expect(crop.x >= 0 && crop.y >= 0 && crop.width > 0 && crop.height > 0)
            #expect(crop.x + crop.width <= Double(extent.width) + 1e-9)
            #expect(crop.y + crop.height <= Double(extent.height) + 1e-9)
        }
    }

    /// 224 of a shorter side of 256 to 480: 0.467 to 0.875 of it, every length about as often.
    @Test func scalesAreThoseOfThePaper() {
        let crops = crops(ScaleJitter(), of: ImageExtent(width: 500, height: 375), count: 4000)
        let shares = crops.map { $0.height / 375 }
        #expect(shares.min() ?? 0 >= 224.0 / 480 - 1e-12 && shares.max() ?? 1 <= 224.0 / 256 + 1e-12)
        let scales = shares.map { (224 / $0).rounded() }
        #expect(Set(scales).count == 225)
        // The mean of 4000 draws of deviation 65 is good to 1; four of that.
        #expect(abs(scales.reduce(0, +) / 4000 - 368) < 4)
        let flips = Double(crops.count { $0.isFlipped })
        // Binomial, deviation 32; four of that.
        #expect(abs(flips - 2000) < 130)
        #expect(crops.contains { $0.x == 0 } && crops.contains { $0.x > 100 })
    }

    @Test func areasAndAspectsAreThoseOfSzegedy() {
        let extent = ImageExtent(width: 400, height: 400)
        let crops = crops(ScaleAndAspectJitter(), of: extent, count: 4000)
        let areas = crops.map { $0.width * $0.height / 160_000 }
        let aspects = crops.map { $0.width / $0.height }
        // Sides are rounded to whole pixels, of at least 98.
        #expect(areas.allSatisfy { (0.078...1).contains($0) } && areas.contains { $0 < 0.1 })
        #expect(aspects.allSatisfy { (0.74...1.35).contains($0) })
        #expect(crops.allSatisfy { $0.width == $0.width.rounded() && $0.x == $0.x.rounded() })
        // As many wide as tall ones: binomial, deviation 32 of 4000; four of that.
        #expect(abs(Double(aspects.count { $0 > 1 }) - Double(aspects.count { $0 < 1 })) < 260)
    }

    /// A line of pixels holds no rectangle of these aspects: the largest central one that comes near.
    @Test func slimImagesFallBack() {
        let crop = crops(ScaleAndAspectJitter(), of: ImageExtent(width: 3000, height: 20), count: 1)[0]
        #expect(
            crop.height == 20 && abs(crop.width - 80.0 / 3) < 1e-9
                && abs(crop.x + crop.width / 2 - 1500) < 1e-9)
    }

    @Test func testsTakeTheCentre() {
        var stream = RandomStream(seed: 1, name: "unused")
        let crop = CentralCrop(side: 320, shorterSide: 320).crop(
            of: ImageExtent(width: 640, height: 320), &stream)
        #expect(crop == Crop(x: 160, y: 0, width: 320, height: 320))
        let smaller = CentralCrop(side: 224, shorterSide: 256).crop(
            of: ImageExtent(width: 512, height: 512), &stream)
        #expect(smaller == Crop(x: 32, y: 32, width: 448, height: 448))
        // Nothing was drawn.
        var fresh = RandomStream(seed: 1, name: "unused")
        #expect(stream.nextBits() == fresh.nextBits())
    }

    @Test func cropsFollowFromTheStreamAlone() {
        let extent = ImageExtent(width: 640, height: 480)
        #expect(crops(ScaleJitter(), of: extent) == crops(ScaleJitter(), of: extent))
        #expect(Set(crops(ScaleAndAspectJitter(), of: extent).map(\.x)).count > 100)
    }
}
