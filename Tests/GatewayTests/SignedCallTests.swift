import Events
import HTTPTypes
import Payments
import Synchronization
import Testing

@testable import Gateway
@testable import Store

@Suite struct SignedCallTests {
    private func refusal(
        _ fields: [String: RequestScalar], by party: Directory.Entry? = nil,
        at time: Timestamp = TestGateway.now, agents: [RequestFields] = [],
        chain: [Directory.Entry] = [], action: SignedCall.Action = .show
    ) async throws -> Problem? {
        let own = try party ?? TestGateway.merchant()
        let parties = Dictionary(uniqueKeysWithValues: ([own] + chain).map { ($0.partyNo, $0) })
        let calls = SignedCall(
            clock: TestGateway.FixedClock(time: time), quotas: TestGateway.quotas()
        ) { partyNos in
            Directory.Snapshot(
                version: 1, entries: parties.filter { partyNos.contains($0.key) })
        }
        do {
            let merchant = try await calls.merchant(
                RequestFields(fields, agentSignatures: agents), merchantOrderNo: "SHOP-1",
                action: action, remoteIP: nil)
            #expect(merchant.partyNo == "M1")
            return nil
        } catch let problem as Problem {
            return problem
        }
    }

    @Test(arguments: [SignedCall.Action.show, .close, .refund])
    func aSignatureServesForItsActionAndItsOrderOnly(action: SignedCall.Action) async throws {
        for signed in [SignedCall.Action.show, .close, .refund] {
            let fields = try TestGateway.signed(covering: TestGateway.covered(signed))
            let code = try await refusal(fields, action: action)?.code
            #expect(code == (signed == action ? nil : "bad_signature"))
        }
        let other = try TestGateway.signed(covering: TestGateway.covered(action, of: "SHOP-2"))
        #expect(try await refusal(other, action: action)?.code == "bad_signature")
        // What was signed without the action or without the order: earlier versions accepted it.
        for covering in [[:], ["merchant_order_no": "SHOP-1"], ["action": action.rawValue]] {
            let fields = try TestGateway.signed(covering: covering)
            #expect(try await refusal(fields, action: action)?.code == "bad_signature")
        }
    }

    @Test func orderAndActionMayBeSentAsTheyAreSigned() async throws {
        let named = try TestGateway.signed(["merchant_order_no": .text("SHOP-1")])
        #expect(try await refusal(named) == nil)
        let acting = try TestGateway.signed(["action": .text("order.show")])
        #expect(try await refusal(acting) == nil)
        #expect(try await refusal(acting, action: .close)?.status == 400)
    }

    @Test(arguments: ["", "a b", "a%00", "a\u{0}b", String(repeating: "x", count: 65)])
    func anOrderNumberOfAnotherFormIsRefused(number: String) async throws {
        let calls = TestGateway.calls(try TestGateway.merchant())
        await #expect(throws: Problem.self) {
            try await calls.merchant(
                RequestFields(
                    TestGateway.signed(covering: TestGateway.covered(.show, of: number))),
                merchantOrderNo: number, action: .show, remoteIP: nil)
        }
    }

    @Test(arguments: [SignedCall.Action.close, .refund])
    func aSuspendedMerchantChangesNothingAndMayRead(action: SignedCall.Action) async throws {
        let suspended = try TestGateway.merchant(isActive: false)
        let fields = try TestGateway.signed(covering: TestGateway.covered(action))
        let problem = try await refusal(fields, by: suspended, action: action)
        #expect(problem?.status == 403)
        #expect(problem?.code == "party_not_active")
        #expect(try await refusal(TestGateway.signed(), by: suspended) == nil)
        // Who hasn't signed doesn't learn the merchant's state.
        let forged = try TestGateway.signed(secret: "x", covering: TestGateway.covered(action))
        #expect(try await refusal(forged, by: suspended, action: action)?.status == 401)
    }

    @Test(arguments: [SignedCall.Action.close, .refund])
    func theChainSignsWhereItsOrdersMustBeSignedByIt(action: SignedCall.Action) async throws {
        let merchant = try TestGateway.merchant(agentsThatMustSign: ["A1"])
        let agent = try TestGateway.merchant(
            keys: [(.hmacSHA256, 3, "agent-secret")], isMerchant: false, partyNo: "A1")
        let covered = TestGateway.covered(action)
        let fields = try TestGateway.signed(covering: covered)
        let text = try #require(fields["sign"]?.signedText)
        let signed = RequestFields(fields).stringToSign(adding: covered) + "&sign=" + text
        func agents(_ text: String) throws -> [RequestFields] {
            [
                RequestFields([
                    "agent_no": .text("A1"), "sign_type": .text("HMAC-SHA256"),
                    "key_version": .integer(3),
                    "sign": .text(
                        try SigningKey(signType: .hmacSHA256, secret: "agent-secret").sign(text)),
                ])
            ]
        }
        func code(_ agents: [RequestFields]) async throws -> String? {
            try await refusal(
                fields, by: merchant, agents: agents, chain: [agent], action: action)?.code
        }
        #expect(try await code(agents(signed)) == nil)
        #expect(try await code([]) == "agent_signature_missing")
        #expect(try await code(agents(signed + "x")) == "bad_signature")
        // A merchant reads its orders without its agents.
        #expect(try await refusal(TestGateway.signed(), by: merchant) == nil)
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
        for fields in [changed, foreign] {
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

    @Test(arguments: ["merchant_no", "timestamp", "nonce", "sign_type", "key_version"])
    func aFieldThatIsMissingIsNamed(name: String) async throws {
        var fields = try TestGateway.signed()
        fields[name] = nil
        let problem = try await refusal(fields)
        #expect(problem?.status == 400)
        #expect(problem?.detail.contains(name) == true)
    }

    @Test func aRefusedCallIsNotLookedUpBeforeItsTimestampIsChecked() async throws {
        let calls = SignedCall(
            clock: TestGateway.FixedClock(time: TestGateway.now.adding(seconds: 601)),
            quotas: TestGateway.quotas()
        ) { _ in
            Issue.record("the directory was read")
            return Directory.Snapshot(version: 1, entries: [:])
        }
        await #expect(throws: Problem.self) {
            try await calls.merchant(
                RequestFields(TestGateway.signed()), merchantOrderNo: "SHOP-1", action: .show,
                remoteIP: nil)
        }
    }

    @Test func callsBeyondTheQuotaAreRefusedBeforeTheDirectoryIsRead() async throws {
        let instant = ContinuousClock.now
        let quotas = TestGateway.quotas(GatewayLimits(partyPerSecond: 1)) { instant }
        let reads = Mutex(0)
        let calls = SignedCall(
            clock: TestGateway.FixedClock(time: TestGateway.now), quotas: quotas
        ) { _ in
            reads.withLock { $0 += 1 }
            return Directory.Snapshot(version: 1, entries: [:])
        }
        var codes: [String] = []
        for _ in 0..<5 {
            do {
                _ = try await calls.merchant(
                    RequestFields(TestGateway.signed()), merchantOrderNo: "SHOP-1", action: .show,
                    remoteIP: "203.0.113.9")
            } catch let problem as Problem {
                codes.append(problem.code)
            }
        }
        #expect(codes.filter { $0 == "unknown_key" }.count == 2)
        #expect(codes.suffix(3).allSatisfy { $0 == "too_many_requests" })
        #expect(reads.withLock { $0 } == 2)
    }

    @Test func aQuerysFieldsAreTextButForTheKeyVersion() throws {
        let request = TestGateway.request(
            .get, "/v1/orders/SHOP-1?merchant_no=M1&key_version=12&nonce=7&sign=a%2Bb%3D")
        let fields = try SignedBody.fields(ofQuery: request)
        #expect(fields["merchant_no"] == .text("M1"))
        #expect(fields["key_version"] == .integer(12))
        #expect(fields["nonce"] == .text("7"))
        #expect(fields["sign"] == .text("a+b="))
    }

    @Test(arguments: [
        "nonce=7&nonce=8", "nonce=7&nonce=7", "nonce=a%00", "nonce=a%0A", "x=%7F", "x=%C2%85",
        "x=%E2%80%A8",
    ])
    func aQueryThatIsAmbiguousOrHoldsAControlCharacterIsRefused(query: String) {
        let request = TestGateway.request(.get, "/v1/orders/SHOP-1?merchant_no=M1&\(query)")
        let problem = #expect(throws: Problem.self) { try SignedBody.fields(ofQuery: request) }
        #expect(problem?.status == 400)
    }
}
