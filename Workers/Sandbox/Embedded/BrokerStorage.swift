/// Where the embedded broker stores its topics.
public enum BrokerStorage: Sendable {
    /// In memory: lost when the broker ends.
    case memory
    /// In a bucket of an S3 server, which must exist: kept when the broker ends.
    case s3(bucket: String, endpoint: String, region: String, accessKey: String, secretKey: String)

    var isDurable: Bool { if case .s3 = self { true } else { false } }

    var url: String {
        switch self {
        case .memory: "memory://tansu/"
        case .s3(let bucket, _, _, _, _): "s3://\(bucket)/"
        }
    }

    var environment: [String: String] {
        switch self {
        case .memory: [:]
        case .s3(_, let endpoint, let region, let accessKey, let secretKey):
            [
                "AWS_ENDPOINT": endpoint, "AWS_ALLOW_HTTP": "true", "AWS_DEFAULT_REGION": region,
                "AWS_REGION": region, "AWS_ACCESS_KEY_ID": accessKey,
                "AWS_SECRET_ACCESS_KEY": secretKey,
            ]
        }
    }
}
