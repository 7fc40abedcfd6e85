import ArgumentParser

/// `propagate`: where the signal and the gradient of a deep residual network go.
public struct PropagateCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "propagate",
        abstract: "Where the signal and the gradient of a deep residual network go.",
        usage: """
            propagate [analyze] [<network>] [<options>]
            propagate predict [<options>]
            propagate compare <network> <network> ... [<options>]
            propagate sweep [<options>]
            propagate verify [<claim> ...] [<options>]
            propagate check [<options>]
            propagate inspect <model> [<options>]
            propagate conform [<options>]
            propagate train [<options>]
            propagate evaluate <run> [<options>]
            propagate confirm table1|table2|table3 [<options>]
            propagate schema [<kind>]
            """,
        discussion: """
            Builds the network, runs one forward and one backward sweep on a batch, and splits ∂E/∂x_l into the \
            part carried by the shortcuts and the part carried by the weights (He, Zhang, Ren, Sun 2016, \
            Eqn. 5 and 8). Forward-mode probes prove the split on the spot.

              propagate
              propagate --depth 1001 --shortcut scale0.5
              propagate --depth 110 --unit original --data noise --report folder
              propagate --depth 56 --seeds 5
              propagate runs/resnet-110
              propagate compare identity scale0.5 gate-exclusive:-6 --depth 56
              propagate sweep --depth 20,56,110 --shortcut identity,scale0.5 --seed 0-4

            'propagate help analyze' lists the options.

            Exit codes: 0 measured and all checks and assertions hold, 1 one failed, 2 could not measure or \
            judge, 64 usage.
            """,
        version: ToolVersion.current,
        subcommands: [
            AnalyzeCommand.self, InspectCommand.self, PredictCommand.self, CompareCommand.self,
            SweepCommand.self,
            VerifyCommand.self, CheckCommand.self, ConformCommand.self, TrainCommand.self,
            EvaluateCommand.self,
            ConfirmCommand.self, SchemaCommand.self,
        ],
        defaultSubcommand: AnalyzeCommand.self)

    public init() {}
}
