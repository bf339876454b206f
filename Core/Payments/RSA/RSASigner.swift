import CCrypto
import Foundation

/// Signs with OpenSSL, which takes a third of the time that swift-crypto's BoringSSL takes: each
/// pay URL is a signature, and they bound what a gateway can answer.
final class RSASigner: Sendable {
    // Set once and never changed. Several threads may sign with one key at a time, each with a
    // context of its own (openssl-threads(7)).
    nonisolated(unsafe) private let key: OpaquePointer

    /// Reads the DER bytes of PKCS#8 or PKCS#1; `nil` where they aren't a private key.
    init?(der: Data) {
        let key = der.withUnsafeBytes { bytes -> OpaquePointer? in
            var start = bytes.bindMemory(to: UInt8.self).baseAddress
            return d2i_AutoPrivateKey(nil, &start, bytes.count)
        }
        guard let key else { return nil }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// SHA256withRSA (PKCS#1 v1.5) of the bytes; `nil` where OpenSSL refuses.
    func signature(over bytes: [UInt8]) -> Data? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1 else { return nil }
        var count = Int(EVP_PKEY_get_size(key))
        var signature = Data(count: count)
        let isSigned = signature.withUnsafeMutableBytes { buffer in
            EVP_DigestSign(
                context, buffer.bindMemory(to: UInt8.self).baseAddress, &count, bytes, bytes.count)
                == 1
        }
        return isSigned ? signature.prefix(count) : nil
    }
}
