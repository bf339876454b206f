import Foundation
import TestStack
import Testing

extension OutsideTests.UpSuite {
    /// `Tests/Web/console.py` signs in as each role in Chromium, opens every page in both
    /// languages, dark and light, on a phone and a wide screen, with axe-core, and looks for what
    /// isn't the user's.
    @Test(.timeLimit(.minutes(8))) func peopleUseTheConsoleInChromium() async throws {
        for merchant in ["M2002", "M2005"] {
            let order = try await stack.tally(
                "sample-order", "--data", stack.folder, "--merchant", merchant,
                "--merchant-order-no", "CONSOLE-\(merchant)")
            try #require(order.status == 0, "\(order.output)\(order.errors)")
        }
        let walk = try TallyProcess(
            [PrivatePython.script("Web/console.py"), stack.folder + "/endpoints.json"],
            folder: stack.folder, name: "console", program: try PrivatePython.find())
        let ending = try await walk.ending(within: .seconds(420))
        #expect(ending.status == 0, "\(ending.output)\(ending.errors.suffix(6_000))")
        let line = try #require(ending.output.split(separator: "\n").last)
        let figures = try JSONDecoder().decode([String: Int].self, from: Data(line.utf8))
        #expect(figures["roles"] == 8)
        #expect(figures["violations"] == 0)
        #expect((figures["pages"] ?? 0) >= 75)
    }
}
