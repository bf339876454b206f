import Foundation

@testable import Embedded

/// A folder that looks like an unpacked Apache Kafka: its scripts check the command line, the
/// environment and `server.properties` strictly, and its server is the embedded broker on the
/// listener that the properties name.
struct KafkaStandIn {
    /// How its server behaves.
    enum Server {
        case works
        /// Prints an error and exits.
        case exits
        /// Runs, and never listens.
        case neverListens
    }

    static let clusterID = "MkU3OEVBNTcwNTJENDM2Qg"

    let home: String

    init(_ server: Server) throws {
        home =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("kafka-stand-in-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: home + "/bin", withIntermediateDirectories: true)
        try write("kafka-storage.sh", Self.storageTool)
        let start: String
        switch server {
        case .works:
            start = """
                exec '\(try EmbeddedBroker.findBinary())' broker --listener-url "tcp://$broker" \\
                    --advertised-listener-url "tcp://$broker" --storage-engine memory://tansu/
                """
        case .exits:
            start = "echo 'ERROR Exiting Kafka due to fatal exception: no disk' >&2; exit 1"
        case .neverListens: start = "exec sleep 600"
        }
        try write("kafka-server-start.sh", Self.serverScript + start + "\n")
    }

    func remove() { try? FileManager.default.removeItem(atPath: home) }

    private func write(_ name: String, _ text: String) throws {
        let path = "\(home)/bin/\(name)"
        try (Self.checks + text).write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    // `check FILE` fails on a key that is missing, unknown or has a wrong value, and sets `broker`
    // and `data`.
    private static let checks = #"""
        #!/bin/bash
        set -eu
        refuse() { echo "refused: $*" >&2; exit 2; }
        [ -n "${KAFKA_HEAP_OPTS:-}" ] || refuse "no KAFKA_HEAP_OPTS"
        [ -n "${LOG_DIR:-}" ] || refuse "no LOG_DIR"
        check() {
            keys="advertised.listeners auto.create.topics.enable controller.listener.names"
            keys="$keys controller.quorum.voters group.initial.rebalance.delay.ms"
            keys="$keys inter.broker.listener.name listener.security.protocol.map listeners"
            keys="$keys log.dirs node.id offsets.topic.num.partitions"
            keys="$keys offsets.topic.replication.factor process.roles"
            keys="$keys transaction.state.log.min.isr transaction.state.log.num.partitions"
            keys="$keys transaction.state.log.replication.factor"
            found=$(cut -d= -f1 "$1" | sort | tr '\n' ' ')
            [ "$found" = "$keys " ] || refuse "the keys are $found"
            value() { sed -n "s/^$1=//p" "$file"; }
            file=$1
            [ "$(value process.roles)" = broker,controller ] || refuse process.roles
            [ "$(value node.id)" = 1 ] || refuse node.id
            [ "$(value auto.create.topics.enable)" = false ] || refuse auto.create.topics.enable
            broker=$(value listeners | sed -nE \
                's#^PLAINTEXT://(127\.0\.0\.1:[0-9]+),CONTROLLER://127\.0\.0\.1:[0-9]+$#\1#p')
            controller=$(value listeners | sed -E 's#.*CONTROLLER://##')
            [ -n "$broker" ] || refuse "listeners $(value listeners)"
            [ "$(value advertised.listeners)" = "PLAINTEXT://$broker" ] || refuse advertised
            [ "$(value controller.quorum.voters)" = "1@$controller" ] || refuse voters
            [ "$(value offsets.topic.replication.factor)" = 1 ] || refuse replication
            data=$(value log.dirs)
        }

        """#

    private static let storageTool = #"""
        case "${1:-}" in
        random-uuid)
            [ $# -eq 1 ] || refuse "$@"
            echo "OpenJDK 64-Bit Server VM warning: this isn't the id" >&2
            echo \#(clusterID)
            ;;
        format)
            [ $# -eq 5 ] && [ "$2 $3 $4" = "-t \#(clusterID) -c" ] || refuse "$@"
            check "$5"
            [ ! -e "$data/meta.properties" ] || refuse "$data is already formatted"
            mkdir -p "$data"
            echo "cluster.id=$3" >"$data/meta.properties"
            ;;
        *) refuse "$@" ;;
        esac

        """#

    private static let serverScript = #"""
        [ $# -eq 1 ] || refuse "$@"
        check "$1"
        [ -e "$data/meta.properties" ] || refuse "$data isn't formatted"

        """#
}
