import HTTPTypes
import HummingbirdCore
import Payments
import Reports
import Sentences
import Testing

@testable import Console
@testable import Store

@Suite struct ReportQueryTests {
    private static func user(_ role: UserRole, of partyNo: String? = nil) -> User {
        User(
            userNo: "U1", login: "u", role: role, partyNo: partyNo, passwordHash: "h",
            isPasswordTemporary: false, codeSecretSealed: nil, lockedUntil: nil, isActive: true)
    }

    private static func query(
        _ text: String, of user: User = user(.finance)
    ) throws -> ReportQuery {
        let fields = URI("/reports/file?" + text).queryParameters
        return try ReportQuery(fields, scope: ReportScope(of: user), language: .en)
    }

    private static let settlement = "kind=settlement&from=2026-11-20&to=2026-11-20&format=xlsx"

    @Test(arguments: [
        (UserRole.superAdmin, 6), (.operator, 6), (.reviewer, 6), (.finance, 6), (.support, 0),
        (.agentAdmin, 1), (.agentStaff, 0), (.merchant, 1),
    ])
    func aRoleHasItsReports(role: UserRole, count: Int) {
        #expect(ReportScope(of: Self.user(role, of: "X1")).kinds.count == count)
    }

    @Test func aMerchantsSettlementIsItsOwnWhateverItNames() throws {
        let query = try Self.query(
            Self.settlement + "&merchant=M2", of: Self.user(.merchant, of: "M1"))
        #expect(query.request.merchantNo == "M1")
        #expect(query.fileName == "settlement-M1-2026-11-20.xlsx")
    }

    @Test func anAgentsSharesAreItsOwnWhateverItNames() throws {
        let query = try Self.query(
            "kind=profit-share&from=2026-11-20&format=csv&agent=A2",
            of: Self.user(.agentAdmin, of: "A1"))
        #expect(query.request.agentNo == "A1")
    }

    @Test(arguments: [
        "kind=reconciliation", "kind=daily", "kind=fees", "kind=trial-balance",
        "kind=profit-share",
    ])
    func aMerchantHasNoOtherReport(kind: String) {
        let error = #expect(throws: PageError.self) {
            try Self.query(
                "\(kind)&from=2026-11-20&format=csv", of: Self.user(.merchant, of: "M1"))
        }
        #expect(error?.status == .forbidden)
    }

    @Test(arguments: [
        "", "kind=x&from=2026-11-20&format=csv", "kind=daily&from=2026-11-20&format=exe",
        "kind=daily&from=2026-11-20", "kind=daily&from=20.11.&format=csv",
        "kind=daily&from=2026-11-20&to=2026-11-19&format=csv",
        "kind=daily&from=2026-01-01&to=2026-11-19&format=csv",
        "kind=daily&from=-99999-01-01&format=csv", "kind=daily&from=%00&format=csv",
    ])
    func whatCannotBeReadIsRefused(text: String) {
        let error = #expect(throws: PageError.self) { try Self.query(text) }
        #expect(error?.status == .badRequest)
    }

    @Test func aPlatformsUserNamesAMerchantOrNone() throws {
        #expect(try Self.query(Self.settlement).request.merchantNo == nil)
        #expect(try Self.query(Self.settlement + "&merchant=M2").request.merchantNo == "M2")
        // A form has both boxes: what isn't of the report is left out.
        let daily = try Self.query("kind=daily&from=2026-11-20&format=csv&merchant=M2&agent=A1")
        #expect(daily.request.merchantNo == nil && daily.request.agentNo == nil)
    }

    @Test func aFileNameHoldsNoCharacterOfAStranger() throws {
        let query = try Self.query(Self.settlement + "&merchant=%22%0d%0aset-cookie:a")
        #expect(query.fileName == "settlement-2026-11-20.xlsx")
    }

    @Test func onlySoManyReportsAreMadeAtATime() async throws {
        let slots = ReportSlots(limit: 1)
        try await slots.run {
            let error = await #expect(throws: PageError.self) { try await slots.run {} }
            #expect(error?.status == .serviceUnavailable)
        }
        try await slots.run {}
    }
}
