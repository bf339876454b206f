import ArgumentParser

/// A record's key: text, or bytes as `hex:00ff`.
struct RecordKey: ExpressibleByArgument {
    let text: String
    let bytes: [UInt8]

    init?(argument: String) {
        text = argument
        guard argument.hasPrefix("hex:") else {
            bytes = Array(argument.utf8)
            return
        }
        guard let bytes = PrintableBytes.bytes(hex: argument.dropFirst(4)) else { return nil }
        self.bytes = bytes
    }
}
