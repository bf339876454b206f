import ArgumentParser
import Payments

/// A time (RFC 3339, a date of Beijing) or how long ago: `30m`, `12h`, `7d`.
struct SinceTime: ExpressibleByArgument {
    let text: String
    private let ago: Int64?
    private let moment: Timestamp?

    init?(argument: String) {
        text = argument
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        if let unit = argument.last.flatMap({ units[$0] }),
            let count = Int64(argument.dropLast()), (0...1_000_000_000).contains(count)
        {
            (ago, moment) = (count * unit, nil)
        } else if let moment = Timestamp(rfc3339: argument)
            ?? BusinessDay(argument)?.start ?? Timestamp(shanghai: argument)
        {
            (ago, self.moment) = (nil, moment)
        } else {
            return nil
        }
    }

    func time(at now: Timestamp) -> Timestamp {
        moment ?? now.adding(seconds: -(ago ?? 0))
    }
}
