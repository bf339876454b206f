package import ServiceLifecycle

/// A service under its type's name.
///
/// The service group writes its services into its log as they describe themselves, which by default
/// is with every member, down to the master key and the database's password.
package struct NamedService: Service, CustomStringConvertible {
    private let service: any Service

    package init(service: any Service) { self.service = service }

    package var description: String { "\(type(of: service))" }

    package func run() async throws { try await service.run() }
}
