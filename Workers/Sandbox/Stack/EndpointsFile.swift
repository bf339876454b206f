import Embedded
import Foundation
import Simulator

/// `endpoints.json` in the data folder: everything an outside client needs to order, sign, notify
/// and listen. It exists while the stack is up.
package struct EndpointsFile {
    private let stack: Stack

    package init(stack: Stack) { self.stack = stack }

    package var path: String { stack.folder + "/endpoints.json" }

    package func write() throws {
        let data = try JSONSerialization.data(
            withJSONObject: object, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
        // Whole or not at all: a client may be waiting for it.
        try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }

    private var object: [String: Any] {
        [
            "gateway": stack.simulator.gatewayURL,
            "console": stack.consoleURL,
            "simulator": stack.simulator.baseURL,
            "database_url": stack.postgres.url,
            "kafka_brokers": stack.broker.brokers,
            "library_path": libraryPath,
            "master_key_file": stack.folder + "/master.key",
            "alipay": [
                "app_id": stack.simulator.identity.appID,
                "seller_id": stack.simulator.identity.sellerID,
                "gateway_url": stack.simulator.alipayGatewayURL,
                "app_private_key_file": stack.keys.path(of: .appPrivate),
                "app_public_key_file": stack.keys.path(of: .appPublic),
                "alipay_private_key_file": stack.keys.path(of: .alipayPrivate),
                "alipay_public_key_file": stack.keys.path(of: .alipayPublic),
            ],
            "bank_url": stack.simulator.bankURL,
            "agents": stack.parties.agents.map(agent),
            "merchants": stack.parties.merchants.map(merchant),
            "logins": stack.users.logins.map(login),
        ]
    }

    private func login(_ login: SampleUsers.Login) -> [String: Any] {
        [
            "login": login.login, "role": login.role, "party_no": login.partyNo ?? NSNull(),
            "password": stack.users.password, "authenticator_key": stack.users.authenticatorKey,
        ]
    }

    // The folder of the librdkafka in use, where it isn't the system's.
    private var libraryPath: Any {
        let paths = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? ""
        let folder = paths.split(separator: ":").map(String.init).first { folder in
            FileManager.default.fileExists(atPath: folder + "/librdkafka.so.1")
        }
        return folder ?? NSNull()
    }

    private func agent(_ party: SampleParty) -> [String: Any] {
        let parent = stack.parties.party(party.parentNo ?? "")
        return [
            "agent_no": party.partyNo,
            "parent_agent_no": parent?.kind == .agent ? parent?.partyNo as Any : NSNull(),
            "callback_url": party.callbackPath.map { stack.simulator.baseURL + $0 } as Any?
                ?? NSNull(),
            "keys": party.keys.map(key),
        ]
    }

    private func merchant(_ party: SampleParty) -> [String: Any] {
        [
            "merchant_no": party.partyNo,
            "agent_nos": stack.parties.agents(above: party.partyNo).map(\.partyNo),
            "products": party.products.keys.sorted(),
            "requires_agent_signatures": party.ordersThroughAgents,
            "callback_url": party.callbackPath.map { stack.simulator.baseURL + $0 } as Any?
                ?? NSNull(),
            "keys": party.keys.map(key),
        ]
    }

    private func key(_ key: SampleKey) -> [String: Any] {
        var object: [String: Any] = [
            "sign_type": key.signType, "key_version": key.keyVersion,
        ]
        if let secret = key.secret { object["secret"] = secret }
        if let file = key.privateKeyFile {
            object["private_key_file"] = stack.keys.path(named: file)
        }
        return object
    }
}
