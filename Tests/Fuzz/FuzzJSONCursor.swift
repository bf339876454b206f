import Foundation

/// libFuzzer's entry: what the one-pass decoder accepts, Foundation accepts too; neither may crash,
/// hang or read past the end. `make fuzz` builds and runs it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSONCursor(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // A copy of the exact size, so that the sanitizer detects a read past the end.
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let isRead = bytes.withUnsafeBufferPointer { buffer in
        var cursor = JSONCursor(buffer)
        do {
            try cursor.skip()
            try cursor.end()
            return true
        } catch {
            return false
        }
    }
    guard isRead else { return 0 }
    do {
        _ = try JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
    } catch {
        // A number may be valid JSON and out of Foundation's range.
        precondition("\(error)".contains("not representable"), "only ours reads \(bytes)")
    }
    return 0
}
