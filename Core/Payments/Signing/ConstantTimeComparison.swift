/// Compares signatures in a time that doesn't depend on where they differ, so that an attacker
/// can't find a signature byte by byte from the time of its refusal.
enum ConstantTimeComparison {
    /// Whether both are the same bytes. Visits every byte of both, unless their lengths differ: a
    /// length is no secret.
    static func areEqual(
        _ left: some Collection<UInt8>, _ right: some Collection<UInt8>
    ) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) {
            difference |= one ^ other
        }
        return difference == 0
    }
}
