import DataSets
import Foundation
import Testing

@testable import Training

@Suite("Recipes and schedules")
struct RecipeTests {
    @Test func paperScheduleIsExact() {
        let schedule = TrainingRecipe.paper.optimization.schedule
        #expect(schedule.rate(at: 0) == 0.01)
        #expect(schedule.rate(at: 399) == 0.01)
        #expect(schedule.rate(at: 400) == 0.1)
        #expect(schedule.rate(at: 31_999) == 0.1)
        #expect(schedule.rate(at: 32_000) == 0.1 * 0.1)
        #expect(schedule.rate(at: 47_999) == 0.1 * 0.1)
        #expect(schedule.rate(at: 48_000) == 0.1 * 0.1 * 0.1)
        #expect(schedule.rate(at: 63_999) == 0.1 * 0.1 * 0.1)
    }

    @Test func paperRecipeIsThePapers() {
        let paper = TrainingRecipe.paper
        #expect(paper.batch == 128 && paper.optimization.replicas == 2 && paper.iterations == 64_000)
        #expect(paper.optimization.momentum == 0.9 && paper.optimization.weightDecay == 1e-4)
        #expect(paper.optimization.decayScope == .all && paper.optimization.rule == .rateInVelocity)
        #expect(
            paper.augmentation == Augmentation(translation: 4, flips: true, padsBeforeNormalization: false))
    }

    @Test(arguments: TrainingRecipe.presets)
    func presetsAreValidAndSurviveJSON(_ recipe: TrainingRecipe) throws {
        try recipe.validate()
        let again = try JSONDecoder().decode(TrainingRecipe.self, from: JSONEncoder().encode(recipe))
        #expect(again == recipe)
    }

    @Test func stretchingMovesMilestones() {
        let short = TrainingRecipe.paper.stretched(to: 640)
        #expect(short.optimization.schedule.milestones == [320, 480])
        #expect(short.optimization.schedule.warmUpIterations == 32)
        #expect(short.iterations == 640)
    }

    @Test func impossibleNumbersAreNamed() {
        var recipe = TrainingRecipe.paper
        recipe.batch = 127
        #expect(throws: TrainingError.unevenReplicas(batch: 127, replicas: 2)) { try recipe.validate() }
        recipe = .paper
        recipe.optimization.momentum = 1
        #expect(throws: TrainingError.self) { try recipe.validate() }
        recipe = .paper
        recipe.optimization.schedule.base = .nan
        #expect(throws: TrainingError.self) { try recipe.validate() }
    }
}
