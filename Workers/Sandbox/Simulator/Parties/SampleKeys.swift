import CryptoExtras
import Foundation

/// RSA-2048 pairs for the channel, the platform's app, an attacker and a merchant.
public struct SampleKeys: Sendable {
    /// The folder they are in.
    public let folder: String

    /// The keys in `folder`; pairs that aren't there are made. Takes about a second a pair.
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

    /// A file's whole path.
    public func path(of file: SampleKeyFile) -> String { path(named: file.rawValue) }

    /// The whole path of a file named in `parties.json`.
    public func path(named name: String) -> String { folder + "/" + name }

    /// A file's PEM text.
    public func text(of file: SampleKeyFile) throws -> String { try text(named: file.rawValue) }

    /// The PEM text of a file named in `parties.json`.
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
