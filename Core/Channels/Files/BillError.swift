public import Payments

/// Why a bill can't be imported. A bill is imported completely or not at all.
public enum BillError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file is neither an archive, nor a spreadsheet, nor text of a bill.
    case notABill(String)
    /// The archive can't be read.
    case archive(ZipError)
    /// The archive lacks the file wanted, or has more than one.
    case member(wanted: String, found: Int)
    /// A line has an invalid value; lines are counted in the file from 1.
    case line(Int, String)
    /// The file is truncated, or lacks a part.
    case incomplete(missing: String)
    /// The bill is of another account.
    case wrongAccount(expected: String, seen: String)
    /// The bill is of another day.
    case wrongDay(expected: BusinessDay, seen: BusinessDay)
    /// Footer and lines disagree; the footer's line in the file.
    case statement(line: Int, StatementError)
    /// Footer and lines of an account bill disagree.
    case footer(String, stated: String, counted: String)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .notABill(let why): "the file is not a bill of this channel: \(why)"
        case .archive(let error): "\(error)"
        case .member(let wanted, let found):
            "the archive has \(found) files of the kind '\(wanted)'; it must have one"
        case .line(let number, let what): "line \(number): \(what)"
        case .incomplete(let missing):
            "the bill is incomplete: \(missing) is missing; download it again"
        case .wrongAccount(let expected, let seen):
            "the bill is of account \(seen); expected is \(expected)"
        case .wrongDay(let expected, let seen):
            "the bill is of \(seen); expected is \(expected)"
        case .statement(let line, let error): "line \(line): \(error)"
        case .footer(let field, let stated, let counted):
            "the footer's \(field) is \(stated), the sum of the lines is \(counted); the file is "
                + "incomplete, download it again"
        }
    }
}
