import Payments
import Sentences
import Store

/// The words of applications.
extension Language {
    func kind(_ kind: ApplicationKind) -> String {
        switch kind {
        case .agent: self("agent", "代理商")
        case .merchant: self("merchant", "商户")
        }
    }

    func status(_ status: ApplicationStatus) -> String {
        switch status {
        case .checking: self("being checked", "黑名单核查中")
        case .inReview: self("waits for review", "待复核")
        case .onboarding: self("at the channel", "渠道进件中")
        case .active: self("active", "已开通")
        case .refused: self("refused", "已驳回")
        }
    }

    /// What happens next, for who waits for it.
    func next(_ row: ApplicationRow) -> String {
        switch row.status {
        case .checking:
            self("The channel's blacklist is queried.", "正在向渠道查询黑名单。")
        case .inReview:
            self(
                "A reviewer other than \(row.enteredBy) decides.",
                "等待 \(row.enteredBy) 以外的复核人处理。")
        case .onboarding:
            self(
                "The onboarding worker registers it at the channel and looks again at "
                    + "\(row.nextAttemptAt?.shanghai ?? "–").",
                "进件服务正在向渠道报备，下次处理时间 \(row.nextAttemptAt?.shanghai ?? "–")。")
        case .active:
            self(
                "A super admin gives the login \(row.login) its first password.",
                "由超级管理员为登录名 \(row.login) 设置初始密码。")
        case .refused:
            self("A corrected version can be entered.", "可修改后重新提交。")
        }
    }

    func blacklist(_ result: BlacklistResult) -> String {
        switch result {
        case .clear: self("not on the blacklist", "未列入黑名单")
        case .unclear: self("no clear answer: look closely", "结果不明，请仔细核查")
        case .listed: self("on the blacklist", "已列入黑名单")
        }
    }

    func document(_ kind: DocumentKind) -> String {
        switch kind {
        case .license: self("licence", "营业执照")
        case .idFront: self("identity card, portrait", "身份证人像面")
        case .idBack: self("identity card, emblem", "身份证国徽面")
        }
    }

    /// A row of the history: what people did, or a step at the channel.
    func event(_ what: String) -> String {
        switch OnboardingStep(rawValue: what) {
        case .blacklist: self("blacklist", "黑名单查询")
        case .images: self("images", "图片上传")
        case .consult: self("check by the channel", "渠道预审提交")
        case .consultResult: self("result of the check", "渠道预审结果")
        case .create: self("registration", "渠道进件提交")
        case .createResult: self("result of the registration", "渠道进件结果")
        case .activate: self("activation", "开通")
        case nil:
            switch what {
            case "entered": self("entered", "提交")
            case "approved": self("approved", "复核通过")
            case "refused": self("refused", "驳回")
            default: what
            }
        }
    }

    func field(_ field: ApplicationField) -> String {
        switch field {
        case .name: self("Company", "企业名称")
        case .shortName: self("Name for payers", "商户简称")
        case .licenseNo: self("Licence number", "统一社会信用代码")
        case .legalPersonName: self("Legal person", "法定代表人")
        case .legalPersonIDNo: self("Identity number", "法定代表人身份证号")
        case .contactName: self("Contact", "联系人")
        case .contactMobile: self("Mobile number", "联系人手机")
        case .contactEmail: self("E-mail", "联系人邮箱")
        case .servicePhone: self("Service telephone", "客服电话")
        case .mcc: self("Category code (MCC)", "行业类目（MCC）")
        case .provinceCode: self("Province", "省份代码")
        case .cityCode: self("City", "城市代码")
        case .districtCode: self("District", "区县代码")
        case .street: self("Address", "详细地址")
        case .cardNo: self("Settlement card", "结算卡号")
        case .cardHolder: self("Card's holder", "结算卡户名")
        case .bank: self("Bank", "开户银行")
        case .bankBranch: self("Branch", "开户支行")
        case .callbackURL: self("Deliveries go to", "通知地址")
        case .rates: self("Rates", "费率")
        case .login: self("Login", "登录名")
        case .images: self("Images", "证件图片")
        }
    }
}

extension ApplicationRefusal {
    /// Why nothing was decided, for the page's reader.
    func text(_ say: Language) -> String {
        let chinese =
            switch self {
            case .unknown(let no): "进件申请 \(no) 不存在。"
            case .fields(let problems):
                problems.map { "\(say.field($0.field))：\($0.reason)" }.joined(separator: "；")
            case .parent(let no, _): "\(no) 下不能新增。"
            case .notNow(_, let status): "该申请当前状态为“\(say.status(status))”，请刷新页面。"
            case .version(_, let newest): "已有新版本 \(newest)，请查看后再处理。"
            case .own: "不能复核自己提交的申请，须由他人复核。"
            case .reasonMissing: "驳回须填写原因，最多 1000 字，且不得含控制字符。"
            }
        return say("Nothing was changed: \(self).", "未做任何更改：\(chinese)")
    }
}
