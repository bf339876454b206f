public import Payments
public import Sentences

/// A document for finance people: a title, some facts, and tables.
public struct Report: Sendable {
    /// The words of a report that its formats add.
    struct Labels: Sendable {
        let total: String
        let noRows: String
        let page: String
    }

    /// What stands above everything, with the days.
    public let title: String
    /// Lines of a name and a value below the title.
    public let facts: [(name: String, value: String)]
    /// The first is the one that a CSV file holds, unless another one is named.
    public let tables: [ReportTable]
    /// The language of its words.
    public let language: Language
    /// The end of its last day: the time of creation that its files state, so that the same data
    /// makes the same bytes.
    public let asOf: Timestamp

    init(
        title: String, facts: [(name: String, value: String)], tables: [ReportTable],
        language: Language, asOf: Timestamp
    ) {
        self.title = title
        self.facts = facts
        self.tables = tables
        self.language = language
        self.asOf = asOf
    }

    var labels: Labels {
        Labels(
            total: language("Total", "合计"), noRows: language("No rows.", "无记录。"),
            page: language("Page", "页"))
    }
}
