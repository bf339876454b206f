import CRdKafka
import Glibc

/// librdkafka's functions for IncrementalAlterConfigs, which changes single settings. Version 2.2
/// has them, the headers of 2.0.2 don't, so they are looked up in the loaded library. (The older
/// AlterConfigs resets every setting that it isn't sent.)
struct IncrementalAlterConfigs {
    private typealias Set =
        @convention(c) (
            OpaquePointer?, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>
        ) -> OpaquePointer?
    private typealias Request =
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<OpaquePointer?>, Int, OpaquePointer?,
            OpaquePointer?
        ) -> Void
    private typealias Result = @convention(c) (OpaquePointer?) -> OpaquePointer?
    private typealias Resources =
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<Int>
        ) -> UnsafeMutablePointer<OpaquePointer?>?

    private let setFunction: Set
    private let requestFunction: Request
    private let resultFunction: Result
    private let resourcesFunction: Resources

    static func loaded() throws(KafkaError) -> IncrementalAlterConfigs {
        guard let set = dlsym(nil, "rd_kafka_ConfigResource_add_incremental_config"),
            let request = dlsym(nil, "rd_kafka_IncrementalAlterConfigs"),
            let result = dlsym(nil, "rd_kafka_event_IncrementalAlterConfigs_result"),
            let resources = dlsym(nil, "rd_kafka_IncrementalAlterConfigs_result_resources")
        else {
            throw KafkaError(
                RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
                reason: "librdkafka \(KafkaLibrary.version) can't change single settings of a "
                    + "topic: install 2.3 or newer, or use kafka-configs.sh")
        }
        // The types are those of rdkafka.h of 2.2 and newer.
        return IncrementalAlterConfigs(
            setFunction: unsafeBitCast(set, to: Set.self),
            requestFunction: unsafeBitCast(request, to: Request.self),
            resultFunction: unsafeBitCast(result, to: Result.self),
            resourcesFunction: unsafeBitCast(resources, to: Resources.self))
    }

    /// Adds `name = value` to a resource; returns an error object that the caller destroys.
    func set(_ resource: OpaquePointer?, _ name: String, _ value: String) -> OpaquePointer? {
        // 0 is RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET.
        setFunction(resource, name, 0, value)
    }

    func request(
        _ client: OpaquePointer, _ resources: inout [OpaquePointer?], _ options: OpaquePointer,
        _ queue: OpaquePointer
    ) {
        requestFunction(client, &resources, resources.count, options, queue)
    }

    /// The resources of a response; owned by the event.
    func resources(
        of event: OpaquePointer, _ count: inout Int
    ) -> UnsafeMutablePointer<OpaquePointer?>? {
        resultFunction(event).flatMap { resourcesFunction($0, &count) }
    }
}
