using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;

namespace SpeechStream.Tests.Protocol;

public sealed class StatusCodesTests
{
    // PROTOCOL 6, which has one more kind: too fast is worth a retry only at another pace.
    public static TheoryData<int, string> Documented => new()
    {
        { 40000000, nameof(Retry.No) },
        { 40000001, nameof(Retry.Token) },
        { 40000002, nameof(Retry.No) },
        { 40000003, nameof(Retry.No) },
        { 40000004, nameof(Retry.Idle) },
        { 40000005, nameof(Retry.Quota) },
        { 40000009, nameof(Retry.No) },
        { 40000010, nameof(Retry.No) },
        { 40010001, nameof(Retry.No) },
        { 40010003, nameof(Retry.No) },
        { 40010004, nameof(Retry.No) },
        { 40010005, nameof(Retry.No) },
        { 40020105, nameof(Retry.No) },
        { 40020106, nameof(Retry.No) },
        { 40270002, nameof(Retry.No) },
        { 40270003, nameof(Retry.No) },
        { 41000002, nameof(Retry.No) },
        { 41000003, nameof(Retry.No) },
        { 41010100, nameof(Retry.No) },
        { 41010101, nameof(Retry.No) },
        { 41010104, nameof(Retry.No) },
        { 41010105, nameof(Retry.No) },
        { 41010120, nameof(Retry.Idle) },
        { 41040201, nameof(Retry.Idle) },
        { 41040202, nameof(Retry.TooFast) },
        { 41040203, nameof(Retry.No) },
        { 41040204, nameof(Retry.No) },
        { 41040205, nameof(Retry.No) },
        { 41050008, nameof(Retry.No) },
        { 43040001, nameof(Retry.Quota) },
        { 50000000, nameof(Retry.Yes) },
        { 50000001, nameof(Retry.Yes) },
        { 50020003, nameof(Retry.Yes) },
        { 51040101, nameof(Retry.Yes) },
        { 51040103, nameof(Retry.Yes) },
        { 51040104, nameof(Retry.Yes) },
        { 51040105, nameof(Retry.Yes) },
        { 51040106, nameof(Retry.Yes) },
        { 52010001, nameof(Retry.Yes) },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    public void Every_documented_status_has_its_retry(int status, string retry)
    {
        var exception = StatusCodes.ToException(status, "", "thetask");

        exception.Retry.ToString().Should().Be(retry);
        exception.IsTransient.Should().Be(retry is nameof(Retry.Yes) or nameof(Retry.Quota) or nameof(Retry.Idle));
    }

    [Theory]
    [MemberData(nameof(Documented))]
    public void Every_documented_status_has_its_advice(int status, string retry) =>
        StatusCodes.ToException(status, "", "thetask").Message.Should().NotContain("Look the code up", "its retry is {0}", retry);

    [Fact]
    public void A_refused_token_is_an_authentication_error() =>
        StatusCodes.ToException(40000001, "", "t").Should().BeOfType<SpeechAuthenticationException>().Which.StatusCode.Should().Be(40000001);

    [Fact]
    public void Any_other_status_is_a_service_error_that_keeps_it()
    {
        var exception = StatusCodes.ToException(40000003, "what *** it says", "thetask").Should().BeOfType<SpeechServiceException>().Which;

        (exception.StatusCode, exception.StatusText, exception.TaskId).Should().Be((40000003, "what *** it says", "thetask"));
        exception.Message.Should().Contain("40000003 (what *** it says)").And.Contain("thetask");
    }

    [Fact]
    public void The_exception_has_its_TaskFailed_event() =>
        StatusCodes.ToException(40000001, "text", "t").Failure.Should().Be(new TaskFailed { TaskId = "t", StatusCode = 40000001, StatusText = "text" });

    [Theory]
    [InlineData(0, nameof(Retry.No))]
    [InlineData(400, nameof(Retry.No))]
    [InlineData(20000000, nameof(Retry.No))]
    [InlineData(49999999, nameof(Retry.No))]
    [InlineData(50999999, nameof(Retry.Yes))]
    [InlineData(59999999, nameof(Retry.Yes))]
    [InlineData(60000000, nameof(Retry.No))]
    [InlineData(-1, nameof(Retry.No))]
    public void The_first_digit_of_an_unlisted_status_decides(int status, string retry) => StatusCodes.Of(status).Retry.ToString().Should().Be(retry);

    [Fact]
    public void A_status_without_a_text_makes_a_readable_message() =>
        StatusCodes.ToException(50000000, "", "t").Message.Should().Be("The service gave up task t with status 50000000. The fault is the service's. Try again later.");
}
