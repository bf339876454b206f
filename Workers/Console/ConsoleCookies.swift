import HTTPTypes
import Hummingbird
import Sentences

/// The console's two cookies.
enum ConsoleCookies {
    /// `__Host-`: browsers take it only with Secure, for the whole host, from this host itself.
    static let session = "__Host-tally-session"
    static let language = "tally-language"

    static func session(_ token: RandomToken) -> String {
        "\(session)=\(token.text); Path=/; Secure; HttpOnly; SameSite=Strict"
    }

    static var noSession: String {
        "\(session)=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"
    }

    static func language(_ language: Language) -> String {
        "\(Self.language)=\(language.rawValue); Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"
    }

    /// The session's token, if the request carries one of the right form.
    static func token(of request: Request) -> RandomToken? {
        guard let text = request.cookies[session]?.value, text.utf8.count == 43 else { return nil }
        return RandomToken(text: text)
    }

    /// The chosen language, else the first that the browser accepts, else Chinese.
    static func language(of request: Request) -> Language {
        if let chosen = request.cookies[language].flatMap({ Language(rawValue: $0.value) }) {
            return chosen
        }
        let accepted = (request.headers[.acceptLanguage] ?? "").split(separator: ",")
        return accepted.lazy
            .compactMap { Language(rawValue: String($0.drop { $0 == " " }.prefix(2)).lowercased()) }
            .first ?? .zh
    }
}
