import Testing

/// The product from outside: the real executable as child processes, used over HTTP and Kafka
/// as merchants, the channel and operators do. One after the other: each starts a whole stack.
@Suite("From outside", .serialized) enum OutsideTests {}
