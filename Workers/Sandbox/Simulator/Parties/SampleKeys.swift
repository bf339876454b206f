import CryptoExtras
import Foundation

/// RSA-2048 pairs for the channel, the platform's app, an attacker and a merchant.
public struct SampleKeys: Sendable {
    /// The folder of the key files.
    public let folder: String

    /// The keys in `folder`; missing pairs are created, which takes about a second a pair.
    public static func ensure(folder: String) async throws -> SampleKeys {
        let keys = SampleKeys(folder: folder)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let pairs: [(SampleKeyFile, SampleKeyFile)] = [
            (.appPrivate, .appPublic), (.alipayPrivate, .alipayPublic),
            (.attackerPrivate, .attackerPublic), (.merchantPrivate, .merchantPublic),
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (privateFile, publicFile) in pairs where !keys.has(privateFile, publicFile) {
                group.addTask { try keys.makePair(privateFile, publicFile) }
            }
            try await group.waitForAll()
        }
        return keys
    }

    /// The path of a file.
    public func path(of file: SampleKeyFile) -> String { path(named: file.rawValue) }

    /// The path of a file that `parties.json` names.
    public func path(named name: String) -> String { folder + "/" + name }

    /// The PEM text of a file.
    public func text(of file: SampleKeyFile) throws -> String { try text(named: file.rawValue) }

    /// The PEM text of a file that `parties.json` names.
    public func text(named name: String) throws -> String {
        try String(contentsOfFile: path(named: name), encoding: .utf8)
    }

    private func has(_ files: SampleKeyFile...) -> Bool {
        files.allSatisfy { FileManager.default.fileExists(atPath: path(of: $0)) }
    }

    private func makePair(_ privateFile: SampleKeyFile, _ publicFile: SampleKeyFile) throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        try write(key.pkcs8PEMRepresentation, to: path(of: privateFile), permissions: 0o600)
        try write(key.publicKey.pemRepresentation, to: path(of: publicFile), permissions: 0o644)
    }

    private func write(_ text: String, to path: String, permissions: Int) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        try FileManager.default.setAttributes(
            [.posixPermissions: permissions], ofItemAtPath: path)
    }
}
