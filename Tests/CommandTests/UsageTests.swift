import BuiltProgram
import Testing

/// Requests that make no sense: one sentence, the short hint, exit code 64, nothing done.
struct UsageTests {
    private static let shortcuts =
        "Known are: identity, none, scaleλ[,μ], gate-exclusive:b, gate-shortcut:b, conv1x1, dropoutp, expr:φ."
    private static let units =
        "Known are: original, bn-after-addition, relu-before-addition, relu-only-preact, full-preact."
    private static let measurements =
        "Known are: path-lengths[:K], cancellation, parameter-gradients, fits, jacobian[:FROM-TO], "
        + "correlation, line-correlation[:POINTS], signal-propagation, all."
    private static let single =
        "is impossible: a cifar network has 6n + 2 (basic), 9n + 2 (bottleneck) or 3n + 2 (single) layers; the nearest "

    /// Arguments and the sentence that answers them.
    static let refusals: [(arguments: String, sentence: String)] = [
        ("--depth 21", "Depth 21 \(single)possible depths are 20 and 23."),
        ("--depth 0", "Depth 0 \(single)possible depth is 5."),
        ("--depth 1", "Depth 1 \(single)possible depth is 5."),
        ("--depth 4", "Depth 4 \(single)possible depth is 5."),
        ("--depth -5", "Depth -5 \(single)possible depth is 5."),
        (
            "--depth 1001 --block basic",
            "Depth 1001 is impossible: a cifar network of basic blocks has 6n + 2 layers; "
                + "the nearest possible depths are 998 and 1004."
        ),
        (
            "--depth 9223372036854775807",
            "--depth must be at most 1000000000, not 9223372036854775807."
        ),
        (
            "--architecture dense --data noise --batch 1",
            "The batch normalisation stem.bn would take its statistics over 1 value a channel, which turns every value "
                + "into 0: it needs at least 2 samples at a time (--batch; in training, --batch over --replicas)."
        ),
        ("--shortcut identiy", "Unknown shortcut “identiy”; did you mean identity? \(shortcuts)"),
        ("--shortcut scal0.5", "Unknown shortcut “scal0.5”; did you mean scaleλ[,μ]? \(shortcuts)"),
        ("--shortcut residual", "Unknown shortcut “residual”. \(shortcuts)"),
        ("--shortcut scale", "“scale” needs λ as a finite number."),
        ("--shortcut scalenan", "“scalenan” needs λ as a finite number."),
        ("--shortcut scaleinf", "“scaleinf” needs λ as a finite number."),
        ("--shortcut scale1e999", "“scale1e999” needs λ as a finite number."),
        ("--shortcut scale0.5,", "“scale0.5,” needs μ as a finite number."),
        ("--shortcut scale1,2,3", "“scale1,2,3” needs one or two numbers λ[,μ]."),
        ("--shortcut gate-exclusive", "“gate-exclusive” needs a bias, as in gate-exclusive:-6."),
        ("--shortcut gate-shortcut:", "“gate-shortcut:” needs a bias, as in gate-shortcut:-6."),
        ("--shortcut dropout1", "“dropout1” needs a probability p with 0 ≤ p < 1."),
        ("--shortcut dropout-0.1", "“dropout-0.1” needs a probability p with 0 ≤ p < 1."),
        ("--shortcut dropoutnan", "“dropoutnan” needs p as a finite number."),
        ("--shortcut identity2", "“identity2” needs no argument after “identity”."),
        ("--unit full", "Unknown unit “full”; did you mean full-preact? \(units)"),
        (
            "--block bottelneck",
            "Unknown block “bottelneck”; did you mean bottleneck? Known are: basic, bottleneck, single."
        ),
        (
            "--architecture dens",
            "Unknown architecture “dens”; did you mean dense? Known are: cifar, imagenet, dense."
        ),
        (
            "--data digts",
            "Unknown data “digts”; did you mean digits? Known are: digits, noise, cifar10:DIR, cifar100:DIR, folder:DIR."
        ),
        ("--data digits:x", "“digits” takes no argument, but “x” follows it."),
        ("--data cifar10", "“cifar10” needs the directory of its images: cifar10:DIR."),
        ("--batch 0", "--batch must be at least 1, not 0."),
        ("--batch -1", "--batch must be at least 1, not -1."),
        ("--batch 1798", "A batch of 1798 images is impossible: there are 1797 in UCI handwritten digits."),
        ("--threads 0", "--threads must be at least 1, not 0."),
        ("--threads -2", "--threads must be at least 1, not -2."),
        ("--threads 100000", "--threads must be at most 1024, not 100000."),
        ("--width 0", "--width must be at least 1, not 0."),
        ("--width 9223372036854775807", "--width must be at most 1024, not 9223372036854775807."),
        (
            "--architecture dense --depth 11 --block bottleneck --width 6",
            "Width 6 is impossible: bottleneck blocks need a multiple of 4."
        ),
        ("--classes 0", "--classes must be at least 1, not 0."),
        ("--classes 2", "--classes 2 is too few: UCI handwritten digits has labels of 10 classes."),
        ("--classes 1000000000000", "--classes must be at most 1000000, not 1000000000000."),
        (
            "--measure path-length",
            "Unknown measurement “path-length”; did you mean path-lengths[:K]? \(measurements)"
        ),
        ("--measure fits,", "Unknown measurement “”. \(measurements)"),
        (
            "--measure path-lengths:0",
            "“path-lengths:0” needs the greatest length as a whole number from 1 to 100000."
        ),
        ("--measure jacobian:3", "“jacobian:3” needs two units l with FROM < TO, as in jacobian:0-54."),
        ("--measure fits:2", "“fits:2” needs no argument after “fits”."),
        ("--json - --csv -", "--json - and --csv - cannot both write to standard output."),
        ("--depht 5", "Unknown option '--depht'. Did you mean '--depth'?"),
    ]

    @Test("A wrong request is refused in one sentence", arguments: refusals)
    func refusal(arguments: String, sentence: String) throws {
        let outcome = try Program.run(arguments.split(separator: " ").map(String.init))
        let hint = """
            Usage: propagate [analyze] [<network>] [<options>]
              See 'propagate analyze --help' for more information.
            """
        #expect(outcome.errors == "Error: \(sentence)\n\(hint)\n")
        #expect(outcome.output == "")
        #expect(outcome.exitCode == 64)
    }

    @Test("A word that is neither a command nor a file is told to be neither")
    func noOperand() throws {
        let outcome = try Program.run("analyse")
        #expect(
            outcome.errors.hasPrefix(
                "Error: There is no file or folder “analyse” to measure, and no command of that name; did you mean "
                    + "analyze?\nUsage: propagate "), "\(outcome.errors)")
        #expect(outcome.output == "" && outcome.exitCode == 64)
        let option = try Program.run("analyse", "--depht", "5")
        #expect(option.errors.hasPrefix("Error: Unknown option '--depht'. Did you mean '--depth'?\n"))
    }

    @Test(
        "A value of the wrong kind is refused with what the option takes",
        arguments: [
            ("--depth deep", "The value 'deep' is invalid for '--depth <count>'"),
            ("--seed -1", "The value '-1' is invalid for '--seed <number>'"),
            (
                "--precision half",
                "The value 'half' is invalid for '--precision <word>'. Please provide one of 'single' and 'double'."
            ),
            (
                "--mode train",
                "The value 'train' is invalid for '--mode <word>'. Please provide one of 'training' and 'inference'."
            ),
            (
                "--probe some",
                "The value 'some' is invalid for '--probe <word>'. Please provide one of 'stages', 'all' or 'none'."
            ),
        ])
    func wrongKind(arguments: String, sentence: String) throws {
        let outcome = try Program.run(arguments.split(separator: " ").map(String.init))
        #expect(outcome.errors.hasPrefix("Error: \(sentence)\nHelp:  --"))
        #expect(outcome.exitCode == 64)
    }

    @Test(
        "An empty word is unknown, not a default", arguments: ["--shortcut", "--unit", "--data", "--block"])
    func emptyWord(option: String) throws {
        let outcome = try Program.run(option, "")
        #expect(outcome.errors.contains("“”. Known are: "))
        #expect(outcome.exitCode == 64)
    }
}
