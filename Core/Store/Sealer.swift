import Crypto
import Foundation

/// Seals secrets and personal data at rest: AES-256-GCM under the master key.
public struct Sealer: Sendable {
    private let key: SymmetricKey

    /// - Parameter masterKey: 32 bytes, base64.
    /// - Throws: `SealerError` for anything else.
    public init(masterKey: String) throws(SealerError) {
        guard let bytes = Data(base64Encoded: masterKey), bytes.count == 32 else {
            throw SealerError("TALLY_MASTER_KEY must be 32 bytes in base64")
        }
        key = SymmetricKey(data: bytes)
    }

    /// Nonce, ciphertext and tag of `text`.
    /// - Parameter context: the row that it belongs to; opening needs the same, so that a sealed
    ///   value copied to another row can't be opened there.
    public func seal(_ text: String, context: String) throws(SealerError) -> [UInt8] {
        try seal(bytes: Array(text.utf8), context: context)
    }

    /// The same for bytes.
    public func seal(bytes: [UInt8], context: String) throws(SealerError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(
                Data(bytes), using: key, authenticating: Data(context.utf8))
            guard let combined = box.combined else { throw SealerError("sealing failed") }
            return Array(combined)
        } catch {
            throw SealerError("sealing failed")
        }
    }

    /// The text that was sealed under `context`.
    public func open(_ sealed: [UInt8], context: String) throws(SealerError) -> String {
        String(decoding: try openBytes(sealed, context: context), as: UTF8.self)
    }

    /// The bytes that were sealed under `context`.
    public func openBytes(_ sealed: [UInt8], context: String) throws(SealerError) -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(combined: Data(sealed))
            return Array(
                try AES.GCM.open(box, using: key, authenticating: Data(context.utf8)))
        } catch {
            throw SealerError(
                "the sealed value of \(context) can't be opened: TALLY_MASTER_KEY is not the one "
                    + "that it was sealed under")
        }
    }
}

/// Why a value can't be sealed or opened; never contains the value.
public struct SealerError: Error, Sendable, CustomStringConvertible {
    /// What is wrong and what to do.
    public let description: String
    init(_ description: String) { self.description = description }
}
