import CRdKafka
import Logging
import Logs

/// The target of a client's librdkafka callbacks, reached through the client's opaque pointer.
/// Lives as long as the ``ClientHandle`` that holds it.
final class ClientCallbacks: Sendable {
    let status = ClientStatus()
    /// Records the group's rebalances; `nil` for a client that is in no group.
    let rebalances: RebalanceInbox?
    private let logger: Logger
    // librdkafka logs each attempt to connect, to each broker, several times a second.
    private let lines: RepeatedLines
    private let errors: RepeatedLines

    init(logger: Logger, rebalances: RebalanceInbox? = nil) {
        self.logger = logger
        self.rebalances = rebalances
        lines = RepeatedLines(logger)
        errors = RepeatedLines(logger)
    }

    /// Makes the callbacks part of a configuration.
    func register(in configuration: OpaquePointer) {
        rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
        rd_kafka_conf_set_log_cb(configuration) { client, level, facility, text in
            guard let client, let facility, let text else { return }
            ClientCallbacks.find(rd_kafka_opaque(client))?.log(
                level, String(cString: facility), String(cString: text))
        }
        rd_kafka_conf_set_error_cb(configuration) { client, code, reason, opaque in
            guard let client else { return }
            ClientCallbacks.find(opaque)?.recordError(
                client, rd_kafka_resp_err_t(code), reason.map { String(cString: $0) })
        }
        if rebalances != nil {
            rd_kafka_conf_set_rebalance_cb(configuration) { client, code, partitions, opaque in
                guard let client else { return }
                ClientCallbacks.find(opaque)?.rebalances?.record(client, code, partitions)
            }
        }
    }

    static func find(_ opaque: UnsafeMutableRawPointer?) -> ClientCallbacks? {
        opaque.map { Unmanaged<ClientCallbacks>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Logs a line of librdkafka's; its levels are syslog's.
    private func log(_ level: Int32, _ facility: String, _ text: String) {
        // The settings hold options for producers and consumers together.
        if facility == "CONFWARN" && text.contains("will be ignored by this") { return }
        let ours: Logger.Level =
            switch level {
            case ...2: .critical
            case 3, 4: .warning
            case 5: .notice
            case 6: .info
            default: .debug
            }
        lines.log(
            level: ours, "\(text)",
            metadata: ["library": "librdkafka", "facility": "\(facility)"])
    }

    /// Logs that a client wasn't destroyed within the wait.
    func logLateEnd() {
        logger.notice(
            "a Kafka client takes longer than a second to shut down; no longer waiting for it",
            metadata: ["library": "librdkafka"])
    }

    private func recordError(
        _ client: OpaquePointer, _ code: rd_kafka_resp_err_t, _ reason: String?
    ) {
        let error =
            code == RD_KAFKA_RESP_ERR__FATAL
            ? Self.fatalError(of: client) ?? KafkaError(code, reason: reason)
            : KafkaError(code, reason: reason)
        status.record(error, allBrokersDown: code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        if error.isFatal {
            logger.error("the Kafka client failed for good", metadata: ["error": "\(error)"])
        } else {
            errors.log(
                level: .warning, "a Kafka client error", metadata: ["error": "\(error)"],
                key: error.name)
        }
    }

    /// The fatal error that made a client unusable, if any.
    static func fatalError(of client: OpaquePointer) -> KafkaError? {
        var text = [CChar](repeating: 0, count: 512)
        let code = rd_kafka_fatal_error(client, &text, text.count)
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(code, reason: text.withUnsafeBufferPointer(Self.text), isFatal: true)
    }

    /// The text of a C buffer.
    static func text(_ buffer: UnsafeBufferPointer<CChar>) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
