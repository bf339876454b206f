import Testing

/// Arrows run one way: Workers → Core; Kafka and Postgres know nothing of payments.
@Suite struct ImportTests {
    /// A role, or work that runs inside one: each a folder of `Workers/`.
    private static let roles: Set = [
        "Gateway", "Signature", "Callback", "Delivery", "Inquiry", "Refunds", "Statements",
        "Reconciliation", "Settlement", "Onboarding", "Console",
    ]
    private static let sandbox: Set = ["Sandbox", "Simulator", "Embedded"]
    private static let ours: Set = [
        "Kafka", "Postgres", "Payments", "Events", "Store", "WorkerRuntime", "Channels", "Alipay",
        "TopicCatalog", "Composition", "Logs", "Sentences",
    ]

    /// Which of our own libraries each may import.
    private static let allowed: [String: Set<String>] = [
        "Core/Logs": [], "Core/Kafka": ["Logs"], "Core/Postgres": ["Logs"], "Core/Payments": [],
        "Core/Events": ["Payments"],
        "Core/Channels": ["Payments", "Channels"],
        "Core/Store": ["Postgres", "Payments", "Events"],
        "Core/Sentences": ["Events", "Payments", "Store"],
        "Core/Reports": ["Payments", "Postgres", "Sentences", "Store"],
        "Core/WorkerRuntime": ["Kafka", "Postgres", "Store", "Events", "Payments", "Logs"],
        "topics": ["Kafka"],
        "Workers/Sandbox/Embedded": ["Kafka", "Postgres"],
    ]

    @Test(arguments: allowed.keys.sorted())
    func aLibraryImportsOnlyWhatLiesBelowIt(folder: String) throws {
        let allowed = try #require(Self.allowed[folder])
        for (file, module) in try imports(in: folder)
        where Self.ours.union(Self.roles).union(Self.sandbox).contains(module) {
            #expect(allowed.contains(module), "\(file) imports \(module)")
        }
    }

    @Test func everyFolderOfCoreIsListedHere() {
        let libraries = Repository.folders(in: "Core")
            .filter { !Repository.files(in: "Core/\($0)").isEmpty }
        for library in libraries {
            #expect(Self.allowed["Core/\(library)"] != nil, "say what \(library) may import")
        }
    }

    @Test func paymentsIsPure() throws {
        let allowed: Set = ["Crypto", "CryptoExtras", "CCrypto", "Foundation"]
        for (file, module) in try imports(in: "Core/Payments") {
            #expect(allowed.contains(module), "\(file) imports \(module)")
        }
        let impure = /\b(Date\(\)|Date\.now|UUID\(\)|ContinuousClock|FileManager|URLSession)/
            .wordBoundaryKind(.simple)
        for file in Repository.files(in: "Core/Payments") {
            let code = SourceText(try Repository.text(file)).codeOnly
            #expect(!code.contains(impure), "\(file) reads a clock, makes an id or does I/O")
        }
    }

    @Test func coreImportsNoWorker() throws {
        for (file, module) in try imports(in: "Core") {
            #expect(!Self.roles.contains(module), "\(file) imports the role \(module)")
        }
    }

    @Test func noWorkerImportsAnother() throws {
        for folder in Repository.folders(in: "Workers") where Self.roles.contains(folder) {
            for (file, module) in try imports(in: "Workers/\(folder)") {
                #expect(
                    module == folder || !Self.roles.contains(module), "\(file) imports \(module)")
            }
        }
    }

    @Test func everyFolderOfWorkersIsKnownHere() {
        let others: Set = ["Composition", "Sandbox", "tally"]
        for folder in Repository.folders(in: "Workers") {
            #expect(
                Self.roles.contains(folder) || others.contains(folder), "what is \(folder)?")
        }
    }

    /// What the platform is played against is never part of what runs in production: only the
    /// executable, for `up`, `demo` and `simulator`, knows it.
    @Test func noRoleImportsTheSandbox() throws {
        let free = ["Workers/Sandbox/", "Workers/tally/"]
        for file in Repository.product where !free.contains(where: file.hasPrefix) {
            for (_, module) in try imports(of: file) {
                #expect(!Self.sandbox.contains(module), "\(file) imports \(module)")
            }
        }
    }

    @Test func onlyTheTwoFacesTouchTheirLibraries() throws {
        let owners = [
            "CRdKafka": "Core/Kafka/", "CLibPQ": "Core/Postgres/",
            "CMinizip": "Core/Channels/", "CIconv": "Core/Channels/",
        ]
        for (file, module) in try Repository.product.flatMap(imports(of:)) {
            guard let owner = owners[module] else { continue }
            #expect(file.hasPrefix(owner), "\(file) imports \(module); only \(owner) may")
        }
    }

    private func imports(in folder: String) throws -> [(file: String, module: String)] {
        try Repository.files(in: folder).flatMap(imports(of:))
    }

    private func imports(of file: String) throws -> [(file: String, module: String)] {
        let code = SourceText(try Repository.text(file)).codeOnly
        let pattern =
            #/
            (?m)^\s*
            (?: @\w+ (?:\(\w+\))? \s+ )*
            (?: (?:public|package|internal|private|fileprivate) \s+ )?
            import \s+ (?: (?:struct|enum|class|func|protocol|typealias|var|let) \s+ )?
            (\w+)
            /#
        return code.matches(of: pattern).map { (file, String($0.1)) }
    }
}
