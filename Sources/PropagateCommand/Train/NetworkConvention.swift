import ResidualNetworks
import Training

/// What the public codes do otherwise than the paper with the network itself, where nothing else is said.
struct NetworkConvention {
    /// fb.resnet.torch has the stride of a bottleneck on its 3×3.
    let stride: StridedLayer
    /// And its option A reads what the branch reads.
    let subsampling: BlockDesign.Matching
    /// Both leave the classifier's weights as Torch draws them.
    let classifier: HeInitialization.Classifier

    init(of recipe: TrainingRecipe) {
        let isFacebook = recipe.name == TrainingRecipe.torch.name
        stride = isFacebook ? .spatial : .first
        subsampling = isFacebook ? .activatedSubsampling : .subsampling
        let isTorch = [TrainingRecipe.torch.name, TrainingRecipe.lua.name].contains(recipe.name)
        classifier = isTorch ? .uniform : .normal
    }
}
