import Foundation
import Payments
import Testing

@testable import Simulator

@Suite("The sample business")
struct SamplePartiesTests {
    let parties = SampleParties.make(seed: 7)

    @Test("rates never fall down a chain")
    func rates() throws {
        for merchant in parties.merchants {
            for product in merchant.products.keys {
                var rates = [parties.channelRatePPM]
                for agent in parties.agents(above: merchant.partyNo) {
                    rates.append(try #require(agent.products[product]))
                }
                rates.append(try #require(merchant.products[product]))
                #expect(rates == rates.sorted(), "\(merchant.partyNo) \(product): \(rates)")
            }
        }
    }

    @Test("it has every kind of party and key the day needs")
    func variety() {
        #expect(parties.agents.count == 3)
        #expect(parties.merchants.count == 8)
        #expect(parties.party("A1002")?.parentNo == "A1001")
        #expect(parties.party("A1003")?.callbackPath == nil)
        let types = Set(parties.parties.flatMap(\.keys).map(\.signType))
        #expect(types == ["MD5", "HMAC-SHA256", "RSA2"])
        #expect(parties.merchants.contains { $0.keys.count == 2 })
        #expect(parties.merchants.contains { $0.products["APP"] == nil })
        #expect(parties.merchants.contains { parties.agents(above: $0.partyNo).isEmpty })
    }

    @Test("cards pass the Luhn check")
    func luhn() throws {
        for merchant in parties.merchants {
            let digits = try #require(merchant.settlementCard).cardNo.compactMap(\.wholeNumberValue)
            let sum = digits.reversed().enumerated().reduce(0) { sum, item in
                let double = item.element * 2
                return sum
                    + (item.offset % 2 == 0 ? item.element : double > 9 ? double - 9 : double)
            }
            #expect(sum % 10 == 0)
            #expect(digits.count == 19)
        }
    }

    @Test("the file returns what was written, for its owner only")
    func file() throws {
        let file = NSTemporaryDirectory() + "parties-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try parties.write(file)
        #expect(try SampleParties.read(file) == parties)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }
}
