using Microsoft.Extensions.Configuration;
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

    [Theory]
    [InlineData("AppKy", "AppKey")]
    [InlineData("Stoptimout", "StopTimeout")]
    [InlineData("SecretToken", "SecurityToken")]
    [InlineData("SessionDefaults:SampelRate", "SessionDefaults:SampleRate")]
    [InlineData("SampleRate", "SessionDefaults:SampleRate")]
    [InlineData("SesionDefaults:EnableWords", "SessionDefaults:EnableWords")]
    public void An_unknown_key_is_refused_and_the_nearest_one_named(string key, string nearest)
    {
        Failures((key, "1")).Should().Equal($"SpeechStream:{key} isn't a key of this section. The nearest one is SpeechStream:{nearest}.");
    }

    [Theory]
    [InlineData("Foo")]
    [InlineData("Region")]
    [InlineData("Comment")]
    [InlineData("Meetings:Folder")]
    public void An_unknown_key_that_is_near_no_other_is_somebody_elses(string key)
    {
        Failures((key, "1")).Should().Equal($"SpeechStream:{key} isn't a key of this section. Keep keys of your own outside of it.");
    }

    [Theory]
    [InlineData("TimeProvider")]
    [InlineData("SessionDefaults:SpecialWordFilter:Remove:0")]
    public void A_key_of_an_option_that_only_code_sets_is_refused(string key)
    {
        Failures((key, "1")).Should().Equal($"SpeechStream:{key} can be set from code only.");
    }

    [Fact]
    public void No_option_is_taken_for_a_mistyped_key()
    {
        var options = typeof(SpeechStreamClientOptions).GetProperties().Select(option => option.Name).Where(name => name != "SessionDefaults");
        var settings = typeof(TranscriptionOptions).GetProperties().Select(setting => $"SessionDefaults:{setting.Name}");

        Failures([.. options.Concat(settings).Select(key => (key, "1"))]).Should().NotContain(failure => failure.Contains("isn't a key"));
    }

    [Fact]
    public void An_unknown_key_is_reported_together_with_other_problems()
    {
        Failures(("AppKey", ""), ("AppKy", "key")).Should().Equal(
            "SpeechStream:AppKey is empty. Set it to the key of your project in the vendor's console.",
            "SpeechStream:AppKy isn't a key of this section. The nearest one is SpeechStream:AppKey.");
    }

    [Fact]
    public void The_value_of_an_unknown_key_may_be_a_secret_and_isnt_told()
    {
        Failures(("AccesKeySecret", "hush")).Should().NotContain(failure => failure.Contains("hush"));
    }

    [Fact]
    public void Known_keys_may_be_written_in_any_case()
    {
        using var registered = new Registered(("STOPTIMEOUT", "00:00:03"), ("sessiondefaults:samplerate", "8000")).Add();

        registered.Options.SessionDefaults!.SampleRate.Should().Be(8000);
    }

    [Fact]
    public void A_whole_configuration_may_have_keys_of_others()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("PATH", "bin"), new("AppKey", "key"), new("Token", "token")]).Build();
        using var provider = new ServiceCollection().AddSpeechStream(configuration).BuildServiceProvider();

        provider.GetRequiredService<SpeechStreamClient>().Context.Options.AppKey.Should().Be("key");
    }

    private static IEnumerable<string> Failures(params (string Key, string Value)[] keys)
    {
        using var registered = new Registered(keys).Add();

        return registered.Invoking(it => it.Start()).Should().Throw<OptionsValidationException>().Which.Failures;
    }
}
