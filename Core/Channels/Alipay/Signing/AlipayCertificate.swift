import CCrypto
import Foundation
import Payments

/// A certificate of the app, of Alipay or of a root, as messages name it (channel protocol §1.6).
struct AlipayCertificate: Sendable, Equatable {
    /// Its number in `app_cert_sn` and `alipay_cert_sn`: the MD5, in lower-case hex, of the issuer
    /// and the decimal serial number.
    let number: String
    /// Whether its issuer signed it with RSA: only those roots are named in requests.
    let isSignedWithRSA: Bool
    /// `nil` where its key isn't RSA.
    let publicKey: RSAPublicKey?
    private let der: Data

    /// The certificates of a PEM text, in its order; those that can't be read are skipped.
    static func all(in pem: String) -> [AlipayCertificate] {
        blocks(in: pem).compactMap { AlipayCertificate(der: $0) }
    }

    /// Reads a certificate; `nil` where the bytes aren't one.
    init?(der: Data) {
        guard let certificate = Self.parse(der) else { return nil }
        defer { X509_free(certificate) }
        guard let issuer = Self.issuer(of: certificate),
            let serial = Self.serial(of: certificate)
        else { return nil }
        number = Self.md5(Array((issuer + serial).utf8))
        isSignedWithRSA = [NID_sha1WithRSAEncryption, NID_sha256WithRSAEncryption]
            .contains(X509_get_signature_nid(certificate))
        publicKey = Self.publicKey(of: certificate)
        self.der = der
    }

    /// Whether a chain of signatures leads from this certificate over `others` to one of `roots`.
    /// Validity in time isn't part of it: the gateway refuses an expired one itself.
    func isIssued(by roots: [AlipayCertificate], over others: [AlipayCertificate]) -> Bool {
        guard let certificate = Self.parse(der), let store = X509_STORE_new(),
            let context = X509_STORE_CTX_new()
        else { return false }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            X509_free(certificate)
        }
        // An intermediate in the store is no anchor: the chain must still end at a root.
        for one in roots + others {
            guard let known = Self.parse(one.der) else { continue }
            X509_STORE_add_cert(store, known)
            X509_free(known)
        }
        guard X509_STORE_CTX_init(context, store, certificate, nil) == 1 else { return false }
        X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_NO_CHECK_TIME))
        return X509_verify_cert(context) == 1
    }

    private static func blocks(in pem: String) -> [Data] {
        let begin = "-----BEGIN CERTIFICATE-----"
        let end = "-----END CERTIFICATE-----"
        return pem.components(separatedBy: begin).dropFirst().compactMap { block in
            guard let range = block.range(of: end) else { return nil }
            let base64 = block[..<range.lowerBound].filter { !$0.isWhitespace }
            return Data(base64Encoded: String(base64))
        }
    }

    private static func parse(_ der: Data) -> OpaquePointer? {
        der.withUnsafeBytes { bytes in
            var start = bytes.bindMemory(to: UInt8.self).baseAddress
            return d2i_X509(nil, &start, bytes.count)
        }
    }

    private static func issuer(of certificate: OpaquePointer) -> String? {
        guard let memory = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(memory) }
        guard tallyhouse_print_name(memory, X509_get_issuer_name(certificate)) >= 0 else {
            return nil
        }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 256)
        while case let count = BIO_read(memory, &buffer, Int32(buffer.count)), count > 0 {
            text += buffer.prefix(Int(count))
        }
        return String(validating: text, as: UTF8.self)
    }

    private static func serial(of certificate: OpaquePointer) -> String? {
        guard let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nil) else {
            return nil
        }
        defer { BN_free(number) }
        guard let digits = BN_bn2dec(number) else { return nil }
        defer { tallyhouse_free(digits) }
        return String(cString: digits)
    }

    private static func publicKey(of certificate: OpaquePointer) -> RSAPublicKey? {
        guard let key = X509_get0_pubkey(certificate) else { return nil }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(key, &bytes)
        guard count > 0, let bytes else { return nil }
        defer { tallyhouse_free(bytes) }
        let der = Data(bytes: bytes, count: Int(count))
        return try? RSAPublicKey(der.base64EncodedString())
    }

    private static func md5(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 16)
        var count: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &count, EVP_md5(), nil) == 1 else {
            return ""
        }
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
