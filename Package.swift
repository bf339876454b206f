// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is built with: warnings are errors, a file imports what it uses, and an
/// import is internal unless a public declaration needs it.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let crypto: [Target.Dependency] = [
    .product(name: "Crypto", package: "swift-crypto"),
    .product(name: "CryptoExtras", package: "swift-crypto"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let http: [Target.Dependency] = [.product(name: "Hummingbird", package: "hummingbird")]
let httpClient: [Target.Dependency] = [
    .product(name: "AsyncHTTPClient", package: "async-http-client"),
    .product(name: "NIOFoundationCompat", package: "swift-nio"),
]
/// The folders of `topics/`, one a topic: what the catalog's bundle holds.
let topics = [
    "callbacks.received", "dead-letters", "merchants.applied", "merchants.reviewed",
    "orders.accepted", "orders.changed", "orders.rejected", "orders.submitted",
    "payouts.completed", "payouts.requested", "reconciliations.completed", "statements.closed",
    "statements.lines",
]
/// What every worker stands on.
let worker: [Target.Dependency] = [
    "WorkerRuntime", "Store", "Events", "Payments", "Postgres", "Kafka", "Logs", logging,
]

/// A library of `Core/`.
func core(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target
{
    .target(
        name: name, dependencies: dependencies, path: "Core/\(name)", resources: resources,
        swiftSettings: strict)
}

/// A role's library in `Workers/`.
func role(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target
{
    .target(
        name: name, dependencies: dependencies, path: "Workers/\(name)", resources: resources,
        swiftSettings: strict)
}

/// A library of `Workers/Sandbox/`: what the platform is played against. No role depends on it.
func sandbox(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Workers/Sandbox/\(name)",
        swiftSettings: strict)
}

func test(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude,
        resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "tallyhouse",
    products: [.executable(name: "tally", targets: ["tally"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", exact: "1.4.0",
            traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CRdKafka", path: "Core/CRdKafka", pkgConfig: "rdkafka",
            providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(
            name: "CLibPQ", path: "Core/CLibPQ", pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CMinizip", path: "Core/CMinizip", pkgConfig: "minizip",
            providers: [.apt(["libminizip-dev"])]),
        .systemLibrary(name: "CIconv", path: "Core/CIconv"),
        .systemLibrary(
            name: "CXLSXWriter", path: "Core/CXLSXWriter", pkgConfig: "xlsxwriter",
            providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(
            name: "CCrypto", path: "Core/CCrypto", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CJemalloc", path: "Core/CJemalloc", pkgConfig: "jemalloc",
            providers: [.apt(["libjemalloc-dev"])]),

        core("Payments", ["CCrypto"] + crypto),
        core("Logs", [logging]),
        core("Kafka", ["CRdKafka", "Logs", logging]),
        core("Postgres", ["CLibPQ", "Logs", logging]),
        core("Events", ["Payments"]),
        .target(
            name: "Channels",
            dependencies: ["Payments", "CMinizip", "CIconv", nio] + httpClient,
            path: "Core/Channels", exclude: ["Alipay"], swiftSettings: strict),
        .target(
            name: "Alipay", dependencies: ["CCrypto", "Channels", "Payments", logging],
            path: "Core/Channels/Alipay", swiftSettings: strict),
        core(
            "Store", ["Postgres", "Payments", "Events", logging] + crypto,
            resources: [.copy("Migrations")]),
        core("Sentences", ["Events", "Payments", "Store"]),
        core(
            "Reports",
            ["CXLSXWriter", "Payments", "Postgres", "Sentences", "Store"] + crypto),
        core(
            "WorkerRuntime",
            [
                "Kafka", "Postgres", "Store", "Events", "Payments", "Logs", logging, nio,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ] + http),
        .target(
            name: "TopicCatalog",
            dependencies: ["Kafka", .product(name: "Yams", package: "Yams")],
            path: "topics", resources: topics.map { .copy($0) }, swiftSettings: strict),

        role("Gateway", worker + ["Channels", nio] + http),
        role("Signature", worker + ["Channels"]),
        role("Callback", worker + ["Channels"]),
        role(
            "Delivery",
            worker + [
                "Channels", nio, .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + crypto),
        role("Inquiry", worker + ["Channels"]),
        role("Refunds", worker + ["Channels"]),
        role("Statements", worker + ["Channels"]),
        role("Reconciliation", worker),
        role("Settlement", worker + ["Channels"]),
        role("Onboarding", worker + ["Channels"]),
        role(
            "Console",
            worker + [
                "Reports", "Sentences", nio, .product(name: "Mustache", package: "swift-mustache"),
            ]
                + crypto
                + http, resources: [.copy("Templates"), .copy("Assets")]),
        .target(
            name: "Composition",
            dependencies: worker + httpClient + [
                "Alipay", "Channels", "TopicCatalog", nio, "Gateway", "Signature", "Callback",
                "Delivery",
                "Inquiry",
                "Refunds", "Statements", "Reconciliation", "Settlement", "Onboarding", "Console",
                "CJemalloc",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ], path: "Workers/Composition", swiftSettings: strict),
        sandbox("Embedded", ["Postgres", logging]),
        sandbox(
            "Simulator",
            worker + ["Alipay", "Channels", nio] + crypto + http + httpClient + [
                .product(name: "Mustache", package: "swift-mustache")
            ]),
        .target(
            name: "Sandbox",
            dependencies: worker + httpClient + [
                "Composition", "Console", "Embedded", "Simulator", "TopicCatalog", nio,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Workers/Sandbox", exclude: ["Embedded", "Simulator"], swiftSettings: strict),
        .executableTarget(
            name: "tally",
            dependencies: worker + httpClient + [
                "Channels", "Composition", "Console", "Reports", "Sandbox", "Sentences",
                "Simulator",
                "TopicCatalog", "Statements", "Reconciliation", "Settlement", nio,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], path: "Workers/tally", swiftSettings: strict),

        .target(name: "TestRandom", path: "Tests/TestRandom", swiftSettings: strict),
        .target(
            name: "TestApplications", dependencies: ["Payments"], path: "Tests/TestApplications",
            swiftSettings: strict),
        .target(name: "TestSigning", path: "Tests/TestSigning", swiftSettings: strict),
        .target(name: "TestWaiting", path: "Tests/TestWaiting", swiftSettings: strict),
        .target(
            name: "TestReceivers",
            dependencies: [
                nio, .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], path: "Tests/TestReceivers", swiftSettings: strict),
        .target(
            name: "TestServices", dependencies: ["CRdKafka", "Embedded", "Postgres", logging],
            path: "Tests/TestServices", swiftSettings: strict),
        .target(
            name: "TestStack",
            dependencies: ["Store", "Postgres", "Payments", "Simulator", "TestWaiting", logging],
            path: "Tests/TestStack", swiftSettings: strict),
        .executableTarget(
            name: "faults",
            dependencies: worker + [
                "TestRandom", "TestSigning", "TestStack", "TestWaiting", "Embedded", "Simulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Tests/Faults", exclude: ["auditor.py", "s3_server.py", "stepped_clock.c"],
            swiftSettings: strict),
        test("FaultTests", ["TestStack"]),
        .executableTarget(
            name: "bench",
            dependencies: worker + httpClient + [
                "TestReceivers", "TestSigning", "TestStack", "TestWaiting", "Embedded",
                "Simulator", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Tests/Benchmarks",
            exclude: ["delivery_peer.py", "intake.py", "intake_peer.py"],
            swiftSettings: strict),
        test("TidyTests", [.product(name: "Yams", package: "Yams")]),
        test("PaymentsTests", ["Payments", "TestApplications", "TestRandom"]),
        test("EventsTests", ["Events", "Payments", "TestRandom", "TestSigning"]),
        test(
            "PostgresTests",
            ["Postgres", "Embedded", "TestRandom", "TestServices", "TestWaiting", logging]),
        test(
            "KafkaTests",
            ["Kafka", "CRdKafka", "Embedded", "TestServices", "TestWaiting", logging]),
        test("TopicCatalogTests", ["TopicCatalog"]),
        test(
            "ChannelsTests",
            ["Alipay", "Channels", "Payments", "TestRandom", "TestReceivers", logging]
                + httpClient),
        test(
            "StoreTests",
            worker + [
                "Callback", "Channels", "Console", "Reconciliation", "Reports", "Sentences",
                "Settlement",
                "TestApplications", "TestRandom", "TestServices", "TestWaiting",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        test("ReportsTests", ["Channels", "Payments", "Reports", "Sentences"]),
        test(
            "WorkerRuntimeTests",
            worker + [
                "Embedded", "TestServices", "TestWaiting", "TopicCatalog",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        test("HTTPTests", worker + http + ["TestRandom", "TestWaiting", nio]),
        test("StatementsTests", worker + ["Statements", "Channels"]),
        test(
            "ConformanceTests",
            worker + [
                "Alipay", "Callback", "Channels", "Gateway", "Simulator", "Statements",
                "TestApplications", "TestRandom",
            ] + http),
        test(
            "GatewayTests",
            worker + [
                "Gateway", "Channels", "TestWaiting", nio,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ] + http),
        test("SignatureTests", worker + ["Signature", "Channels"]),
        test("CallbackTests", worker + ["Callback", "Channels", "TestRandom"]),
        test(
            "DeliveryTests",
            worker + [
                "Channels", "Delivery", "TestReceivers", "TestServices", "TestWaiting", nio,
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ] + http),
        test(
            "ConsoleTests", ["Console", "Payments", "Reports", "Sentences", "Store"] + http),
        test("InquiryTests", ["Inquiry", "Channels", "Payments", "Store"]),
        test("RefundsTests", ["Refunds", "Channels", "Payments", "Store"]),
        test("ReconciliationTests", ["Reconciliation", "Events", "Payments", "Store"]),
        test(
            "OnboardingTests",
            ["Onboarding", "Channels", "Payments", "Store", "TestApplications", "TestRandom"]),
        test("SettlementTests", ["Settlement", "Channels", "Events", "Payments", "Store"]),
        test(
            "TallyTests",
            [
                "tally", "Composition", "Sandbox", "Simulator", "Store", "Payments", "Kafka",
                "Sentences",
                "TestStack",
            ]
                + [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
        test(
            "StartTests",
            worker + [
                "Composition", "Embedded", "Simulator", "TestServices", "TestStack", "TestWaiting",
                "TopicCatalog", .product(name: "Yams", package: "Yams"),
            ], exclude: ["refusing_broker.py"]),
        test(
            "SimulatorTests",
            [
                "Simulator", "Alipay", "Embedded", "Events", "Payments", "TestStack",
                "WorkerRuntime", logging, nio,
            ] + crypto + http, exclude: ["alipay_sdk.py"]),
        test(
            "EndToEnd",
            worker + [
                "TestApplications", "TestServices", "TestSigning", "TestStack", "TestWaiting",
                "TopicCatalog", "Alipay",
                "Channels", "Simulator", "Embedded", nio,
            ]
                + http + httpClient,
            exclude: ["oracle.py", "schemathesis_hooks.py", "golden-seed-7.json"]),
    ],
    swiftLanguageModes: [.v6]
)
