/// Writes big-endian values one after another into memory of the right size.
struct WireWriter {
    private let memory: UnsafeMutableRawBufferPointer
    private var offset: Int

    init(_ memory: UnsafeMutableRawBufferPointer, at offset: Int) {
        self.memory = memory
        self.offset = offset
    }

    @inline(__always)
    mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        memory.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self)
        offset += MemoryLayout<Value>.size
    }

    @inline(__always)
    mutating func put(bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[offset...]).copyMemory(from: bytes)
        offset += bytes.count
    }

    @inline(__always)
    mutating func put(text: String) {
        var text = text
        text.withUTF8 { put(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension [UInt8] {
    /// Adds one value's binary form, without its length.
    mutating func appendWire<Value: WireValue>(_ value: Value) {
        grow(by: value.wireSize) { value.write(to: &$0) }
    }

    /// Adds an array's binary form (`array_recv`): one dimension, lower bound 1.
    mutating func appendWireArray<Value: WireValue>(_ values: [Value]) {
        var size = 0
        for value in values { size += 4 + value.wireSize }
        appendArrayHeader(count: values.count, hasNull: false, element: Value.oid)
        grow(by: size) { writer in
            for value in values {
                writer.put(Int32(truncatingIfNeeded: value.wireSize))
                value.write(to: &writer)
            }
        }
    }

    /// The same for an array with NULLs in it.
    mutating func appendWireArray<Value: WireValue>(_ values: [Value?]) {
        var size = 0
        for value in values { size += 4 + (value?.wireSize ?? 0) }
        appendArrayHeader(count: values.count, hasNull: true, element: Value.oid)
        grow(by: size) { writer in
            for value in values {
                guard let value else {
                    writer.put(-1 as Int32)
                    continue
                }
                writer.put(Int32(truncatingIfNeeded: value.wireSize))
                value.write(to: &writer)
            }
        }
    }

    private mutating func appendArrayHeader(count: Int, hasNull: Bool, element: UInt32) {
        let dimensions: Int32 = count == 0 ? 0 : 1
        grow(by: count == 0 ? 12 : 20) { writer in
            writer.put(dimensions)
            writer.put(hasNull ? 1 : 0 as Int32)
            writer.put(element)
            if dimensions == 1 {
                writer.put(Int32(truncatingIfNeeded: count))
                writer.put(1 as Int32)
            }
        }
    }

    private mutating func grow(by size: Int, _ body: (inout WireWriter) -> Void) {
        let start = count
        append(contentsOf: repeatElement(0, count: size))
        withUnsafeMutableBytes { memory in
            var writer = WireWriter(memory, at: start)
            body(&writer)
        }
    }
}
