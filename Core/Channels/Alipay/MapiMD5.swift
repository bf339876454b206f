import Crypto

/// The legacy gateway's MD5 signature (channel protocol §2.11): for reading old messages, nothing
/// new is signed so.
public struct MapiMD5: Sendable {
    private let key: [UInt8]

    /// - Parameter key: the account's 32 characters.
    public init(key: String) { self.key = Array(key.utf8) }

    /// Lower-case hex of MD5 over the string to sign with the key directly after it.
    public func signature(of form: AlipayForm) -> String {
        var hash = Insecure.MD5()
        hash.update(data: form.stringToSign(.notification))
        hash.update(data: key)
        return hash.finalize().map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
    }

    /// Whether the form's member `sign` is right, in either case of letters; takes the same time
    /// wherever the two differ.
    public func verify(_ form: AlipayForm) throws(ChannelMessageError) {
        guard let sign = try form.text("sign") else { throw .unsigned }
        let given = Array(sign.lowercased().utf8)
        let right = Array(signature(of: form).utf8)
        guard given.count == right.count,
            zip(given, right).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0
        else { throw .badSignature }
    }
}
