import Foundation
import HTTPTypes
import Hummingbird
import Mustache
import Payments
import Sentences
import Store

/// Renders pages from the templates, which hold their texts in both languages as
/// `[[English|中文]]`: a library of templates is made for each language at the start.
struct PageRenderer: Sendable {
    private let libraries: [Language: MustacheLibrary]
    private let style: String

    /// - Throws: where a template or the style sheet is missing or malformed.
    init() throws {
        var libraries: [Language: MustacheLibrary] = [:]
        for language in Language.allCases {
            var templates: [String: MustacheTemplate] = [:]
            for (name, text) in try Self.templates() {
                templates[name] = try MustacheTemplate(string: Self.text(text, in: language))
            }
            libraries[language] = MustacheLibrary(templates: templates)
        }
        self.libraries = libraries
        style = try String(
            contentsOf: Bundle.module.bundleURL.appendingPathComponent("Assets/console.css"),
            encoding: .utf8)
    }

    /// The templates' texts by name.
    static func templates() throws -> [String: String] {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Templates")
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        return Dictionary(
            uniqueKeysWithValues: try files.filter { $0.pathExtension == "mustache" }.map {
                (
                    $0.deletingPathExtension().lastPathComponent,
                    try String(contentsOf: $0, encoding: .utf8)
                )
            })
    }

    /// A template's text in one language.
    static func text(_ template: String, in language: Language) -> String {
        template.replacing(#/\[\[([^\]|]*)\|([^\]|]*)\]\]/#) { match in
            String(language == .en ? match.1 : match.2)
        }
    }

    /// The style sheet.
    func styleSheet() -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/css; charset=utf-8", .cacheControl: "public, max-age=300",
            ], body: .init(byteBuffer: ByteBuffer(string: style)))
    }

    /// A page of the console.
    /// - Parameter content: what its template reads.
    func page(
        _ template: String, title: String, context: ConsoleContext, path: String,
        status: HTTPResponse.Status = .ok, content: [String: Any]
    ) -> Response {
        let frame = PageFrame(title: title, context: context, path: path)
        let values: [String: Any] = content.merging(["frame": frame]) { $1 }
        let html = libraries[context.language]?.render(values, withTemplate: template) ?? ""
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    /// The page of an error.
    func error(_ error: PageError, context: ConsoleContext) -> Response {
        page(
            "error", title: String(error.status.code), context: context, path: "/",
            status: error.status, content: ["sentence": error.sentence(context.language)])
    }
}

/// What stands around every page: the title, the navigation, the user, the language.
struct PageFrame: Sendable {
    struct Link: Sendable {
        let address: String
        let name: String
        let isHere: Bool
    }

    let title: String
    let language: String
    let otherLanguage: String
    let otherLanguageName: String
    let path: String
    let login: String?
    let role: String?
    let formToken: String?
    let links: [Link]

    init(title: String, context: ConsoleContext, path: String) {
        let say = context.language
        self.title = title
        self.path = path
        language = say("en", "zh-CN")
        otherLanguage = say("zh", "en")
        otherLanguageName = say("中文", "English")
        guard let session = context.session else {
            (login, role, formToken, links) = (nil, nil, nil, [])
            return
        }
        let user = session.user
        login = user.login
        role = say(user.role.rawValue.replacing("_", with: " "), Self.chinese(user.role))
        formToken = session.formToken
        guard session.stage == .complete else {
            links = []
            return
        }
        links = Self.pages.filter { $0.permission.map(user.role.permissions.contains) ?? true }
            .map {
                Link(
                    address: $0.path, name: say($0.english, $0.chinese),
                    isHere: $0.path == "/" ? path == "/" : path.hasPrefix($0.path))
            }
    }

    private static let pages:
        [(permission: Permission?, path: String, english: String, chinese: String)] = [
            (nil, "/", "Home", "首页"), (.orders, "/orders", "Orders", "订单"),
            (.stuck, "/stuck", "In progress too long", "超时未决"),
            (.deadLetters, "/dead-letters", "Dead letters", "死信"),
            (.days, "/days", "Days and money", "日账与资金"), (.reports, "/reports", "Reports", "报表"),
            (.applications, "/applications", "Applications", "进件申请"),
            (.users, "/users", "Users", "用户"),
        ]

    static func chinese(_ role: UserRole) -> String {
        switch role {
        case .superAdmin: "超级管理员"
        case .operator: "运营"
        case .reviewer: "复核"
        case .finance: "财务"
        case .support: "客服"
        case .agentAdmin: "代理商管理员"
        case .agentStaff: "代理商员工"
        case .merchant: "商户"
        }
    }
}
