import Payments
import Testing

@Suite struct PayoutNumberTests {
    @Test func eachReissueHasTheNextNumber() {
        let first = PayoutNumber.first(ofSettlement: "S20261120-M1-abcd1234")
        #expect(first == "P20261120-M1-abcd1234")
        let second = PayoutNumber.next(after: first)
        #expect(second == first + "-R2")
        #expect(PayoutNumber.next(after: second) == first + "-R3")
        #expect(PayoutNumber.next(after: first + "-R9") == first + "-R10")
        // A merchant's number may look like one.
        #expect(PayoutNumber.next(after: "P20261120-M-R-x") == "P20261120-M-R-x-R2")
    }
}
