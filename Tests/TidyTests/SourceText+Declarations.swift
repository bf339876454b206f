extension SourceText {
    /// A function, initialiser or computed property's accessor as it stands in a file.
    struct Function {
        let name: String
        /// Where it begins, from 1.
        let line: Int
        /// From its first line to its closing brace.
        let lines: Int
    }

    /// Every function and initialiser with a body.
    var functions: [Function] {
        let lines = codeOnly.split(separator: "\n", omittingEmptySubsequences: false)
        let declaration =
            #/
            ^\s* (?: @?\w+ (?:\(\w+\))? \s+ )* (?: func \s+ (\S+?) [(<] | (init) \?? [(<] )
            /#
        return lines.indices.compactMap { start in
            guard let match = lines[start].firstMatch(of: declaration),
                let end = Self.end(of: start, in: lines)
            else { return nil }
            let name = String(match.1 ?? match.2 ?? "")
            return Function(name: name, line: start + 1, lines: end - start + 1)
        }
    }

    /// The line on which the first brace after `start` is closed; nil where there is no body.
    private static func end(of start: Int, in lines: [Substring]) -> Int? {
        var (braces, brackets) = (0, 0)
        for index in start..<lines.count {
            for character in lines[index] {
                switch character {
                case "(", "[": brackets += 1
                case ")", "]": brackets -= 1
                case "{" where brackets == 0: braces += 1
                case "}" where brackets == 0:
                    braces -= 1
                    if braces == 0 { return index }
                    // The end of the protocol or type around it: there was no body.
                    if braces < 0 { return nil }
                default: break
                }
            }
            let isBlank = lines[index].allSatisfy(\.isWhitespace)
            if braces == 0 && brackets == 0 && isBlank { return nil }
        }
        return nil
    }

    /// The types at the top of the file that other files can see, in their order.
    var visibleTypes: [String] {
        let type =
            #/
            ^ (?: @\w+ (?:\(\w+\))? \s+ )*
            ( (?: (?: public|package|internal|private|fileprivate|final|indirect ) \s+ )* )
            (?: struct | enum | class | actor | protocol ) \s+ (\w+)
            /#
        return codeOnly.split(separator: "\n").compactMap { line in
            guard let match = line.firstMatch(of: type), !match.1.contains("private") else {
                return nil
            }
            return String(match.2)
        }
    }
}
