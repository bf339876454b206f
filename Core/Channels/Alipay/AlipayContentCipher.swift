import Crypto
import CryptoExtras
import Foundation

/// Encrypts `biz_content` as the gateway wants it where `encrypt_type` is `AES`: AES-CBC with an
/// all-zero IV and PKCS#7 padding (channel protocol §1.2). Encrypt first, then sign the ciphertext.
public struct AlipayContentCipher: Sendable {
    private let key: SymmetricKey

    /// - Parameter base64Key: the app's content key, 16 or 32 bytes.
    public init(base64Key: String) throws(ChannelError) {
        guard let bytes = Data(base64Encoded: base64Key), [16, 32].contains(bytes.count) else {
            throw .configuration("the content key is no base64 of 16 or 32 bytes")
        }
        key = SymmetricKey(data: bytes)
    }

    /// The ciphertext as base64.
    public func encrypt(_ text: String) throws(ChannelError) -> String {
        do {
            return try AES._CBC.encrypt(Data(text.utf8), using: key, iv: Self.zeroIV())
                .base64EncodedString()
        } catch {
            throw .configuration("the content can't be encrypted with the configured key")
        }
    }

    /// The text of a ciphertext.
    public func decrypt(_ base64: String) throws(ChannelMessageError) -> String {
        guard let bytes = Data(base64Encoded: base64), let iv = try? Self.zeroIV(),
            let plain = try? AES._CBC.decrypt(bytes, using: key, iv: iv),
            let text = String(validating: plain, as: UTF8.self)
        else { throw .malformed("the content can't be decrypted with the configured key") }
        return text
    }

    private static func zeroIV() throws -> AES._CBC.IV {
        try AES._CBC.IV(ivBytes: [UInt8](repeating: 0, count: 16))
    }
}
