public import Payments
public import Postgres

/// Makes the party of an approved application: its number, rates, card and first user, in one
/// transaction.
///
/// The first user has no password: `tally users reset` gives it a temporary one.
public struct Activation: Sendable {
    let application: ApplicationRow
    let form: ApplicationForm
    let actor: String
    let sealer: Sealer
    let now: Timestamp

    /// - Parameters:
    ///   - application: locked in the transaction.
    ///   - form: of the version that was approved.
    ///   - actor: for the audit log.
    public init(
        application: ApplicationRow, form: ApplicationForm, actor: String, sealer: Sealer,
        now: Timestamp
    ) {
        self.application = application
        self.form = form
        self.actor = actor
        self.sealer = sealer
        self.now = now
    }

    /// Makes the party.
    /// - Parameter channelMerchantNo: a merchant's number at the channel.
    /// - Returns: its number.
    /// - Throws: ``ApplicationRefusal`` where the party above it, a rate or the login is in the
    ///   way: the transaction must be rolled back.
    public func run(
        channelMerchantNo: String? = nil, in transaction: PostgresTransaction
    ) async throws -> String {
        let numbers = try await transaction.run(NextPartyNo(kind: application.kind))
        guard let partyNo = numbers.first else {
            throw PostgresError.decoding("there is no new party number")
        }
        let party = PutParty(
            partyNo: partyNo, kind: application.kind == .agent ? .agent : .merchant,
            parentNo: application.parentNo, name: form[.name],
            callbackURL: form.texts[.callbackURL], requiresAgentSignatures: false)
        let added = try await transaction.run(AddParty(party, actor: actor, now: now))
        guard !added.isEmpty else {
            throw ApplicationRefusal.parent(application.parentNo, "it was closed meanwhile")
        }
        if let channelMerchantNo {
            _ = try await transaction.run(
                SetChannelMerchantNo(partyNo: partyNo, channelMerchantNo: channelMerchantNo))
        }
        try await setRates(of: partyNo, in: transaction)
        try await setCard(of: partyNo, in: transaction)
        try await addUser(of: partyNo, in: transaction)
        _ = try await transaction.run(
            MoveApplication(
                applicationNo: application.applicationNo, to: .active(partyNo), now: now))
        return partyNo
    }

    private func setRates(
        of partyNo: String, in transaction: PostgresTransaction
    ) async throws {
        for product in Product.allCases {
            guard let rate = form.rates[product] else { continue }
            _ = try await transaction.run(
                PutRate(partyNo: partyNo, product: product, rate: rate, effectiveFrom: now))
            let conflicts = try await transaction.run(
                RateConflicts(partyNo: partyNo, product: product))
            guard let conflict = conflicts.first else { continue }
            throw ApplicationRefusal.fields([
                FieldProblem(
                    .rates,
                    "\(conflict.lowerPPM) ppm for \(product.rawValue) is less than the "
                        + "\(conflict.upperPPM) ppm of \(conflict.upperNo) above it from "
                        + conflict.since.shanghai)
            ])
        }
    }

    private func setCard(
        of partyNo: String, in transaction: PostgresTransaction
    ) async throws {
        _ = try await transaction.run(
            PutSettlementCard(
                partyNo: partyNo, payeeName: form[.cardHolder], cardNo: form[.cardNo],
                masked: ApplicationField.cardNo.masked(form[.cardNo]), sealer: sealer))
    }

    private func addUser(
        of partyNo: String, in transaction: PostgresTransaction
    ) async throws {
        let added = try await transaction.run(
            InsertUser(
                userNo: "U-" + application.applicationNo, login: application.login,
                role: application.kind == .agent ? .agentAdmin : .merchant, partyNo: partyNo,
                passwordHash: User.noPassword, rule: .further, actor: actor, now: now))
        guard !added.isEmpty else {
            throw ApplicationRefusal.fields([
                FieldProblem(.login, "the login \(application.login) is taken")
            ])
        }
    }
}
