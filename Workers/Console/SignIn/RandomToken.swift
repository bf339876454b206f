import Crypto
import Foundation

/// 32 random bytes that a browser holds, and what is stored of them.
struct RandomToken: Sendable {
    /// In base64 for URLs.
    let text: String

    static func make() -> RandomToken {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let text = Data(bytes).base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_").replacing("=", with: "")
        return RandomToken(text: text)
    }

    /// SHA-256: with it alone nobody signs in.
    var hash: [UInt8] { Array(SHA256.hash(data: Data(text.utf8))) }
}
