package import ServiceLifecycle

/// A service under its type's name.
///
/// A service group logs its services' descriptions; by default a description has every field, with
/// the master key and the database's password among them.
package struct NamedService: Service, CustomStringConvertible {
    private let service: any Service

    package init(service: any Service) { self.service = service }

    package var description: String {
        "\(type(of: (service as? GatedService)?.service ?? service))"
    }

    package func run() async throws { try await service.run() }
}
