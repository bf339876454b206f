import Foundation
import TestStack
import Testing

extension OutsideTests.UpSuite {
    /// schemathesis sends what `docs/openapi.yaml` allows and what it doesn't, most of it signed,
    /// and compares each answer with the description: no 5xx, and no status, header, type or body
    /// that it doesn't name.
    @Test func theGatewayAnswersAsItsDescriptionSays() async throws {
        let description = PrivatePython.script("../docs/openapi.yaml")
        let checks = [
            "not_a_server_error", "status_code_conformance", "content_type_conformance",
            "response_headers_conformance", "response_schema_conformance", "unsupported_method",
            "allow_header_conformance", "negative_data_rejection", "missing_required_header",
        ]
        let run = try TallyProcess(
            [
                // It keeps what it found in the folder that it runs in.
                "-C", stack.folder, try PrivatePython.find(), "-m", "schemathesis.cli", "run",
                description, "--url", stack.endpoints.gateway,
                "--checks", checks.joined(separator: ","), "--phases", "examples,coverage,fuzzing",
                "--max-examples", "40", "--max-time", "40", "--seed", "7", "--warnings", "off",
                "--suppress-health-check", "all", "--generation-database", "none",
                "--request-timeout", "40", "--no-color",
            ],
            settings: [
                "SCHEMATHESIS_HOOKS": PrivatePython.script("EndToEnd/schemathesis_hooks.py"),
                "TALLY_ENDPOINTS": stack.folder + "/endpoints.json",
            ], folder: stack.folder, name: "schemathesis", program: "/usr/bin/env")
        let ending = try await run.ending(within: .seconds(180))
        #expect(ending.status == 0, "\(ending.output.suffix(8_000))\(ending.errors.suffix(2_000))")
        // Nothing that it sent stopped a worker, or became a record that a worker can't process.
        let deadLetters = try await stack.texts(
            "select distinct reason from dead_letters where origin_topic = 'orders.submitted' "
                + "and worker = 'signature' and reason not in ('malformed_json', 'schema_mismatch')"
        )
        #expect(deadLetters.isEmpty)
    }
}
