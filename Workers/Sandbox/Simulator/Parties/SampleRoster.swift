import Payments

/// Makes the sample parties; each party's secrets are drawn with a label of its own.
struct SampleRoster {
    let seed: UInt64
    /// The channel's fee in ppm; every other rate is above it.
    let base: Int64

    /// The platform and the agents.
    mutating func agents() -> [SampleParty] {
        [
            SampleParty("P1000", .platform, "Tally 支付平台", parentNo: nil, hasCallback: false),
            SampleParty(
                "A1001", .agent, "华东渠道", parentNo: "P1000", products: rates(400, 450, 500),
                keys: [key("A1001", .hmacSHA256)]),
            SampleParty(
                "A1002", .agent, "杭州分部", parentNo: "A1001", products: rates(900, 1000, 1100),
                keys: [key("A1002", .md5)]),
            SampleParty(
                "A1003", .agent, "西南渠道", parentNo: "P1000", hasCallback: false,
                products: rates(700, 700, 750), keys: [key("A1003", .md5)]),
        ]
    }

    /// The merchants: keys of every scheme; one without the product APP, one with two live key
    /// versions, one directly below the platform.
    mutating func merchants() -> [SampleParty] {
        [
            merchant("M2001", "龙井茶庄", "A1001", rates(2200, 2200, 2200), .md5, agentsSign: true),
            merchant("M2002", "西湖书店", "A1002", rates(2200, 2400, 2600), .hmacSHA256),
            SampleParty(
                "M2003", .merchant, "钱塘数码", parentNo: "A1002",
                products: rates(1700, 1700, 1900),
                keys: [
                    key("M2003", .hmacSHA256),
                    SampleKey(
                        version: 2, privateKeyFile: SampleKeyFile.merchantPrivate.rawValue,
                        publicKeyFile: SampleKeyFile.merchantPublic.rawValue),
                ], settlementCard: card("M2003", "钱塘数码有限公司")),
            merchant("M2004", "蜀味小馆", "A1003", rates(2200, 2200, 2200), .md5, agentsSign: true),
            merchant("M2005", "直营商城", "P1000", rates(1200, 1200, 1200), .hmacSHA256),
            merchant("M2006", "苏式糕点", "A1001", rates(1950, 2000, 2050), .md5),
            merchant(
                "M2007", "灵隐素斋", "A1002", rates(2200, 2200, nil), .hmacSHA256,
                agentsSign: true),
            SampleParty(
                "M2008", .merchant, "锦里工艺", parentNo: "A1003",
                products: rates(4200, 4200, 4200),
                keys: [key("M2008", .md5), key("M2008", .hmacSHA256, version: 2)],
                settlementCard: card("M2008", "锦里工艺品商行")),
        ]
    }

    private func merchant(
        _ number: String, _ name: String, _ parentNo: String, _ products: [String: Int64],
        _ signType: SignType, agentsSign: Bool = false
    ) -> SampleParty {
        SampleParty(
            number, .merchant, name, parentNo: parentNo, products: products,
            keys: [key(number, signType)], settlementCard: card(number, name + "有限公司"),
            ordersThroughAgents: agentsSign)
    }

    private func rates(_ pc: Int64, _ wap: Int64, _ app: Int64?) -> [String: Int64] {
        var rates = [Product.pc.rawValue: base + pc, Product.wap.rawValue: base + wap]
        if let app { rates[Product.app.rawValue] = base + app }
        return rates
    }

    private func key(_ party: String, _ signType: SignType, version: Int = 1) -> SampleKey {
        var random = SeededRandom(seed: seed, label: "secret|\(party)|\(version)")
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        let secret = String((0..<32).map { _ in alphabet[Int(random.next() % 32)] })
        return SampleKey(signType, version: version, secret: secret)
    }

    private func card(_ party: String, _ holder: String) -> SampleCard {
        var random = SeededRandom(seed: seed, label: "card|\(party)")
        let digits = (0..<12).map { _ in String(random.number(in: 0...9)) }.joined()
        return SampleCard(payeeName: holder, cardNo: SampleCard.number("622202" + digits))
    }
}
