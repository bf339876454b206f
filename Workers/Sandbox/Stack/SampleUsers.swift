import Console
import Foundation
import Payments
import Postgres
import Store
import WorkerRuntime

/// A console login for each role of a stack. All share a password and an authenticator key, which
/// are made once a data folder: they are printed, so they protect nothing.
package struct SampleUsers: Codable, Sendable {
    /// A login and what it may do.
    package struct Login: Codable, Sendable {
        package let login: String
        package let role: String
        package let partyNo: String?
    }

    package let password: String
    /// 20 bytes, base64.
    let codeSecret: String
    package let logins: [Login]

    /// The authenticator key as it is typed into an app.
    package var authenticatorKey: String {
        OneTimeCode(secret: Array(Data(base64Encoded: codeSecret) ?? Data())).text
    }

    /// Logins that no folder has yet.
    package static func make(agentNo: String?, merchantNo: String?) -> SampleUsers {
        var random = SystemRandomNumberGenerator()
        let secret = Data((0..<20).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let logins = UserRole.allCases.compactMap { role -> Login? in
            let party = role.isPlatform ? nil : role == .merchant ? merchantNo : agentNo
            guard role.isPlatform || party != nil else { return nil }
            let name = role.rawValue.replacing("_", with: "-")
            return Login(login: name, role: role.rawValue, partyNo: party)
        }
        return SampleUsers(
            password: PasswordRule.temporary(), codeSecret: secret.base64EncodedString(),
            logins: logins)
    }

    /// The folder's logins; made at its first start.
    static func ensure(
        file: String, agentNo: String?, merchantNo: String?, connection: PostgresConnection,
        sealer: Sealer
    ) async throws -> SampleUsers {
        if let known = try? JSONDecoder().decode(
            SampleUsers.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
        {
            return known
        }
        let users = make(agentNo: agentNo, merchantNo: merchantNo)
        try await users.write(to: connection, sealer: sealer)
        _ = FileManager.default.createFile(
            atPath: file, contents: try JSONEncoder().encode(users),
            attributes: [.posixPermissions: 0o600])
        return users
    }

    private func write(to connection: PostgresConnection, sealer: Sealer) async throws {
        let hash = try PasswordHash(hashing: password).text
        let now = SystemClock().now()
        try await connection.transaction { transaction in
            for login in logins {
                guard let role = UserRole(rawValue: login.role) else { continue }
                let userNo = "U-\(login.login)"
                _ = try await transaction.run(
                    InsertUser(
                        userNo: userNo, login: login.login, role: role, partyNo: login.partyNo,
                        passwordHash: hash, rule: .further, actor: "sandbox", now: now))
                _ = try await transaction.run(
                    SetPassword(
                        userNo: userNo, hash: hash, isTemporary: false, forgetsCodes: false,
                        actor: "sandbox", now: now))
                guard role.needsOneTimeCode else { continue }
                let sealed = try sealer.seal(
                    codeSecret, context: User.sealContext(userNo: userNo))
                _ = try await transaction.run(
                    EnrolForCodes(userNo: userNo, secretSealed: sealed))
            }
        }
    }
}
