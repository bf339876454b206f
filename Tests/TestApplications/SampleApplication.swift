public import Payments

/// A company as it would be entered, with numbers whose check digits are right.
public enum SampleApplication {
    public static func form(
        name: String = "杭州西湖茶叶有限公司", shortName: String = "西湖茶叶"
    ) throws -> ApplicationForm {
        ApplicationForm(
            [
                .name: name, .shortName: shortName, .licenseNo: "91330106MA2ABCDE1G",
                .legalPersonName: "王小茶", .legalPersonIDNo: "330106198503152011",
                .contactName: "李茶", .contactMobile: "13800138000",
                .servicePhone: "0571-88888888", .mcc: "5499", .provinceCode: "330000",
                .cityCode: "330100", .districtCode: "330106", .street: "龙井路1号",
                .cardNo: "6222021202001234567", .cardHolder: "王小茶", .bank: "工商银行",
            ], rates: [.pc: try Rate(ppm: 6_000), .wap: try Rate(ppm: 6_000)])
    }

    public static func images() throws -> [DocumentImage] {
        try DocumentKind.allCases.map {
            try DocumentImage($0, [0xFF, 0xD8, 0xFF, 0xE0] + Array($0.rawValue.utf8))
        }
    }
}
