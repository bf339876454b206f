import ArgumentParser

/// Dead letters a second, a minute or an hour: `100/s`, `100`, `600/m`.
struct ReplayRate: ExpressibleByArgument {
    let perSecond: Double

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        let seconds: [Substring: Double] = ["s": 1, "m": 60, "h": 3_600]
        guard parts.count <= 2, let count = Int(parts[0]), (1...1_000_000).contains(count),
            let unit = seconds[parts.count == 2 ? parts[1] : "s"]
        else { return nil }
        perSecond = Double(count) / unit
    }
}
