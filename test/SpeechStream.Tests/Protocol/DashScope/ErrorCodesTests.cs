using SpeechStream.Protocol;
using SpeechStream.Protocol.DashScope;

namespace SpeechStream.Tests.Protocol.DashScope;

public sealed class ErrorCodesTests
{
    [Theory]
    [InlineData("InvalidApiKey", "", "Token")]
    [InlineData("AccessDenied", "", "Token")]
    [InlineData("AccessDenied.Unpurchased", "", "Token")]
    [InlineData("Throttling", "", "Quota")]
    [InlineData("Throttling.RateQuota", "", "Quota")]
    [InlineData("Throttling.BurstRate", "", "Quota")]
    [InlineData("Throttling.AllocationQuota", "", "Quota")]
    [InlineData("AllocationQuota.FreeTierOnly", "", "No")]
    [InlineData("CLIENT_ERROR", "request timeout after 23 seconds.", "Idle")]
    [InlineData("CLIENT_ERROR", "Failed to decode audio", "No")]
    [InlineData("RequestTimeOut", "Response timeout!", "Idle")]
    [InlineData("ResponseTimeout", "", "Idle")]
    [InlineData("NO_VALID_AUDIO_ERROR", "", "No")]
    [InlineData("InternalError", "", "Yes")]
    [InlineData("InternalError.Algo", "", "Yes")]
    [InlineData("ModelServingError", "", "Yes")]
    [InlineData("ModelUnavailable", "", "Yes")]
    [InlineData("SystemError", "", "Yes")]
    [InlineData("InvalidParameter", "", "No")]
    [InlineData("ModelNotFound", "", "No")]
    [InlineData("UNSUPPORTED_FORMAT", "", "No")]
    [InlineData("Arrearage", "", "No")]
    [InlineData("SomethingNew", "", "No")]
    [InlineData("", "", "No")]
    public void A_code_says_whether_to_retry(string code, string text, string retry) => ErrorCodes.ToException(code, text, "t").Retry.ToString().Should().Be(retry);

    [Fact]
    public void A_failure_names_task_code_text_and_what_to_do()
    {
        var failure = ErrorCodes.ToException("InvalidParameter", "task can not be null", "thetask").Should().BeOfType<SpeechServiceException>().Which;

        failure.Message.Should().Be("The service gave up task thetask with InvalidParameter (task can not be null). Check Model, and the parameters in TranscriptionOptions and AdditionalParameters.");
        (failure.ErrorCode, failure.StatusCode, failure.StatusText).Should().Be(("InvalidParameter", 0, "task can not be null"));
        failure.Failure.Should().Be(new TaskFailed { TaskId = "thetask", ErrorCode = "InvalidParameter", StatusText = "task can not be null" });
    }

    [Fact]
    public void A_refused_key_is_an_authentication_error() =>
        ErrorCodes.ToException("InvalidApiKey", "", "t").Should().BeOfType<SpeechAuthenticationException>().Which.ErrorCode.Should().Be("InvalidApiKey");

    [Fact]
    public void The_page_on_errors_has_every_code()
    {
        var page = ReferencePagesTests.Page("errors.md");

        foreach (var known in ErrorCodes.Table)
        {
            var row = page.Split('\n').Where(line => line.Contains($"`{known.Code}`") && line.StartsWith("| `")).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
            row.Select(cells => cells[3]).Should().Contain(known.Retry.ToString().ToLowerInvariant(), "{0} is {1}", known.Code, known.Retry);
        }
    }
}
