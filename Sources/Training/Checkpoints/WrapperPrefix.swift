/// What wrappers of PyTorch's put before every name of a `state_dict`: `module.` by `DataParallel`, `_orig_mod.` by
/// `torch.compile`, and both where one is inside the other.
enum WrapperPrefix {
    static let known = ["module._orig_mod.", "_orig_mod.module.", "module.", "_orig_mod."]

    /// The one that all names begin with; empty where there is none.
    static func common(to names: [String]) -> String {
        guard !names.isEmpty else { return "" }
        return known.first { prefix in names.allSatisfy { $0.hasPrefix(prefix) } } ?? ""
    }
}
