import Testing

/// Arrows run one way: Workers → Core; Kafka and Postgres know nothing of payments.
@Suite struct ImportTests {
    private static let roles: Set = [
        "Gateway", "Signature", "Callback", "Inquiry", "Statements", "Reconciliation",
        "Settlement", "Onboarding", "Console", "Simulator",
    ]
    private static let ours: Set = [
        "Kafka", "Postgres", "Payments", "Events", "Store", "WorkerRuntime", "Channels",
        "Embedded", "TopicCatalog",
    ]

    /// Which of our own libraries each may import.
    private static let allowed: [String: Set<String>] = [
        "Core/Kafka": [], "Core/Postgres": [], "Core/Payments": [],
        "Core/Embedded": ["Kafka", "Postgres"],
        "Core/Events": ["Payments"],
        "Core/Channels": ["Payments"],
        "Core/Store": ["Postgres", "Payments", "Events"],
        "Core/WorkerRuntime": ["Kafka", "Postgres", "Store", "Events", "Payments"],
        "topics": ["Kafka"],
    ]

    @Test(arguments: allowed.keys.sorted())
    func aLibraryImportsOnlyWhatLiesBelowIt(folder: String) throws {
        let allowed = try #require(Self.allowed[folder])
        for (file, module) in try imports(in: folder)
        where Self.ours.union(Self.roles).contains(module) {
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
        // The executable composes all; the simulator plays against the gateway's client side.
        let free: Set = ["tally", "Simulator"]
        for role in Repository.folders(in: "Workers") where !free.contains(role) {
            for (file, module) in try imports(in: "Workers/\(role)") {
                #expect(
                    module == role || !Self.roles.contains(module), "\(file) imports \(module)")
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
