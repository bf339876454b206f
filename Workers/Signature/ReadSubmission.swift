import Events
import Kafka
import Payments
import WorkerRuntime

/// What a record of `orders.submitted` is.
enum ReadSubmission: Sendable {
    case order(Submission)
    case refused(RefusedRecord)
    /// No submission at all.
    case poison(EventCodecError)

    init(_ record: KafkaRecord) {
        do throws(EventCodecError) {
            let submission = try Submission(reading: record)
            if record.value.count > Submission.sizeLimit {
                self = try .refused(record, .tooLarge(record.value.count))
            } else if !OrderNumberForm.isValid(submission.event.orderNo) {
                self = try .refused(record, .orderNumberForm)
            } else {
                self = .order(submission)
            }
        } catch {
            // A submission that the order's rules refuse; or nothing that could be refused.
            self = (try? .refused(record, .malformed(error.detail))) ?? .poison(error)
        }
    }

    private static func refused(
        _ record: KafkaRecord, _ refusal: Refusal
    ) throws(EventCodecError) -> ReadSubmission {
        .refused(
            RefusedRecord(
                submission: try EventCodec.decode(UnreadableSubmission.self, from: record.value),
                refusal: refusal,
                traceparent: record.traceparent ?? TraceContext.new().description))
    }
}

/// A record of `orders.submitted` that is a submission, and can be refused without deciding on its
/// order: of the wrong size or form.
struct RefusedRecord: Sendable {
    let submission: UnreadableSubmission
    let refusal: Refusal
    let traceparent: String

    /// The refusal as an event; what came from outside is cut and made printable.
    func rejection(at now: Timestamp) -> OrderRejected {
        OrderRejected(
            envelope: OrderRejected.envelope(at: now),
            orderNo: PrintableText.of(submission.orderNo, maximum: 64),
            merchantNo: PrintableText.of(submission.merchantNo, maximum: 64),
            merchantOrderNo: PrintableText.of(submission.merchantOrderNo, maximum: 64),
            code: refusal.code, detail: PrintableText.of(refusal.detail, maximum: 512),
            httpStatus: refusal.httpStatus, submissionID: submission.eventID)
    }
}
