import ResidualNetworks

extension Convention {
    /// The conventions that a configuration is compared with.
    public static let published: [Convention] = [.paper, .authorsLua, .torch]

    /// The paper itself. CIFAR networks of basic blocks change size by option A of the 2015 paper, those of
    /// bottlenecks by projections, and so do all on ImageNet; in pre-activation units a projection reads the activated
    /// input (appendix).
    public static let paper = Convention(
        name: "paper", source: "He, Zhang, Ren, Sun 2016, “Identity Mappings in Deep Residual Networks”",
        recipe: TrainingRecipe(
            momentum: "plain, 0.9", weightDecay: "1e−4, all parameters", input: "mean subtracted",
            cropPadding: "4 zeros, after that", warmUp: "0.01, 400 iterations", batch: "128"),
        families: [.cifar(BlockDesign.paper), .imageNet], units: UnitLayout.paper.map(\.name),
        hasOtherShortcuts: true, stridesOnSpatialFilter: false, subsamplesActivated: false,
        classifier: Wording.normalClassifier)

    /// The authors' Torch release: KaimingHe/resnet-1k-layers, resnet-pre-act.lua and README.md, trained by the
    /// code of `torch`.
    ///
    /// Its stem is a bare convolution and its first unit begins with a BN and ReLU that both paths read: the
    /// same function, and the same parameters, as a stem of conv BN ReLU and a first unit without them.
    public static let authorsLua = Convention(
        name: "authors-lua", source: "github.com/KaimingHe/resnet-1k-layers, resnet-pre-act.lua",
        recipe: .torch(batch: "64"),
        families: [.cifar([.bottleneck])], units: [UnitLayout.fullPreactivation.name],
        hasOtherShortcuts: false, stridesOnSpatialFilter: false, subsamplesActivated: false,
        classifier: Wording.uniformClassifier)

    /// The widely used Torch implementation: facebook/fb.resnet.torch, models/resnet.lua and preresnet.lua,
    /// opts.lua, train.lua, datasets/cifar10.lua.
    ///
    /// On CIFAR it has basic blocks alone, and its shortcut type is by default A. The first unit of every stage
    /// of a pre-activation network activates its input ahead of both paths, option A's included. Its networks for
    /// ImageNet have projections, and their bottlenecks the stride on the 3×3.
    public static let torch = Convention(
        name: "torch", source: "github.com/facebook/fb.resnet.torch, models/resnet.lua and preresnet.lua",
        recipe: .torch(batch: "128"),
        families: [.cifar([.basic]), .imageNet],
        units: [UnitLayout.original.name, UnitLayout.fullPreactivation.name], hasOtherShortcuts: false,
        stridesOnSpatialFilter: true, subsamplesActivated: true,
        classifier: Wording.uniformClassifier)
}

extension TrainingRecipe {
    /// fb.resnet.torch, train.lua: Nesterov, weight decay on the flattened parameters, no warm-up;
    /// datasets/cifar10.lua: normalised first, then cropped from an image padded with zeros.
    fileprivate static func torch(batch: String) -> TrainingRecipe {
        TrainingRecipe(
            momentum: "Nesterov, 0.9", weightDecay: "1e−4, all parameters",
            input: "mean and deviation", cropPadding: "4 zeros, after that", warmUp: "none", batch: batch)
    }
}
