import Testing

@testable import Delivery

@Suite struct DestinationPlacesTests {
    private func at(_ host: String, _ address: String) -> DestinationPlaces.Destination {
        .init(host: host, address: address)
    }

    @Test func aHostAndAnAddressHaveSixtyFourPlacesWhoeverSends() {
        var places = DestinationPlaces()
        for number in 0..<64 {
            let isIn = places.enter(at("a", "\(number)"), of: "M\(number)")
            #expect(isIn)
        }
        var isIn = places.enter(at("a", "99"), of: "M99")
        #expect(!isIn)
        // One that can't enter takes nothing of the other count.
        for number in 0..<64 {
            isIn = places.enter(at("b\(number)", "99"), of: "M\(number)")
            #expect(isIn)
        }
        isIn = places.enter(at("c", "99"), of: "M99")
        #expect(!isIn)
        places.leave(at("a", "1"), of: "M1")
        isIn = places.enter(at("a", "1"), of: "M99")
        #expect(isIn)
    }

    @Test func onePartyLeavesTheLastPlacesToOthersByHoweverManyNames() {
        var places = DestinationPlaces()
        let entered = (0..<100).count { places.enter(at("h\($0)", "victim"), of: "attacker") }
        #expect(entered == 48)
        let others = (0..<100).count { places.enter(at("shop", "victim"), of: "M\($0 % 2)") }
        #expect(others == 16)
        for number in 0..<48 { places.leave(at("h\(number)", "victim"), of: "attacker") }
        let again = (0..<100).count { places.enter(at("shop", "victim"), of: "M\($0 % 2)") }
        #expect(again == 32)
    }
}
