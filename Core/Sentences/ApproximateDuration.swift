extension Duration {
    /// Rounded down to one unit: `45 s`, `12 min`, `3 h`, `5 d`.
    public var approximate: String {
        let seconds = max(0, components.seconds)
        return switch seconds {
        case ..<90: "\(seconds) s"
        case ..<5_400: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
