extension StartCase {
    private static func worker(_ role: String) -> [String] { ["worker", role] }

    /// Settings that can't be right: the process ends before it starts anything.
    static let wrongSettings: [StartCase] = [
        StartCase(
            "a misspelt name", worker("signature"), ["TALLY_KAFKA_BROKER": "k:9092"], .exits,
            "did you mean TALLY_KAFKA_BROKERS?"),
        StartCase(
            "a name of nothing", worker("signature"), ["TALLY_COLOUR": "red"], .exits,
            "TALLY_COLOUR is not a setting of tally"),
        StartCase(
            "a port that is no number", ["gateway"], ["TALLY_HTTP_PORT": "abc"], .exits,
            "TALLY_HTTP_PORT is 'abc' and must be a whole number from 1 to 65535"),
        StartCase(
            "a log level that doesn't exist", worker("callback"),
            ["TALLY_LOG_LEVEL": "verbose"], .exits, "TALLY_LOG_LEVEL is 'verbose'"),
        StartCase(
            "neither true nor false", worker("delivery"),
            ["TALLY_DELIVERY_ALLOW_PRIVATE": "maybe"], .exits,
            "TALLY_DELIVERY_ALLOW_PRIVATE is 'maybe' and must be true or false"),
        StartCase(
            "no app at the channel", ["gateway"], ["TALLY_ALIPAY_APP_ID": nil], .exits,
            "TALLY_ALIPAY_APP_ID is not set"),
        StartCase(
            "an empty address of the channel", worker("inquiry"),
            ["TALLY_ALIPAY_GATEWAY_URL": ""], .exits, "TALLY_ALIPAY_GATEWAY_URL is not set"),
        StartCase(
            "an empty address of the bank", worker("settlement"), ["TALLY_BANK_URL": ""], .exits,
            "TALLY_BANK_URL is not set"),
        StartCase(
            "an address of the bank without scheme", worker("settlement"),
            ["TALLY_BANK_URL": "bank.example"], .exits,
            "TALLY_BANK_URL must be an http or https address"),
        StartCase(
            "an empty secret of the bank", worker("settlement"), ["TALLY_BANK_SECRET": ""],
            .exits, "TALLY_BANK_SECRET is empty"),
        StartCase(
            "a database of another kind", worker("reconciliation"),
            ["TALLY_DATABASE_URL": "mysql://u@h/d"], .exits, "its scheme is 'mysql'"),
        StartCase(
            "a password that isn't encoded", worker("reconciliation"),
            ["TALLY_DATABASE_URL": "postgresql://u:p%w@h/d"], .exits, "percent-encoded"),
        StartCase(
            "a file that isn't YAML", worker("statements") + ["--config", "{malformed}"], [:],
            .exits,
            "is not YAML"),
        StartCase(
            "a file that is missing", worker("statements") + ["--config", "/nonexistent.yaml"], [:],
            .exits, "--config /nonexistent.yaml doesn't exist"),
        StartCase(
            "a port in use", worker("callback"), ["TALLY_HTTP_PORT": "{taken}"], .exits,
            "of 127.0.0.1 is in use by another process: set TALLY_HTTP_PORT to a free port"),
        StartCase(
            "an address of another host", worker("callback"),
            ["TALLY_HTTP_HOST": "192.0.2.1"], .exits,
            "TALLY_HTTP_HOST is 192.0.2.1, which is no address of this host"),
        StartCase(
            "a master key of five bytes", worker("delivery"), ["TALLY_MASTER_KEY": "c2hvcnQ="],
            .exits, "TALLY_MASTER_KEY must be 32 bytes in base64"),
        StartCase(
            "a key file that is missing", worker("signature"),
            ["TALLY_ALIPAY_APP_PRIVATE_KEY_FILE": "/nonexistent.pem"], .exits,
            "TALLY_ALIPAY_APP_PRIVATE_KEY_FILE names /nonexistent.pem, which doesn't exist"),
        StartCase(
            "a key file that is a folder", worker("signature"),
            ["TALLY_ALIPAY_PUBLIC_KEY_FILE": "/tmp"], .exits,
            "TALLY_ALIPAY_PUBLIC_KEY_FILE names /tmp, which is a folder"),
        StartCase(
            "the app's own public key", worker("callback"),
            ["TALLY_ALIPAY_PUBLIC_KEY_FILE": "{own public key}"], .exits,
            "TALLY_ALIPAY_PUBLIC_KEY_FILE is the app's own public key"),
        StartCase(
            "an option that librdkafka doesn't have", worker("callback"),
            ["TALLY_KAFKA_SASL_USER": "u"], .exits, "did you mean TALLY_KAFKA_SASL_USERNAME?"),
        StartCase(
            "an option that isn't free", worker("callback"), ["TALLY_KAFKA_ACKS": "1"], .exits,
            "TALLY_KAFKA_ACKS can't be set"),
        StartCase(
            "a broker's certificate that is missing", worker("callback"),
            ["TALLY_KAFKA_SSL_CA_LOCATION": "/nonexistent.pem"], .exits,
            "TALLY_KAFKA_SSL_CA_LOCATION names /nonexistent.pem, which doesn't exist"),
        StartCase(
            "production without the payee", worker("callback"),
            ["TALLY_ENVIRONMENT": "production", "TALLY_ALIPAY_SELLER_ID": nil], .exits,
            "TALLY_ALIPAY_SELLER_ID is not set: the payee of callbacks and bills isn't checked"),
        StartCase(
            "production without notifications", ["gateway"],
            ["TALLY_ENVIRONMENT": "production", "TALLY_ALIPAY_NOTIFY_URL": ""], .exits,
            "TALLY_ALIPAY_NOTIFY_URL is not set"),
        StartCase(
            "production without the bank's secret", worker("settlement"),
            ["TALLY_ENVIRONMENT": "production", "TALLY_BANK_SECRET": nil], .exits,
            "TALLY_BANK_SECRET is not set: calls to the bank aren't signed, which "),
        StartCase(
            "production with private receivers", worker("delivery"),
            ["TALLY_ENVIRONMENT": "production", "TALLY_DELIVERY_ALLOW_PRIVATE": "true"], .exits,
            "TALLY_DELIVERY_ALLOW_PRIVATE is true: receivers' addresses aren't checked, which "),
        StartCase(
            "three at once", worker("settlement"),
            ["TALLY_BANK_URL": nil, "TALLY_HTTP_PORT": "0", "TALLY_LOG_LEVEL": "loud"], .exits,
            "3 settings are wrong:"),
    ]

    /// What a role waits for: it runs, isn't ready, and processes nothing.
    static let missingServices: [StartCase] = [
        StartCase(
            "no database and no broker", worker("signature"), [:], .waits, "Connection refused"),
        StartCase(
            "no schema", worker("signature"), with: .emptyDatabase, .waits,
            "run tally migrate"),
        StartCase(
            "a newer schema", worker("callback"), with: .newerDatabase, .waits,
            "the database has 9999_newer"),
        StartCase(
            "no topics", worker("signature"), with: .emptyBroker, .waits,
            "orders.submitted is missing; run tally topics apply", within: 20),
        StartCase(
            "one partition", ["gateway"], with: .onePartition, .waits,
            "orders.submitted has 1 of 6 partitions; run tally topics apply", within: 20),
        StartCase(
            "another master key", worker("signature"),
            ["TALLY_MASTER_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="], with: .all,
            .waits, "master key: TALLY_MASTER_KEY is not the key that this database's secrets"),
        StartCase(
            "a wrong password of the database", worker("callback"),
            ["TALLY_DATABASE_URL": "{wrong password}"], with: .all, .waits,
            "password authentication failed for user"),
        StartCase(
            "a database that doesn't exist", worker("delivery"),
            ["TALLY_DATABASE_URL": "{no database}"], with: .all, .waits,
            "database \"nonexistent\" does not exist"),
        StartCase(
            "a wrong password of the broker", worker("callback"),
            [
                "TALLY_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
                "TALLY_KAFKA_SASL_MECHANISM": "PLAIN", "TALLY_KAFKA_SASL_USERNAME": "tally",
                "TALLY_KAFKA_SASL_PASSWORD": "wrong",
            ], with: .refusingBroker, .waits, "check TALLY_KAFKA_SASL_MECHANISM", within: 20),
        StartCase(
            "a certificate of the broker that isn't trusted", worker("callback"),
            ["TALLY_KAFKA_SECURITY_PROTOCOL": "SSL"], with: .untrustedBroker, .waits,
            "check TALLY_KAFKA_SECURITY_PROTOCOL and TALLY_KAFKA_SSL_CA_LOCATION", within: 20),
    ]

    /// Commands say the same.
    static let commands: [StartCase] = [
        StartCase(
            "topics diff with a wrong password", ["topics", "diff"],
            [
                "TALLY_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
                "TALLY_KAFKA_SASL_MECHANISM": "PLAIN", "TALLY_KAFKA_SASL_USERNAME": "tally",
                "TALLY_KAFKA_SASL_PASSWORD": "wrong",
            ], with: .refusingBroker, .exits, "check TALLY_KAFKA_SASL_MECHANISM"),
        StartCase(
            "lag with an untrusted certificate", ["lag"],
            ["TALLY_KAFKA_SECURITY_PROTOCOL": "SSL"], with: .untrustedBroker, .exits,
            "check TALLY_KAFKA_SECURITY_PROTOCOL and TALLY_KAFKA_SSL_CA_LOCATION"),
        StartCase(
            "a key under another master key", ["keys", "add", "M1", "--type", "MD5"],
            ["TALLY_MASTER_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="], with: .all,
            .exits, "TALLY_MASTER_KEY is not the key that this database's secrets"),
        StartCase(
            "production topics on one node", ["topics", "apply", "--production"],
            with: .emptyBroker, .exits, "the cluster has 1 brokers; nothing was changed"),
    ]
}
