/// The fields read from an error or notice, by the codes of postgres_ext.h (`PG_DIAG_…`), which
/// Swift doesn't import.
enum ErrorField: UnicodeScalar {
    case sqlState = "C"
    case message = "M"
    case detail = "D"
    case hint = "H"
    case table = "t"
    case column = "c"
    case constraint = "n"
    case position = "P"

    var code: Int32 { Int32(rawValue.value) }
}
