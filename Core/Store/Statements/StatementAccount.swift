/// Whose a statement is: a line of another channel or account is never that of our order, whatever
/// number it names.
enum StatementAccount {
    /// That the order's payments are in the statement; an account begins with its seller's number.
    static func owns(_ statement: String, _ order: String) -> String {
        "\(order).channel = \(statement).channel "
            + "and starts_with(\(statement).account, \(order).seller_id)"
    }
}
