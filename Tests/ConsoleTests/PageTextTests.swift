import Foundation
import Sentences
import Testing

@testable import Console

/// What pages say, in both languages, without a server.
@Suite struct PageTextTests {
    @Test func everyTextOfATemplateIsThereInBothLanguages() throws {
        let templates = try PageRenderer.templates()
        #expect(templates.count >= 15)
        for (name, text) in templates {
            let english = PageRenderer.text(text, in: .en)
            let chinese = PageRenderer.text(text, in: .zh)
            #expect(!english.contains(/\p{Script=Han}/), "\(name) has Chinese in English")
            for page in [english, chinese] {
                #expect(!page.contains("[[") && !page.contains("]]"), "\(name): half a text")
            }
            for pair in text.matches(of: /\[\[([^\]|]*)\|([^\]|]*)\]\]/) {
                #expect(!pair.1.isEmpty && pair.2.contains(/\p{Script=Han}/), "\(name): \(pair.0)")
            }
        }
    }

    @Test func aTemplateHasNoWordsOutsideItsTexts() throws {
        for (name, text) in try PageRenderer.templates() {
            // Texts, tags, commands and what templates print are taken out.
            let rest = text.replacing(/\[\[[^\]]*\]\]/, with: "")
                .replacing(/<code>.*?<\/code>/, with: "").replacing(/<title>.*<\/title>/, with: "")
                .replacing(/\{\{[^}]*\}\}/, with: "").replacing(/<[^>]*>/, with: "")
                .replacing("Tallyhouse", with: "")
            #expect(!rest.contains(/[A-Za-z\p{Script=Han}]/), "\(name): \(rest)")
        }
    }

    @Test(arguments: ["/", "/orders?number=1", "/days/2026-11-24"])
    func aPathOfThisHostIsRedirectedTo(path: String) {
        #expect(SignInPages.isOwnPath(path))
    }

    @Test(arguments: [
        "", "//evil.example", "https://evil.example", "/\\evil.example", "/ x",
        "/\r\nset-cookie: a",
        "javascript:alert(1)",
    ])
    func anotherHostIsNotRedirectedTo(path: String) {
        #expect(!SignInPages.isOwnPath(path))
    }

    @Test func aFormIsDecodedAndBounded() {
        let form = ConsoleForm.parse("login=li%2Ewei&password=a+b%26&=x&bad=%zz&login=second")
        #expect(form["login"] == "second")
        #expect(form["password"] == "a b&")
        #expect(form["bad"] == "")
        #expect(form[""] == nil)
        let many = (0..<1_000).map { "f\($0)=1" }.joined(separator: "&")
        #expect(ConsoleForm.parse(many).count == 100)
    }

    @Test(arguments: [
        ("T20261125175215F5F81KD08M", true), ("", false), ("a/b", false), ("../etc/passwd", false),
        ("a'or'1", false), ("订单", false), (String(repeating: "9", count: 65), false),
    ])
    func aNumberOfAnOrderIsSafeInAnAddress(text: String, isNumber: Bool) {
        #expect(OrdersPage.isNumber(text) == isNumber)
    }
}
