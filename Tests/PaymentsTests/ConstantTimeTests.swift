import Synchronization
import Testing

@testable import Payments

@Suite struct ConstantTimeTests {
    /// Bytes that count how many of them were visited.
    private final class CountedBytes: Collection, Sendable {
        private let bytes: [UInt8]
        private let visits = Atomic(0)

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        var visited: Int { visits.load(ordering: .relaxed) }
        var startIndex: Int { 0 }
        var endIndex: Int { bytes.count }
        func index(after index: Int) -> Int { index + 1 }

        subscript(index: Int) -> UInt8 {
            visits.add(1, ordering: .relaxed)
            return bytes[index]
        }
    }

    @Test(arguments: [nil, 0, 15, 31])
    func everyByteIsVisitedWhereverTheFirstDifferenceIs(difference: Int?) {
        let right = (0..<32).map { UInt8($0) }
        var wrong = right
        if let difference { wrong[difference] ^= 1 }
        let (left, other) = (CountedBytes(wrong), CountedBytes(right))
        #expect(ConstantTimeComparison.areEqual(left, other) == (difference == nil))
        #expect(left.visited == 32)
        #expect(other.visited == 32)
    }

    @Test func anotherLengthIsNotEqual() {
        #expect(!ConstantTimeComparison.areEqual([1, 2], [1, 2, 3]))
        #expect(ConstantTimeComparison.areEqual([UInt8](), [UInt8]()))
    }
}
