import Payments

extension String {
    /// With spaces at its end, to so many columns.
    func padding(_ width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - displayWidth))
    }

    /// At most so many columns; an ellipsis says where it was cut.
    func cut(_ width: Int) -> String {
        guard displayWidth > width else { return self }
        var kept = ""
        var used = 0
        for character in self {
            used += String(character).displayWidth
            guard used < width else { break }
            kept.append(character)
        }
        return width > 0 ? kept + "…" : ""
    }
}
