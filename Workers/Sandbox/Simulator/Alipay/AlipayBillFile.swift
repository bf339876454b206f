import Alipay
import Payments

/// A day's bill as the file that is downloaded.
enum AlipayBillFile {
    /// The zip: detail and summary, GBK, CRLF.
    static func zip(_ statement: Statement, exportedAt: Timestamp) throws -> [UInt8] {
        try AlipayBillWriter.zip(statement, exportedAt: exportedAt)
    }
}
