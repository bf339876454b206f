extension RandomAccessCollection where Self: Sendable, Index == Int, Element: Sendable {
    /// The results of `transform` in order, computed on all cores in a few large pieces.
    ///
    /// `transform` is pure computation; it must not block.
    @inlinable
    public func mappedInParallel<Result: Sendable>(
        _ transform: @escaping @Sendable (Element) -> Result
    ) async -> [Result] {
        // Below this a task costs more than it saves.
        let smallest = 64
        guard count > smallest else { return map(transform) }
        let size = Swift.max(smallest, (count + 3) / 4)
        let starts = stride(from: startIndex, to: endIndex, by: size)
        return await withTaskGroup(of: (Int, [Result]).self) { group in
            for start in starts {
                let end = Swift.min(start + size, endIndex)
                group.addTask { (start, self[start..<end].map(transform)) }
            }
            var pieces: [(Int, [Result])] = []
            for await piece in group { pieces.append(piece) }
            return pieces.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}
