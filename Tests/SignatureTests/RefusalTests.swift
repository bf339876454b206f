import Payments
import Testing

@testable import Signature

/// The contract's status of each refusal.
@Suite struct RefusalTests {
    private static let table: [(refusal: Refusal, status: Int, code: String)] = [
        (.unknownMerchant("M1"), 403, "unknown_merchant"),
        (.inactive("M1"), 403, "party_not_active"),
        (.unknownKey("M1", .rsa2, 7), 401, "unknown_key"),
        (.badSignature(of: "A1"), 401, "bad_signature"),
        (.timestampOff(by: 601), 401, "timestamp_out_of_window"),
        (.notItsAgent("A1", of: "M1"), 403, "not_an_agent"),
        (.agentSignatureMissing("A1"), 401, "agent_signature_missing"),
        (.productNotAllowed(.app, lackedBy: ["M1"]), 403, "product_not_allowed"),
        (.numberUsed(by: "T1"), 409, "merchant_order_no_used"),
        (.numberUsed(by: nil), 409, "merchant_order_no_used"),
        (.receiptOff(by: 601), 400, "received_at_out_of_window"),
        (.malformed("d"), 400, "malformed"), (.orderNumberForm, 400, "malformed"),
        (.tooLarge(70_000), 413, "body_too_large"),
    ]

    @Test func onlyARefusalAfterTheMerchantsOwnSignatureIsAuthenticated() {
        for (refusal, _, code) in Self.table {
            let anybodys: Set = [
                "unknown_merchant", "unknown_key", "timestamp_out_of_window",
                "received_at_out_of_window", "malformed", "body_too_large",
            ]
            #expect(refusal.isAuthenticated(for: "M1") == !anybodys.contains(code), "\(code)")
        }
        // Not the agent's signature, after the merchant's was valid; and not the merchant's.
        #expect(Refusal.badSignature(of: "A1").isAuthenticated(for: "M1"))
        #expect(!Refusal.badSignature(of: "M1").isAuthenticated(for: "M1"))
    }

    @Test func everyRefusalHasTheContractsStatusAndCode() {
        for (refusal, status, code) in Self.table {
            #expect(refusal.httpStatus == status, "\(code)")
            #expect(refusal.code == code)
        }
    }

    @Test func aRefusalNamesWhatItIsAbout() {
        #expect(Refusal.unknownKey("M1", .rsa2, 7).detail.contains("RSA2 key of version 7"))
        #expect(Refusal.timestampOff(by: -601).detail.contains("601 s ahead; 600 s are allowed"))
        #expect(Refusal.timestampOff(by: 601).detail.contains("601 s behind"))
        #expect(Refusal.numberUsed(by: "T1").detail.contains("T1"))
        #expect(
            Refusal.productNotAllowed(.app, lackedBy: ["P0", "M1"]).detail
                == "P0 and M1 have no rate for APP")
    }
}
