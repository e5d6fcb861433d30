using SpeechStream.Fleet.Places;
using SpeechStream.Fleet.Work;

namespace SpeechStream.Fleet.Tests.Work;

/// <summary>Whose fault a refusal of the service is. One recording must not stop all, and a bill that is due must not set all aside.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(41050008, null)]
    [InlineData(41010101, null)]
    [InlineData(0, "ModelNotFound")]
    [InlineData(0, "InvalidParameter")]
    [InlineData(0, "UNSUPPORTED_FORMAT")]
    [InlineData(0, "CLIENT_ERROR")]
    public void Its_rate_and_its_model_are_the_fault_of_the_recording(int status, string? code) => Of(status, code, "m").Should().Be(new Failure(Ending.Poison("Refused."), false));

    [Theory]
    [InlineData(40000010, null, null)]
    [InlineData(40020105, null, null)]
    [InlineData(0, "Arrearage", "m")]
    [InlineData(0, "AllocationQuota.FreeTierOnly", "m")]
    [InlineData(0, "ModelNotFound", null)]
    public void The_account_and_the_model_of_all_are_not(int status, string? code, string? model) => Of(status, code, model).Should().Be(new Failure(Ending.GivenBack("Refused."), true));

    private static Failure Of(int status, string? code, string? model)
    {
        var claim = new Claim { Key = default, Job = "a.wav", Uri = new Uri("file:///a.wav"), Times = default, SampleRate = 8000, Model = model, Attempt = 1, From = default, Waited = default };
        return Failure.Of(new SpeechServiceException("Refused.") { StatusCode = status, ErrorCode = code }, claim, isStarted: false);
    }
}
