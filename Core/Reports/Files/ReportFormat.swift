/// The files that a report can be.
public enum ReportFormat: String, Sendable, CaseIterable {
    /// A workbook: a sheet for each table.
    case xlsx
    /// One table, RFC 4180.
    case csv
    /// A page that prints.
    case html

    /// The file's media type.
    public var mediaType: String {
        switch self {
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .csv: "text/csv; charset=utf-8"
        case .html: "text/html; charset=utf-8"
        }
    }
}
