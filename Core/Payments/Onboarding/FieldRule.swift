/// What the text of a field must look like.
enum FieldRule {
    /// What is wrong with a field's text; `nil` where nothing is.
    static func problem(of field: ApplicationField, _ text: String) -> String? {
        guard text.count <= 128, text == PrintableText.of(text, maximum: 128) else {
            return "it has at most 128 characters, and no control characters"
        }
        switch field {
        case .licenseNo:
            return LicenseNumber.isValid(text)
                ? nil
                : "it isn't a unified social credit code: 18 characters, the last one a check digit"
        case .legalPersonIDNo:
            return IdentityNumber.isValid(text)
                ? nil : "it isn't an identity number: 17 digits and a check digit, or X"
        case .cardNo:
            return CardNumber.isValid(text)
                ? nil : "it isn't a card's number: 12 to 19 digits, the last one a check digit"
        case .contactMobile:
            return text.count == 11 && text.first == "1" && isDigits(text)
                ? nil : "it isn't a mobile number: 11 digits, the first one 1"
        case .contactEmail:
            return isEmail(text) ? nil : "it isn't an e-mail address"
        case .servicePhone:
            let digits = text.filter { $0 != "-" }
            return (5...20).contains(digits.count) && isDigits(digits)
                ? nil : "it isn't a telephone number: 5 to 20 digits"
        case .mcc:
            return text.count == 4 && isDigits(text) ? nil : "a category code has 4 digits"
        case .provinceCode, .cityCode, .districtCode:
            return text.count == 6 && isDigits(text) ? nil : "an administrative code has 6 digits"
        case .callbackURL:
            return ["http://", "https://"].contains(where: text.lowercased().hasPrefix)
                ? nil : "it isn't an http or https address"
        default: return nil
        }
    }

    static func isDigits(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".")
            && !text.contains(" ")
    }
}

/// The unified social credit code of a licence (GB 32100).
enum LicenseNumber {
    private static let characters = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

    static func isValid(_ text: String) -> Bool {
        let values = text.utf8.compactMap { characters.firstIndex(of: $0) }
        guard values.count == 18, text.utf8.count == 18 else { return false }
        var (sum, weight) = (0, 1)
        for value in values.dropLast() {
            sum += value * weight
            weight = weight * 3 % 31
        }
        return values[17] == (31 - sum % 31) % 31
    }
}

/// A resident's identity number (GB 11643).
enum IdentityNumber {
    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let checks = Array("10X98765432".utf8)

    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 18, FieldRule.isDigits(text.prefix(17)) else { return false }
        let digits = bytes.prefix(17).map { Int($0 - UInt8(ascii: "0")) }
        let year = digits[6..<10].reduce(0) { $0 * 10 + $1 }
        guard
            CivilDate(
                year: Int64(year), month: Int64(digits[10] * 10 + digits[11]),
                day: Int64(digits[12] * 10 + digits[13])) != nil
        else { return false }
        let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
        return bytes[17] == checks[sum % 11]
    }
}
