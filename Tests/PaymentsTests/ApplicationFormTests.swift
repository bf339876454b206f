import Foundation
import TestApplications
import TestRandom
import Testing

@testable import Payments

/// What may be entered of a company.
@Suite struct ApplicationFormTests {
    @Test func aWholeFormHasNoProblems() throws {
        let form = try SampleApplication.form()
        #expect(form.problems(of: .merchant) == [])
        #expect(form.problems(of: .agent) == [])
        let read = try JSONDecoder().decode(
            ApplicationForm.self, from: try JSONEncoder().encode(form))
        #expect(read == form)
    }

    @Test func anEmptyFormNamesEachRequiredField() {
        let missing = ApplicationForm().problems(of: .merchant).map(\.field)
        #expect(
            missing
                == ApplicationField.texts.filter { $0.isRequired(for: .merchant) } + [.rates])
        #expect(!ApplicationForm().problems(of: .agent).map(\.field).contains(.mcc))
    }

    @Test(arguments: [
        (ApplicationField.licenseNo, "91330106MA2ABCDE1H"), (.licenseNo, "9133"),
        (.licenseNo, "91330106MA2ABCDEIG"), (.legalPersonIDNo, "330106198503152012"),
        (.legalPersonIDNo, "330106198513152011"), (.legalPersonIDNo, "33010619850315201X"),
        (.cardNo, "6222021202001234568"), (.cardNo, "6222"), (.cardNo, "62220212020012345６7"),
        (.contactMobile, "23800138000"), (.contactMobile, "138"), (.contactEmail, "a@b"),
        (.servicePhone, "0571-x"), (.mcc, "54999"), (.cityCode, "3301"),
        (.callbackURL, "ftp://x"), (.name, "a\u{0}b"), (.name, "a\u{2028}b"),
        (.street, String(repeating: "x", count: 129)), (.cardHolder, "somebody else"),
    ])
    func aWrongFieldIsNamed(field: ApplicationField, value: String) throws {
        var form = try SampleApplication.form()
        form[field] = value
        // The holder is compared with the company's name.
        #expect(form.problems(of: .merchant).map(\.field).contains(field))
    }

    @Test func theCheckDigitsFindEveryWrongDigit() throws {
        let form = try SampleApplication.form()
        for field in [ApplicationField.licenseNo, .legalPersonIDNo, .cardNo] {
            let right = Array(form[field])
            for place in right.indices {
                for digit in "0123456789" where digit != right[place] {
                    var wrong = right
                    wrong[place] = digit
                    var changed = form
                    changed[field] = String(wrong)
                    #expect(
                        changed.problems(of: .merchant).map(\.field) == [field],
                        "\(field) \(String(wrong))")
                }
            }
        }
    }

    @Test func aFieldThatIsNoneAndAProductThatIsNoneAreRefused() {
        for text in [#"{"nmae":"x"}"#, #"{"rates":{"QR":1}}"#, #"{"login":"x"}"#, "[]"] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(ApplicationForm.self, from: Data(text.utf8))
            }
        }
    }

    @Test func personalDataIsMasked() throws {
        let form = try SampleApplication.form()
        func shown(_ field: ApplicationField) -> String { field.masked(form[field]) }
        #expect(shown(.cardNo) == "622202********4567")
        #expect(shown(.legalPersonIDNo) == "330********2011")
        #expect(shown(.contactMobile) == "138****8000")
        #expect(shown(.legalPersonName) == "王**")
        #expect(shown(.name) == "杭州西湖茶叶有限公司")
        #expect(ApplicationField.cardNo.masked("123") == "***")
    }

    @Test func anImageIsKnownByItsBytes() throws {
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1]
        #expect(try DocumentImage(.license, png).format == .png)
        let wrong: [[UInt8]] = [[], Array("<svg>".utf8), Array("GIF89a".utf8), [0xFF, 0xD8]]
        for bytes in wrong + [[0xFF, 0xD8, 0xFF] + [UInt8](repeating: 0, count: 2 << 20)] {
            #expect(throws: FieldProblem.self) { try DocumentImage(.license, bytes) }
        }
    }
}
