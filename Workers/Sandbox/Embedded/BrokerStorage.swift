/// Where the embedded broker keeps its topics.
public enum BrokerStorage: Sendable {
    /// In memory: gone when it ends.
    case memory
    /// In a bucket of an S3 server, which must exist: still there when the broker starts again.
    case s3(bucket: String, endpoint: String, region: String, accessKey: String, secretKey: String)

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
