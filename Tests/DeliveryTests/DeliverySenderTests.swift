import Channels
import Events
import Foundation
import NIOCore
import NIOSSL
import Payments
import TestReceivers
import TestWaiting
import Testing

@testable import Delivery

/// Posts to receivers in this process, on loopback.
@Suite(.timeLimit(.minutes(1))) struct DeliverySenderTests {
    private static let success = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsuccess"

    private func sender(
        _ timeLimit: Duration = .seconds(20), allowsPrivate: Bool = true,
        tls: TLSConfiguration = .makeClientConfiguration()
    ) throws -> DeliverySender {
        try DeliverySender(
            timeLimit: timeLimit, allowsPrivateAddresses: allowsPrivate, tls: tls)
    }

    private func post(
        _ answer: RawReceiver.Answer, within timeLimit: Duration = .seconds(20),
        trace: TraceContext? = nil, path: String = ""
    ) async throws -> (result: DeliveryResult, receiver: RawReceiver) {
        let receiver = try await RawReceiver.start(answer)
        let result = try await sender(timeLimit).post(
            try DeliverySamples.message(trace: trace), to: receiver.url + path, of: "M1",
            receivers: Receivers())
        await receiver.stop()
        return (result, receiver)
    }

    // MARK: What is sent

    @Test func aDeliveryCarriesItsIdentityItsAttemptAndItsTrace() async throws {
        let trace = TraceContext.new()
        let (result, receiver) = try await post(
            .bytes(Self.success), trace: trace, path: "tally/%E8%8C%B6?a=b%20c&d")
        #expect(result.isAcknowledged)
        let lines = receiver.received.components(separatedBy: "\r\n")
        #expect(lines.first == "POST /tally/%E8%8C%B6?a=b%20c&d HTTP/1.1")
        var headers: [String: String] = [:]
        for line in lines.dropFirst().prefix(while: { !$0.isEmpty }) {
            let parts = line.components(separatedBy: ": ")
            headers[parts[0].lowercased()] = parts[1]
        }
        let id = DeliverySamples.id.description
        #expect(headers["host"] == "127.0.0.1:\(receiver.port)")
        #expect(headers["tally-delivery-id"] == id)
        #expect(headers["tally-attempt"] == "3")
        #expect(headers["content-type"] == "application/json; charset=utf-8")
        #expect(headers["webhook-id"] == id)
        #expect(headers["webhook-timestamp"] == "1795140930")
        #expect(headers["webhook-signature"]?.hasPrefix("v1,") == true)
        let parent = headers["traceparent"].flatMap { TraceContext($0) }
        #expect(parent?.traceID == trace.traceID)
        let body = try #require(lines.last)
        #expect(headers["content-length"] == String(body.utf8.count))
        #expect(body.contains(#""event":"order.paid""#))
    }

    @Test func aConnectionIsUsedAgainAndOneThatWasClosedMeanwhileIsReplaced() async throws {
        let receiver = try await RawReceiver.start(.bytes(Self.success))
        let sender = try sender()
        for _ in 0..<3 {
            let result = try await sender.post(
                try DeliverySamples.message(), to: receiver.url, of: "M1", receivers: Receivers())
            #expect(result.isAcknowledged)
        }
        #expect(receiver.connections == 1)
        await receiver.stop()
        // A receiver that ends each connection after its response, without saying so.
        // One that ends or resets it as the next request arrives: only then it is found closed.
        let answers: [RawReceiver.Answer] = [
            .last(Self.success), .once(Self.success), .onceThenReset(Self.success),
        ]
        for answer in answers {
            let closing = try await RawReceiver.start(answer)
            for _ in 0..<3 {
                let result = try await sender.post(
                    try DeliverySamples.message(), to: closing.url, of: "M1",
                    receivers: Receivers())
                #expect(result.isAcknowledged, "\(result)")
            }
            await closing.stop()
        }
    }

    // MARK: What comes back

    @Test(arguments: [301, 302, 303, 307, 308])
    func aRedirectIsNotFollowed(status: Int) async throws {
        let (result, receiver) = try await post(
            .bytes("HTTP/1.1 \(status) Moved\r\nLocation: /success\r\nContent-Length: 0\r\n\r\n"))
        #expect(!result.isAcknowledged)
        #expect(result.httpStatus == Int32(status))
        #expect(receiver.connections == 1)
        #expect(receiver.received.components(separatedBy: "POST").count == 2)
    }

    @Test(arguments: [
        "HTTP/1.0 200 OK\r\n\r\nsuccess",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n success\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsuc\r\n4\r\ncess\r\n0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsuccess",
    ])
    func aWholeResponseInAnyFormIsRead(response: String) async throws {
        #expect(try await post(.last(response)).result.isAcknowledged)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\nsuccess", "nonsense\r\n\r\n", "",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nsuccess\r\n",
    ])
    func aResponseThatIsCutOffOrNoHTTPIsNoReply(response: String) async throws {
        let result = try await post(.last(response)).result
        #expect(!result.isAcknowledged)
        #expect(result.httpStatus == nil)
        #expect(result.error?.contains("no reply") == true)
    }

    @Test func aConnectionThatIsResetIsAnAttemptWithoutAReply() async throws {
        let result = try await post(.reset).result
        #expect(result.httpStatus == nil)
        #expect(result.error?.contains("no reply") == true)
    }

    @Test func aClosedPortIsAnAttemptWithoutAReply() async throws {
        let receiver = try await RawReceiver.start(.reset)
        await receiver.stop()
        let result = try await sender().post(
            try DeliverySamples.message(), to: receiver.url, of: "M1", receivers: Receivers())
        #expect(result.httpStatus == nil)
        #expect(result.error?.contains("no reply") == true)
    }

    // MARK: Limits

    /// Each would hold its slot for ever if the limit ended with the response's head.
    @Test(arguments: [
        RawReceiver.Answer.bytes(""),
        .bytes("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"),
        .trickle("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"),
        .trickle("HTTP/1.1 200 OK\r\nX-Long: "),
    ])
    func theTimeLimitReachesToTheLastByte(answer: RawReceiver.Answer) async throws {
        let started = ContinuousClock.now
        let (result, receiver) = try await post(answer, within: .milliseconds(300))
        #expect(ContinuousClock.now - started < .seconds(10))
        #expect(result.httpStatus == nil)
        #expect(result.error?.contains("not whole within 0.3 s") == true, "\(result)")
        try await eventually("the connection is closed") { receiver.open == 0 }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Long: ",
    ])
    func aResponseWithoutEndIsReadOnlyToItsLimit(head: String) async throws {
        let (result, receiver) = try await post(.endless(head))
        #expect(!result.isAcknowledged)
        #expect(
            result.error?.contains("bytes") == true || result.error?.contains("no reply") == true)
        try await eventually("the connection is closed") { receiver.open == 0 }
        // What fits into the sockets' buffers.
        #expect(receiver.sent < 32_000_000)
    }

    @Test func aPrivateReceiverGetsNoConnection() async throws {
        let receiver = try await RawReceiver.start(.bytes(Self.success))
        let result = try await sender(allowsPrivate: false).post(
            try DeliverySamples.message(), to: receiver.url, of: "M1", receivers: Receivers())
        #expect(result.error?.contains("private network") == true)
        #expect(receiver.connections == 0)
        await receiver.stop()
    }

    /// The name's address changes after the check: the connection is to the one that was checked.
    @Test func aNameIsConnectedToAtTheAddressThatWasChecked() async throws {
        let receiver = try await RawReceiver.start(.bytes(Self.success))
        let answers = Answers([
            try SocketAddress(ipAddress: "127.0.0.1", port: 0),
            try SocketAddress(ipAddress: "127.0.0.2", port: 0),
        ])
        let sender = try DeliverySender(
            timeLimit: .seconds(20), allowsPrivateAddresses: true,
            resolver: HostResolver { _ in [answers.next()] })
        let result = try await sender.post(
            try DeliverySamples.message(), to: "http://shop.example:\(receiver.port)/", of: "M1",
            receivers: Receivers())
        #expect(result.isAcknowledged)
        #expect(receiver.received.contains("Host: shop.example:\(receiver.port)\r\n"))
        #expect(answers.count == 1)
        await receiver.stop()
    }

    @Test func aHostWithoutRoomPutsADeliveryOff() async throws {
        let receiver = try await RawReceiver.start(.bytes(Self.success))
        let receivers = Receivers()
        let place = DestinationPlaces.Destination(host: "127.0.0.1", address: "elsewhere")
        for number in 0..<DestinationPlaces.limit {
            let isIn = receivers.places { $0.enter(place, of: "other \(number)") }
            #expect(isIn)
        }
        await #expect(throws: DeliverySender.PutOff.self) {
            try await sender().post(
                try DeliverySamples.message(), to: receiver.url, of: "M1", receivers: receivers)
        }
        #expect(receiver.connections == 0)
        receivers.places { $0.leave(place, of: "other 0") }
        let result = try await sender().post(
            try DeliverySamples.message(), to: receiver.url, of: "M1", receivers: receivers)
        #expect(result.isAcknowledged)
        // Its place is free again.
        let isFree = receivers.places { $0.enter(place, of: "other 0") }
        #expect(isFree)
        await receiver.stop()
    }

    @Test func aPlaceThatIsFreedSoonIsWaitedFor() async throws {
        let receiver = try await RawReceiver.start(.bytes(Self.success))
        let receivers = Receivers()
        let sender = try DeliverySender(
            timeLimit: .seconds(30), allowsPrivateAddresses: true, resolver: HostResolver(),
            placeTime: .seconds(30))
        // Three times as many at once as the host has places for: none is put off.
        let results = try await withThrowingTaskGroup(of: DeliveryResult.self) { group in
            for _ in 0..<3 * DestinationPlaces.limit {
                group.addTask {
                    try await sender.post(
                        try DeliverySamples.message(), to: receiver.url, of: "M1",
                        receivers: receivers)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.filter(\.isAcknowledged).count == 3 * DestinationPlaces.limit)
        await receiver.stop()
    }

    @Test func placesAreTakenOnlyAtTheAddressThatIsConnectedTo() async throws {
        // The name of an attacker has a victim's address beside its own.
        let receiver = try await RawReceiver.start(.bytes(""))
        let (own, victim) = (
            try SocketAddress(ipAddress: "127.0.0.1", port: 0),
            try SocketAddress(ipAddress: "127.0.0.2", port: 0)
        )
        let receivers = Receivers()
        let sender = try DeliverySender(
            timeLimit: .seconds(60), allowsPrivateAddresses: true,
            resolver: HostResolver { _ in [own, victim] })
        let hanging = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        _ = try await sender.post(
                            try DeliverySamples.message(),
                            to: "http://evil.example:\(receiver.port)/", of: "M\(number)",
                            receivers: receivers)
                    }
                }
                try await group.waitForAll()
            }
        }
        try await eventually("all are connected") { receiver.connections == 40 }
        // All the victim's places are free.
        let share = try #require(ReceiverAddress(victim)?.share)
        let free = (0..<DestinationPlaces.limit).count { number in
            receivers.places {
                $0.enter(.init(host: "shop.example", address: share), of: "V\(number)")
            }
        }
        #expect(free == DestinationPlaces.limit)
        hanging.cancel()
        _ = try? await hanging.value
        await receiver.stop()
    }

    // MARK: TLS

    @Test func theCertificateIsVerifiedForTheNameThoughTheConnectionIsToAnAddress() async throws {
        let certificate = try TestCertificate.make(name: "shop.example")
        let receiver = try await RawReceiver.start(
            .bytes(Self.success), tls: try certificate.serverContext())
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates([certificate.certificate])
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
        for (host, trusted, isRight) in [
            ("shop.example", tls, true), ("other.example", tls, false),
            ("shop.example", .makeClientConfiguration(), false),
        ] {
            let sender = try DeliverySender(
                timeLimit: .seconds(20), allowsPrivateAddresses: true, tls: trusted,
                resolver: HostResolver { _ in [address] })
            let result = try await sender.post(
                try DeliverySamples.message(), to: "https://\(host):\(receiver.port)/", of: "M1",
                receivers: Receivers())
            #expect(result.isAcknowledged == isRight, "\(host): \(result)")
        }
        await receiver.stop()
    }
}

/// Answers of a name server, in turn; the last one again and again.
private final class Answers: Sendable {
    private let addresses: [SocketAddress]
    private let used = Counter()

    init(_ addresses: [SocketAddress]) { self.addresses = addresses }

    var count: Int { used.value }
    func next() -> SocketAddress { addresses[min(used.increment(), addresses.count) - 1] }
}
