import CXLSXWriter

/// The formats of a workbook's cells; the workbook owns them.
struct XLSXFormats {
    typealias Format = UnsafeMutablePointer<lxw_format>?

    let title: Format
    let plain: Format
    let heading: Format
    let figureHeading: Format
    let text: Format
    let count: Format
    let money: Format
    let boldText: Format
    let boldCount: Format
    let boldMoney: Format

    init(_ workbook: UnsafeMutablePointer<lxw_workbook>) {
        func format(_ number: String? = nil, bold: Bool = false, right: Bool = false) -> Format {
            let format = workbook_add_format(workbook)
            format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
            if let number { format_set_num_format(format, number) }
            if bold { format_set_bold(format) }
            if right { format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue)) }
            return format
        }
        func heading(right: Bool) -> Format {
            let format = format(bold: true, right: right)
            format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue))
            format_set_text_wrap(format)
            if !right { format_set_indent(format, 1) }
            return format
        }
        func total(_ number: String) -> Format {
            let format = format(number, bold: true)
            format_set_top(format, UInt8(LXW_BORDER_THIN.rawValue))
            if number == "@" { format_set_indent(format, 1) }
            return format
        }
        let title = format(bold: true)
        format_set_font_size(title, 14)
        self.title = title
        plain = format()
        self.heading = heading(right: false)
        figureHeading = heading(right: true)
        // A number that is longer than its column goes on in a second line: it is never cut.
        let text = format("@")
        format_set_text_wrap(text)
        format_set_indent(text, 1)
        self.text = text
        count = format("#,##0")
        money = format("#,##0.00")
        boldText = total("@")
        boldCount = total("#,##0")
        boldMoney = total("#,##0.00")
    }
}
