import Foundation
public import Payments
public import Postgres

/// Seals forms and images of applications, and opens them.
public struct SealedApplication: Sendable {
    let sealer: Sealer
    let applicationNo: String

    /// The application whose form and images are sealed.
    public init(_ applicationNo: String, sealer: Sealer) {
        self.applicationNo = applicationNo
        self.sealer = sealer
    }

    func seal(_ form: ApplicationForm, version: Int32) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try sealer.seal(bytes: Array(encoder.encode(form)), context: context(version))
    }

    func seal(_ image: DocumentImage) throws -> [UInt8] {
        try sealer.seal(bytes: image.bytes, context: context(image.kind))
    }

    /// The form of a version.
    /// - Throws: `SealerError` where the master key is another one.
    public func form(
        version: Int32, in transaction: PostgresTransaction
    ) async throws -> ApplicationForm {
        let sealed = try await transaction.run(ApplicationFormOf(applicationNo, version: version))
        guard let sealed = sealed.first else {
            throw PostgresError.decoding("application \(applicationNo) has no version \(version)")
        }
        let bytes = try sealer.openBytes(sealed, context: context(version))
        return try JSONDecoder().decode(ApplicationForm.self, from: Data(bytes))
    }

    /// An image that was read by `ApplicationImagesOf`.
    /// - Throws: `SealerError` where the master key is another one.
    public func image(_ row: ApplicationImagesOf.Row) throws -> DocumentImage {
        try DocumentImage(
            row.kind, try sealer.openBytes(row.contentSealed, context: context(row.kind)))
    }

    private func context(_ version: Int32) -> String {
        "application_versions/\(applicationNo)/\(version)"
    }

    // An image stays that of later versions that don't replace it.
    private func context(_ kind: DocumentKind) -> String {
        "application_images/\(applicationNo)/\(kind.rawValue)"
    }
}
