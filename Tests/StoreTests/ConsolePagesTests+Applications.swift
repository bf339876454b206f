import HTTPTypes
import HummingbirdTesting
import Payments
import Postgres
import TestApplications
import Testing

@testable import Console
@testable import Store

extension ConsolePagesTests {
    @Test func anApplicationIsDecidedByAnotherPersonThanWhoEnteredIt() async throws {
        let (shop, app) = try await site()
        let (maker, checker) = (
            try await session(of: "maker", shop, .superAdmin),
            try await session(of: "checker", shop, .reviewer)
        )
        let agent = try await session(of: "agent", shop, .agentAdmin, party: "A2")
        let support = try await session(of: "support", shop, .support)
        let number = try await applicationInReview(in: shop)
        let path = "/applications/\(number)"
        try await app.test(.router) { client in
            #expect(try await get(client, "/applications", checker).body.contains(number))
            #expect(try await get(client, "/applications?status=x", checker).status == .badRequest)
            #expect(try await get(client, "/applications", support).status == .forbidden)
            // A1 isn't below A2.
            #expect(try await !get(client, "/applications", agent).body.contains(number))
            #expect(try await get(client, path, agent).status == .notFound)
            let own = try await get(client, path, maker).body
            #expect(own.contains("You entered it") && !own.contains("/approve"))
            #expect(own.contains("&lt;b&gt;茶叶") && !own.contains("<b>茶叶"))
            #expect(own.contains("622202********4567") && !own.contains("王小茶"))
            let document = try await get(client, path + "/images/id_front", checker)
            #expect(document.status == .ok && document.headers[.contentType] == "image/jpeg")
            #expect(try await get(client, path + "/images/id_front", agent).status == .forbidden)
            #expect(try await get(client, path + "/images/x", checker).status == .notFound)
            let forged = try await post(
                client, path + "/approve", maker, "form_token=form-maker&version=1")
            #expect(forged.status == .conflict && forged.body.contains("Nothing was changed"))
            #expect(
                try await post(
                    client, path + "/approve", checker, "form_token=form-maker&version=1"
                ).status == .forbidden)
            #expect(
                try await post(
                    client, path + "/approve", agent, "form_token=form-agent&version=1"
                ).status == .forbidden)
            #expect(
                try await post(
                    client, path + "/refuse", checker, "form_token=form-checker&version=1"
                ).status == .conflict, "without a reason")
            #expect(
                try await post(
                    client, path + "/refuse", checker,
                    "form_token=form-checker&version=1&reason=the+card"
                ).status == .seeOther)
            let ended = try await get(client, path, checker).body
            #expect(ended.contains("the card") && !ended.contains("/refuse"))
        }
        let looked = try await shop.connection.texts(
            "select actor || ' ' || detail from audit_log where action = 'application.image'")
        #expect(looked == ["checker version 1 id_front"])
        // The event stands in the outbox, from where the onboarding role publishes it.
        let outbox = try await shop.connection.texts("select worker from outbox")
        #expect(outbox == ["applications"])
    }

    /// The user `maker` has entered it below A1.
    private func applicationInReview(in shop: Shop) async throws -> String {
        for (party, ppm) in [("P", 3_800), ("A1", 4_500)] as [(String, Int64)] {
            _ = try await shop.connection.run(
                PutRate(
                    partyNo: party, product: .pc, rate: try Rate(ppm: ppm),
                    effectiveFrom: Shop.noon.adding(seconds: -9)))
        }
        let sealer = try Sealer(masterKey: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        let user = try #require(try await shop.connection.run(UserByLogin("maker")).first)
        var form = try SampleApplication.form(name: "<b>茶叶有限公司")
        form.rates = [.pc: try Rate(ppm: 6_000)]
        let entry = Applications.Entry(
            kind: .merchant, parentNo: "A1", login: "tea.shop", form: form,
            images: try SampleApplication.images())
        return try await shop.connection.transaction { transaction in
            let number = try await Applications(user: user, sealer: sealer, now: Shop.noon)
                .enter(entry, in: transaction).applicationNo
            _ = try await transaction.run(
                MoveApplication(applicationNo: number, to: .toReview, now: Shop.noon))
            return number
        }
    }
}
