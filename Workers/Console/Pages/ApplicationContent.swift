import Payments
import Sentences
import Store

/// What a page shows of an application: personal data masked.
struct ApplicationContent {
    let row: ApplicationRow
    let form: ApplicationForm
    let images: [DocumentKind]
    let history: [ApplicationHistory.Row]
    let say: Language

    private struct Field {
        let name: String
        let value: String
        /// Why it was refused, for the version that is shown.
        let problems: [String]
    }

    private struct Event {
        let at: String
        let version: String
        let what: String
        let detail: String
    }

    private struct Link {
        let partyNo: String
        let channelNo: String?
    }

    var fields: [String: Any] {
        let entered = ApplicationField.texts.compactMap { field -> Field? in
            guard let value = form.texts[field] else { return nil }
            return self.field(field, field.masked(value))
        }
        let rates = Product.allCases.compactMap { product in
            form.rates[product].map { "\(product.rawValue) \($0.percent)" }
        }
        let last = [
            field(.rates, rates.joined(separator: ", ")), field(.login, row.login),
            field(.images, images.map { say.document($0) }.joined(separator: ", ")),
        ]
        return [
            "number": row.applicationNo, "kind": say.kind(row.kind), "parentNo": row.parentNo,
            "status": say.status(row.status), "next": say.next(row), "name": row.name,
            "version": String(row.version), "enteredBy": row.enteredBy,
            "blacklists": row.blacklist.map { [say.blacklist($0)] } ?? [],
            "refusals": row.refusal.map { [$0] } ?? [], "fields": entered + last,
            "parties": row.partyNo.map {
                [Link(partyNo: $0, channelNo: row.channelMerchantNo)]
            } ?? [],
            "history": history.map { event in
                Event(
                    at: event.at.shanghai, version: String(event.version),
                    what: say.event(event.what), detail: event.detail)
            },
        ]
    }

    private func field(_ field: ApplicationField, _ value: String) -> Field {
        Field(
            name: say.field(field), value: value,
            problems: row.refusedFields.filter { $0.field == field }.map(\.reason))
    }
}
