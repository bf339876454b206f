import Events
import HTTPTypes
import Payments
import Testing

@testable import Gateway
@testable import Store

@Suite struct SignedCallTests {
    private func refusal(
        _ fields: [String: RequestScalar], by party: Directory.Entry? = nil,
        at time: Timestamp = TestGateway.now
    ) async throws -> Problem? {
        let calls = TestGateway.calls(at: time, try party ?? TestGateway.merchant())
        do {
            let merchant = try await calls.merchant(
                RequestFields(fields), merchantOrderNo: "SHOP-1")
            #expect(merchant.partyNo == "M1")
            return nil
        } catch let problem as Problem {
            return problem
        }
    }

    @Test func aLiveKeysSignatureIsAcceptedWithOrWithoutTheOrderOfThePath() async throws {
        #expect(try await refusal(TestGateway.signed()) == nil)
        let covering = try TestGateway.signed(covering: ["merchant_order_no": "SHOP-1"])
        #expect(try await refusal(covering) == nil)
        let named = try TestGateway.signed(["merchant_order_no": .text("SHOP-1")])
        #expect(try await refusal(named) == nil)
    }

    @Test func aCallWithoutASignatureIsRefused() async throws {
        for sign in [nil, .null, .text("")] as [RequestScalar?] {
            var fields = try TestGateway.signed()
            fields["sign"] = sign
            let problem = try await refusal(fields)
            #expect(problem?.status == 401)
            #expect(problem?.code == "unsigned")
        }
    }

    @Test func aWrongSignatureIsRefused() async throws {
        var changed = try TestGateway.signed()
        changed["amount_fen"] = .integer(1)
        let foreign = try TestGateway.signed(secret: "another-secret")
        let other = try TestGateway.signed(covering: ["merchant_order_no": "SHOP-2"])
        for fields in [changed, foreign, other] {
            let problem = try await refusal(fields)
            #expect(problem?.status == 401)
            #expect(problem?.code == "bad_signature")
        }
    }

    @Test func fieldsThatNameAnotherOrderAreRefused() async throws {
        let fields = try TestGateway.signed(["merchant_order_no": .text("SHOP-2")])
        #expect(try await refusal(fields)?.status == 400)
    }

    @Test func aKeyVersionThatIsNotLiveIsRefusedAndNotReplacedByAnother() async throws {
        for keys in [[], [(.md5, 2, TestGateway.secret)], [(.hmacSHA256, 1, TestGateway.secret)]]
            as [[(SignType, Int, String)]]
        {
            let party = try TestGateway.merchant(keys: keys)
            let problem = try await refusal(TestGateway.signed(), by: party)
            #expect(problem?.status == 401)
            #expect(problem?.code == "unknown_key")
        }
    }

    @Test func onlyAMerchantMayCall() async throws {
        let agent = try TestGateway.merchant(isMerchant: false)
        #expect(try await refusal(TestGateway.signed(), by: agent)?.code == "unknown_key")
        let unknown = try TestGateway.signed(["merchant_no": .text("M9")])
        #expect(try await refusal(unknown)?.code == "unknown_key")
    }

    @Test(arguments: [-600, -1, 0, 1, 600] as [Int64])
    func aTimestampWithinTenMinutesIsAccepted(seconds: Int64) async throws {
        let time = TestGateway.now.adding(seconds: seconds)
        #expect(try await refusal(TestGateway.signed(), at: time) == nil)
    }

    @Test(arguments: [-650, -601, 601, 650] as [Int64])
    func aTimestampMoreThanTenMinutesOffIsRefused(seconds: Int64) async throws {
        let time = TestGateway.now.adding(seconds: seconds)
        let problem = try await refusal(TestGateway.signed(), at: time)
        #expect(problem?.status == 401)
        #expect(problem?.code == "timestamp_out_of_window")
    }

    @Test(arguments: ["merchant_no", "timestamp", "sign_type", "key_version"])
    func aFieldThatIsMissingIsNamed(name: String) async throws {
        var fields = try TestGateway.signed()
        fields[name] = nil
        let problem = try await refusal(fields)
        #expect(problem?.status == 400)
        #expect(problem?.detail.contains(name) == true)
    }

    @Test func aRefusedCallIsNotLookedUpBeforeItsTimestampIsChecked() async throws {
        let calls = SignedCall(
            clock: TestGateway.FixedClock(time: TestGateway.now.adding(seconds: 601))
        ) { _ in
            Issue.record("the directory was read")
            return nil
        }
        await #expect(throws: Problem.self) {
            try await calls.merchant(
                RequestFields(TestGateway.signed()), merchantOrderNo: "SHOP-1")
        }
    }

    @Test func aQuerysFieldsAreTextButForTheKeyVersion() {
        let request = TestGateway.request(
            .get, "/v1/orders/SHOP-1?merchant_no=M1&key_version=12&nonce=7&sign=a%2Bb%3D")
        let fields = RequestFields(query: request)
        #expect(fields["merchant_no"] == .text("M1"))
        #expect(fields["key_version"] == .integer(12))
        #expect(fields["nonce"] == .text("7"))
        #expect(fields["sign"] == .text("a+b="))
    }
}
