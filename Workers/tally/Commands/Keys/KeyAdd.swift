import ArgumentParser
import Composition
import Foundation
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally keys add`
struct KeyAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a party's first key of a type.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The party's number.") var partyNo: String
    @Option(help: "HMAC-SHA256, MD5, or RSA2 with --public-key.") var type: SignType = .hmacSHA256
    @Option(help: "For RSA2: a PEM file with the party's public key.") var publicKey: String?

    func validate() throws {
        guard (type == .rsa2) == (publicKey != nil) else {
            throw ValidationError("--public-key goes with --type RSA2, and RSA2 needs it")
        }
    }

    func run() async throws {
        try await NewKey(partyNo: partyNo, type: type, publicKey: publicKey, isFirst: true)
            .run(global, output)
    }
}

/// `tally keys rotate`
struct KeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Add the next version of a party's key; the old one stays valid until revoked.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The party's number.") var partyNo: String
    @Option(help: "HMAC-SHA256, MD5, or RSA2 with --public-key.") var type: SignType
    @Option(help: "For RSA2: a PEM file with the party's new public key.") var publicKey: String?

    func validate() throws {
        guard (type == .rsa2) == (publicKey != nil) else {
            throw ValidationError("--public-key goes with --type RSA2, and RSA2 needs it")
        }
    }

    func run() async throws {
        try await NewKey(partyNo: partyNo, type: type, publicKey: publicKey, isFirst: false)
            .run(global, output)
    }
}

/// Makes a key's next version, and shows its secret once.
private struct NewKey: Sendable {
    let partyNo: String
    let type: SignType
    let publicKey: String?
    let isFirst: Bool

    func run(_ global: GlobalOptions, _ output: OutputOptions) async throws {
        let sealer = try await CommandSealer.checked(global)
        let pem = try publicKey.map(readPEM)
        let secret = pem == nil ? Self.secret() : nil
        let now = SystemClock().now()
        let version = try await PartiesCommand.transaction(global) { transaction -> Int32 in
            guard try await !transaction.run(PathOfParty(partyNo)).isEmpty else {
                throw CommandError("there is no party \(partyNo)")
            }
            let known = try await transaction.run(KeyList(partyNo)).filter { $0.signType == type }
            try check(known)
            let next = (known.map(\.version).max() ?? 0) + 1
            let context = PutSigningKey.sealContext(partyNo: partyNo, keyVersion: next)
            let stored = try await transaction.runCount(
                PutSigningKey(
                    partyNo: partyNo, keyVersion: next, signType: type,
                    secretSealed: try secret.map { try sealer.seal($0, context: context) },
                    publicKeyPEM: pem))
            guard stored == 1 else {
                throw CommandError("another command adds a key of \(partyNo): run this one again")
            }
            _ = try await transaction.run(
                AddAuditEntry(
                    actor: DeadLettersCommand.actor, action: isFirst ? "key.add" : "key.rotate",
                    subject: partyNo, detail: "\(type.rawValue) version \(next)", now: now))
            return next
        }
        try report(version, secret, output)
    }

    private func check(_ known: [KeyList.Row]) throws {
        let live = known.filter { $0.retiredAt == nil }
        if isFirst, let key = live.last {
            throw CommandError(
                "\(partyNo) has version \(key.version) of \(type.rawValue): "
                    + "tally keys rotate \(partyNo) --type \(type.rawValue)")
        }
        if !isFirst, live.isEmpty {
            throw CommandError(
                "\(partyNo) has no valid \(type.rawValue) key: tally keys add \(partyNo)")
        }
    }

    private func readPEM(_ file: String) throws -> String {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw CommandError("\(file) can't be read: check --public-key")
        }
        do {
            _ = try SigningKey(publicPEM: text)
        } catch {
            throw CommandError("\(file) is no public key that can be used: \(error)")
        }
        return text
    }

    /// 32 random bytes in hex.
    private static func secret() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private func report(_ version: Int32, _ secret: String?, _ output: OutputOptions) throws {
        if output.json {
            return try Terminal.json(
                Shown(
                    partyNo: partyNo, signType: type.rawValue, keyVersion: version,
                    secret: secret))
        }
        Terminal.line("\(partyNo): \(type.rawValue) key, version \(version)")
        if let secret {
            Terminal.line("secret: \(secret)")
            Terminal.line("it is shown this once; hand it over on a safe way")
        }
        if !isFirst {
            Terminal.line(
                "the old version stays valid: once the party signs with the new one, "
                    + "tally keys revoke \(partyNo) --type \(type.rawValue) --version N")
        }
    }

    private struct Shown: Encodable {
        let partyNo: String
        let signType: String
        let keyVersion: Int32
        let secret: String?
    }
}
