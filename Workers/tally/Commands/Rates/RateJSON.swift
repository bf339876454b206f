import Payments
import Store

/// A rate as JSON.
struct RateJSON: Encodable {
    let partyNo: String
    let product: String
    let ratePPM: Int64
    let effectiveFrom: String

    enum CodingKeys: String, CodingKey {
        case partyNo = "party_no"
        case product
        case ratePPM = "rate_ppm"
        case effectiveFrom = "effective_from"
    }

    init(partyNo: String, product: Product, ratePPM: Int64, effectiveFrom: Timestamp) {
        self.partyNo = partyNo
        self.product = product.rawValue
        self.ratePPM = ratePPM
        self.effectiveFrom = effectiveFrom.rfc3339
    }

    init(_ row: RateHistory.Row) {
        self.init(
            partyNo: row.partyNo, product: row.product, ratePPM: row.rate.ppm,
            effectiveFrom: row.effectiveFrom)
    }

    static func table(_ rates: [RateHistory.Row]) -> [String] {
        guard !rates.isEmpty else { return ["rates: none"] }
        var table = TextTable(
            headings: ["PRODUCT", "RATE", "FROM"],
            rows: rates.map { row in
                [row.product.rawValue, row.rate.percent, row.effectiveFrom.shanghai]
            })
        table.rightAligned = [1]
        return table.lines
    }
}
