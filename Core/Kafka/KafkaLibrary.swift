import CRdKafka

/// The librdkafka that this process has loaded, which may be newer than the headers it was
/// compiled with.
public enum KafkaLibrary {
    /// The loaded version, as `0xMMmmrrxx`: major, minor, revision, and a pre-release's number.
    static var loaded: Int32 { rd_kafka_version() }

    private static let oldestUsable: Int32 = 0x0203_0000

    /// The loaded version as text, e.g. `2.3.0`.
    public static var version: String { String(cString: rd_kafka_version_str()) }

    /// Throws where the loaded version is too old. Every client checks it when it is made; a
    /// program that makes its clients later calls this at its start.
    public static func check() throws(KafkaError) {
        try check(loaded)
    }

    /// - Parameter version: as ``loaded``.
    static func check(_ version: Int32) throws(KafkaError) {
        guard version < oldestUsable else { return }
        let text = [24, 16, 8].map { String((version >> $0) & 0xFF) }.joined(separator: ".")
        throw KafkaError(
            RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
            reason: "librdkafka \(text) is loaded, 2.3 or newer is needed (older versions misread "
                + "brokers' responses and lose records across seeks): install a newer "
                + "librdkafka1, or run scripts/setup and start with "
                + "LD_LIBRARY_PATH=.tally-tools/lib")
    }
}
