import Foundation
import Payments
import TestStack
import Testing

extension OutsideTests.UpSuite {
    /// Runs `docs/how-to/first-merchant.md`, and then trades as the merchant that it makes.
    @Test func theFirstMerchantsPageLeadsToAPaidOrder() async throws {
        let page = try String(
            contentsOfFile: TallyProcess.repository + "/docs/how-to/first-merchant.md",
            encoding: .utf8)
        let blocks = page.components(separatedBy: "```").enumerated()
            .filter { $0.offset % 2 == 1 && $0.element.hasPrefix("sh\n") }.map(\.element)
        let commands = blocks.flatMap { $0.split(separator: "\n").dropFirst() }
        #expect(commands.count == 8)
        var secret: String?
        for command in commands {
            let ending = try await stack.shell(String(command))
            #expect(ending.status == 0, "\(command): \(ending.errors)")
            let line = ending.output.split(separator: "\n").first { $0.hasPrefix("secret: ") }
            secret = line.map { String($0.dropFirst("secret: ".count)) } ?? secret
            #expect(!ending.output.contains("6222020200112233445"))
        }
        #expect(secret?.count == 64)
        let key = Endpoints.Key(
            signType: .hmacSHA256, keyVersion: 1, secret: secret,
            privateKeyFile: nil)
        let shop = Shop(merchantNo: "M9001", key: key, agents: [])
        let number = Shop.number()
        let paid = try await stack.paidOrder(number, of: shop, amount: 10_000)
        #expect(paid["status"] == "paid")
        #expect(
            try await stack.texts(
                "select concat_ws(' ', merchant_fee_fen, channel_fee_fen, agent_share_fen, "
                    + "platform_share_fen) from orders where merchant_order_no = '\(number)'")
                == ["60 38 15 7"])
        // Its agent is frozen: the next order is refused, and taken again once it is thawed.
        for (change, status) in [("freeze", 403), ("thaw", 201)] {
            let ending = try await stack.tally("parties", change, "A9001")
            #expect(ending.status == 0, "\(ending.errors)")
            let answer = try await stack.submit(shop.order(Shop.number()))
            #expect(answer.status == status, "\(answer.text)")
        }
        let revoked = try await stack.tally(
            "keys", "revoke", "M9001", "--type", "HMAC-SHA256", "--version", "1")
        #expect(revoked.status == 0, "\(revoked.errors)")
        #expect(try await stack.submit(shop.order(Shop.number())).status == 401)
        // A rate under the agent's names who stands in the way.
        let low = try await stack.tally("rates", "set", "M9001", "PC", "--ppm", "4000")
        #expect(low.status == 1)
        #expect(low.errors.contains("less than the 4500 ppm of A9001"), "\(low.errors)")
    }
}
