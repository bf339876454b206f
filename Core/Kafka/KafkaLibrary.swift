import CRdKafka

/// The librdkafka that this process has loaded, which may be newer than the headers it was
/// compiled with.
public enum KafkaLibrary {
    /// Its version, e.g. `2.3.0`.
    public static var version: String { String(cString: rd_kafka_version_str()) }

    /// Throws where the loaded version is too old. To be called once at a program's start.
    public static func check() throws(KafkaError) {
        try check(version: rd_kafka_version(), text: version)
    }

    /// - Parameter version: `0xMMmmrrxx`: major, minor, revision, and a pre-release's number.
    static func check(version: Int32, text: String) throws(KafkaError) {
        guard version < 0x0203_0000 else { return }
        throw KafkaError(
            RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
            reason: "librdkafka \(text) is loaded, 2.3 or newer is needed (older ones misread "
                + "brokers' answers and lose records across seeks): install a newer librdkafka1, "
                + "or run scripts/setup and start with LD_LIBRARY_PATH=.tally-tools/lib")
    }
}
