import ServiceLifecycle

/// A service under its type's name.
///
/// The service group writes its services into its log as they describe themselves, which by default
/// is with every member, down to the master key and the database's password.
struct NamedService: Service, CustomStringConvertible {
    let service: any Service

    var description: String { "\(type(of: service))" }

    func run() async throws { try await service.run() }
}
