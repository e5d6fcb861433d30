using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SpeechStream.Tests.Hosting;

public sealed class ConfigurationProblemsTests
{
    [Fact]
    public void All_wrong_keys_are_reported_at_once()
    {
        Failures(
            ("AppKey", ""), ("Token", ""), ("PingTimeout", "soon"), ("ReplayWindow", "01:00:00"), ("SessionDefaults:Format", "Flac"), ("SessionDefaults:SampleRate", "44100"))
            .Select(failure => failure.Split(' ')[0]).Should().BeEquivalentTo(
                "SpeechStream:AppKey", "SpeechStream:Token", "SpeechStream:PingTimeout", "SpeechStream:ReplayWindow",
                "SpeechStream:SessionDefaults:Format", "SpeechStream:SessionDefaults:SampleRate");
    }

    [Theory]
    [InlineData("AppKey", "")]
    [InlineData("Token", "a\nb")]
    [InlineData("EventCapacity", "0")]
    [InlineData("Endpoint", "ws://example.com/")]
    public void A_problem_is_told_once_and_without_a_parameter(string key, string value)
    {
        var failure = Failures((key, value)).Should().ContainSingle().Subject;

        failure.Should().StartWith($"SpeechStream:{key} ").And.NotContain("(Parameter").And.NotContain($"{key} {key}").And.NotContain($": {key}");
    }

    [Fact]
    public void All_problems_of_options_from_code_are_reported()
    {
        using var provider = new ServiceCollection().AddSpeechStream(options => options.EventCapacity = 0).BuildServiceProvider();

        provider.Invoking(p => p.GetRequiredService<SpeechStreamClient>()).Should().Throw<OptionsValidationException>().Which.Failures.Should().BeEquivalentTo(
            "AppKey is empty. Set it to the key of your project in the vendor's console.",
            "Credential is null. Set it, for example with SpeechCredential.FromAccessKey.",
            "EventCapacity is 0. Allowed: 1 to 65536.");
    }

    [Fact]
    public void No_option_is_compared_with_a_wrong_one()
    {
        Failures(("PingTimeout", "soon"), ("PingInterval", "00:00:04"), ("ReconnectDelay", "late"), ("MaxReconnectDelay", "00:00:00")).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-5")]
    [InlineData("0.5")]
    [InlineData("5s")]
    public void A_time_without_a_colon_is_refused(string value)
    {
        Failures(("StopTimeout", value)).Should().Equal($"SpeechStream:StopTimeout is '{value}', which isn't a time. Write 00:00:05 for five seconds.");
    }

    [Fact]
    public void A_decimal_comma_is_refused()
    {
        Failures(("SessionDefaults:SendRate", "1,5")).Should().Equal("SpeechStream:SessionDefaults:SendRate is '1,5', which isn't a number, such as 1.5.");
    }

    private static IEnumerable<string> Failures(params (string Key, string Value)[] keys)
    {
        using var registered = new Registered(keys).Add();

        return registered.Invoking(it => it.Start()).Should().Throw<OptionsValidationException>().Which.Failures;
    }
}
