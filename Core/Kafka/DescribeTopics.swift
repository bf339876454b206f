import CRdKafka
import Glibc

/// librdkafka's functions for DescribeTopics, the only ones that return a topic's id. Version 2.3
/// has them, the headers of 2.0.2 don't, so they are looked up in the loaded library.
struct DescribeTopics {
    private typealias MakeCollection =
        @convention(c) (
            UnsafeMutablePointer<UnsafePointer<CChar>?>, Int
        ) -> OpaquePointer?
    private typealias Destroy = @convention(c) (OpaquePointer?) -> Void
    private typealias Request =
        @convention(c) (OpaquePointer?, OpaquePointer?, OpaquePointer?, OpaquePointer?) -> Void
    private typealias Member = @convention(c) (OpaquePointer?) -> OpaquePointer?
    private typealias Topics =
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<Int>
        ) -> UnsafeMutablePointer<OpaquePointer?>?
    private typealias Text = @convention(c) (OpaquePointer?) -> UnsafePointer<CChar>?

    private let makeCollection: MakeCollection
    private let destroyCollection: Destroy
    private let requestFunction: Request
    private let resultFunction: Member
    private let topicsFunction: Topics
    private let errorFunction: Member
    private let nameFunction: Text
    private let idFunction: Member
    private let idTextFunction: Text

    static func loaded() throws(KafkaError) -> DescribeTopics {
        // The types are those of rdkafka.h of 2.3 and newer.
        DescribeTopics(
            makeCollection: unsafeBitCast(
                try find("TopicCollection_of_topic_names"), to: MakeCollection.self),
            destroyCollection: unsafeBitCast(
                try find("TopicCollection_destroy"), to: Destroy.self),
            requestFunction: unsafeBitCast(try find("DescribeTopics"), to: Request.self),
            resultFunction: unsafeBitCast(
                try find("event_DescribeTopics_result"), to: Member.self),
            topicsFunction: unsafeBitCast(
                try find("DescribeTopics_result_topics"), to: Topics.self),
            errorFunction: unsafeBitCast(try find("TopicDescription_error"), to: Member.self),
            nameFunction: unsafeBitCast(try find("TopicDescription_name"), to: Text.self),
            idFunction: unsafeBitCast(try find("TopicDescription_topic_id"), to: Member.self),
            idTextFunction: unsafeBitCast(try find("Uuid_base64str"), to: Text.self))
    }

    private static func find(_ name: String) throws(KafkaError) -> UnsafeMutableRawPointer {
        guard let symbol = dlsym(nil, "rd_kafka_\(name)") else {
            throw KafkaError(
                RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
                reason: "librdkafka \(KafkaLibrary.version) can't describe topics: install 2.3 "
                    + "or newer")
        }
        return symbol
    }

    func request(
        _ client: OpaquePointer, topics: [String], _ options: OpaquePointer, _ queue: OpaquePointer
    ) {
        let copies = topics.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var names = copies.map { UnsafePointer<CChar>($0) }
        let collection = makeCollection(&names, names.count)
        // The call copies it.
        defer { destroyCollection(collection) }
        requestFunction(client, collection, options, queue)
    }

    /// The ids by name; without the topics that the cluster doesn't have, and where the broker
    /// gives no ids.
    func ids(of event: OpaquePointer) -> [String: String] {
        var count = 0
        guard let topics = topicsFunction(resultFunction(event), &count) else { return [:] }
        var ids: [String: String] = [:]
        for index in 0..<count {
            guard let topic = topics[index], errorFunction(topic) == nil,
                let name = nameFunction(topic), let id = idFunction(topic),
                let text = idTextFunction(id)
            else { continue }
            let id64 = String(cString: text)
            // All zeros: the protocol's way of saying that there is none.
            if id64.contains(where: { $0 != "A" }) { ids[String(cString: name)] = id64 }
        }
        return ids
    }
}
