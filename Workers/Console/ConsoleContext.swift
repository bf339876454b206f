import HTTPTypes
import Hummingbird
import Sentences
import Store

/// A request's context: the language of its page, and the session of its browser.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address that its connection came from.
    let remoteIP: String?
    /// The language of its page.
    var language = Language.zh
    /// The session, also one whose sign-in isn't complete.
    var session: Session?
    /// The session's token.
    var token: RandomToken?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteIP = source.channel.remoteAddress?.ipAddress
    }

    /// What a sign-in records of the request.
    func origin(of request: Request) -> SignIn.Origin {
        SignIn.Origin(remoteIP: remoteIP, userAgent: request.headers[.userAgent] ?? "")
    }
}
