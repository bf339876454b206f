import Foundation
import NIOCore
import Synchronization
import TestWaiting
import Testing

@testable import Delivery

@Suite(.timeLimit(.minutes(1))) struct HostResolverTests {
    /// A name server whose answers the test decides; names that begin with `hang` wait for `open`.
    private final class NameServer: Sendable {
        private let calls = Mutex<[String]>([])
        private let opening = NSCondition()
        private let isOpen = Mutex(false)
        let address: SocketAddress

        init() throws { address = try SocketAddress(ipAddress: "203.119.25.1", port: 0) }

        var queried: [String] { calls.withLock { $0 } }

        func open() {
            isOpen.withLock { $0 = true }
            opening.lock()
            opening.broadcast()
            opening.unlock()
        }

        @Sendable func addresses(of host: String) throws -> [SocketAddress] {
            calls.withLock { $0.append(host) }
            if host.hasPrefix("hang") {
                opening.lock()
                while !isOpen.withLock({ $0 }) { opening.wait() }
                opening.unlock()
            }
            guard !host.hasPrefix("no") else {
                throw SystemLookup.Failure(description: "no such name")
            }
            return [address]
        }
    }

    /// Looks a name up whose name server hangs, until the lookup has begun.
    private func beginHanging(
        _ host: String, of party: String, _ resolver: HostResolver, _ server: NameServer
    ) async throws {
        repeat {
            await #expect(throws: HostResolver.Failure.self) {
                try await resolver.addresses(of: host, for: party)
            }
        } while !server.queried.contains(host)
    }

    /// Looks a name up, until a thread was quick enough for the test's short limit.
    private func resolved(
        _ host: String, of party: String, _ resolver: HostResolver
    ) async throws -> [SocketAddress] {
        try await eventually("\(host) is resolved") {
            try? await resolver.addresses(of: host, for: party)
        }
    }

    @Test func aNameIsResolvedOnceForAllThatWait() async throws {
        let server = try NameServer()
        let resolver = HostResolver(lookup: server.addresses)
        let found = try await withThrowingTaskGroup(of: [SocketAddress].self) { group in
            for _ in 0..<20 {
                group.addTask { try await resolver.addresses(of: "a.example", for: "M1") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(found == Array(repeating: [server.address], count: 20))
        #expect(server.queried == ["a.example"])
    }

    @Test func anAddressNeedsNoNameServer() async throws {
        let server = try NameServer()
        let resolver = HostResolver(lookup: server.addresses)
        let found = try await resolver.addresses(of: "203.119.25.9", for: "M1")
        #expect(found.map(\.ipAddress) == ["203.119.25.9"])
        #expect(server.queried.isEmpty)
    }

    @Test func aNameServerThatHangsCostsTheLimitAndNoMore() async throws {
        let server = try NameServer()
        let resolver = HostResolver(limit: .milliseconds(50), lookup: server.addresses)
        try await beginHanging("hang.example", of: "M1", resolver, server)
        // Others are resolved meanwhile.
        #expect(try await resolved("b.example", of: "M2", resolver) == [server.address])
        server.open()
        try await eventually("the late answer serves") {
            (try? await resolver.addresses(of: "hang.example", for: "M1")) == [server.address]
        }
    }

    @Test func aNameThatWasNotBegunIsNoFailureOfItsReceiver() async throws {
        let server = try NameServer()
        let resolver = HostResolver(limit: .milliseconds(50), lookup: server.addresses)
        // Eight parties' name servers hang: every thread is taken.
        for number in 0..<32 {
            try await beginHanging("hang\(number).example", of: "M\(number / 4)", resolver, server)
        }
        await #expect(throws: HostResolver.Failure.busy) {
            try await resolver.addresses(of: "healthy.example", for: "M9")
        }
        // It holds no place in the queue: the same party may begin others.
        for number in 0..<9 {
            await #expect(throws: HostResolver.Failure.busy) {
                try await resolver.addresses(of: "healthy\(number).example", for: "M9")
            }
        }
        server.open()
        #expect(try await resolved("healthy.example", of: "M9", resolver) == [server.address])
    }

    @Test func onePartysHangingNamesTakeFourThreads() async throws {
        let server = try NameServer()
        let resolver = HostResolver(limit: .milliseconds(20), lookup: server.addresses)
        for number in 1...4 {
            try await beginHanging("hang\(number).example", of: "M1", resolver, server)
        }
        await #expect(throws: HostResolver.Failure.busy) {
            try await resolver.addresses(of: "hang5.example", for: "M1")
        }
        #expect(try await resolved("a.example", of: "M2", resolver) == [server.address])
        server.open()
    }

    @Test func aFailureIsKeptForAWhile() async throws {
        let server = try NameServer()
        let resolver = HostResolver(lookup: server.addresses)
        for _ in 0..<3 {
            await #expect(throws: HostResolver.Failure.unresolved("no such name")) {
                try await resolver.addresses(of: "no.example", for: "M1")
            }
        }
        #expect(server.queried == ["no.example"])
    }
}
