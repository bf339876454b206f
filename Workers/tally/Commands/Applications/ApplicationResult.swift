import ArgumentParser

/// What became of an application.
struct ApplicationResult: Encodable {
    let applicationNo: String
    let version: Int32
    let status: String
    let next: String

    func print(_ output: OutputOptions) throws {
        guard !output.json else { return try Terminal.json(self) }
        Terminal.line("application \(applicationNo), version \(version): \(status)")
        Terminal.line("next: \(next)")
    }
}
