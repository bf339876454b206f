import Testing

@Suite struct SourceTextTests {
    @Test func commentsAndLiteralsAreNotCode() {
        let text = SourceText(
            #"""
            let a = "print(1)" // print(2)
            /* print(3) /* print(4) */ */ print(5)
            let b = "x \(print(6)) y" + #"print("7")"#
            let c = """
                print(8)
                """
            print(9)
            """#)
        #expect(text.lines(matching: /\bprint\(/) == [2, 7])
        #expect(text.literals.map(\.line) == [1, 3, 3, 4])
        #expect(text.literals[2].text == #"print("7")"#)
    }

    @Test func anEscapedQuoteEndsNothing() {
        let text = SourceText(#"let a = "say \"x\"" ; fatalError()"#)
        #expect(text.literals.count == 1)
        #expect(text.lines(matching: /\bfatalError\(/) == [1])
    }

    @Test func aDotEndsAWord() {
        let text = SourceText("Swift.fatalError()\nself.fatalErrors()\n")
        #expect(text.lines(matching: /\bfatalError\(/) == [1])
    }

    @Test func theRepositoryIsFound() {
        #expect(Repository.exists("Package.swift"))
        #expect(Repository.product.count > 20)
    }
}
